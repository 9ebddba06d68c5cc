// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

/// What a bootloader that unpacks makes of a compressed image: the image as it lies in the primary
/// slot, its own digest and signature where those of the compressed one stood.
public sealed interface Unpacked {
  /// Its payload is what DECOMP_SIZE and DECOMP_SHA say. Nobody has looked at the signature.
  record Whole(Image image) implements Unpacked {}

  /// It does not unpack to what it says.
  record Refused(String sentence) implements Unpacked {}

  /// Of an image whose payload lies decrypted.
  static Unpacked of(Image plain) {
    try {
      HashAlgorithm hash =
          plain.entries().stream()
              .flatMap(entry -> HashAlgorithm.ofTlv(entry.tlv().type()).stream())
              .findFirst()
              .orElse(HashAlgorithm.SHA256);
      return new Whole(new Decompression(plain, hash, SignatureScheme.Over.DIGEST).installed());
    } catch (ImageFault fault) {
      return new Refused(fault.sentence());
    }
  }
}
