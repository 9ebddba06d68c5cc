// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.key.VerifyingKey;
import java.util.List;

/// An image that passed every check. Only [ImageVerifier] makes one: who holds it need not ask
/// again.
public final class VerifiedImage {
  private final Bytes file;
  private final Image image;
  private final Secrecy secrecy;
  private final Bytes payload;
  private final Bytes digest;
  private final List<VerifyingKey> signers;

  /// In which state the payload lies in the file.
  public enum Secrecy {
    PLAIN,
    ENCRYPTED,
    /// The image says it is encrypted and carries the key, but its payload is plaintext: right in
    /// the primary slot, where the bootloader leaves it so, and refused as an update.
    ENCRYPTED_IN_CLEAR
  }

  VerifiedImage(
      Bytes file,
      Image image,
      Secrecy secrecy,
      Bytes payload,
      Bytes digest,
      List<VerifyingKey> signers) {
    this.file = file;
    this.image = image;
    this.secrecy = secrecy;
    this.payload = payload;
    this.digest = digest;
    this.signers = List.copyOf(signers);
  }

  /// The bytes that were verified.
  public Bytes file() {
    return file;
  }

  /// As it lies in the file.
  public Image image() {
    return image;
  }

  public Secrecy secrecy() {
    return secrecy;
  }

  /// What the device runs: decrypted and decompressed.
  public Bytes payload() {
    return payload;
  }

  /// Computed, and equal to the one the image carries.
  public Bytes digest() {
    return digest;
  }

  public ImageVersion version() {
    return image.version();
  }

  /// The trusted keys that signed it; none when trust was in the hash alone.
  public List<VerifyingKey> signers() {
    return signers;
  }

  @Override
  public String toString() {
    return "verified image %s %s".formatted(version(), digest);
  }
}
