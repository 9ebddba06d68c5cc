// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.VerifyingKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How images are signed with a type of key: the TLV, the hashes that go with it, what is signed.
///
/// | key | TLV | hash | signed |
/// | --- | --- | --- | --- |
/// | rsa-2048, rsa-3072 | RSA2048, RSA3072 | SHA-256 | hash region, by PSS |
/// | ecdsa-p256 | ECDSA_SIG | SHA-256 | hash region |
/// | ecdsa-p384 | ECDSA_SIG | SHA-384 | hash region |
/// | ed25519 | ED25519 | SHA-256, SHA-512 | the digest; when pure the hash region |
public enum SignatureScheme {
  RSA2048(KeyType.RSA_2048, TlvType.RSA2048),
  RSA3072(KeyType.RSA_3072, TlvType.RSA3072),
  ECDSA_P256(KeyType.ECDSA_P256, TlvType.ECDSA_SIG),
  ECDSA_P384(KeyType.ECDSA_P384, TlvType.ECDSA_SIG),
  ED25519(KeyType.ED25519, TlvType.ED25519);

  private final KeyType keyType;
  private final TlvType tlv;

  /// What the signature is over.
  public enum Over {
    /// The hash of the image, as every bootloader takes it.
    DIGEST,
    /// The image itself, told by a SIG_PURE TLV: bootloaders built for "pure" Ed25519.
    IMAGE
  }

  SignatureScheme(KeyType keyType, TlvType tlv) {
    this.keyType = keyType;
    this.tlv = tlv;
  }

  public static SignatureScheme of(KeyType type) {
    return switch (type) {
      case RSA_2048 -> RSA2048;
      case RSA_3072 -> RSA3072;
      case ECDSA_P256 -> ECDSA_P256;
      case ECDSA_P384 -> ECDSA_P384;
      case ED25519 -> ED25519;
    };
  }

  /// A type that carries a signature, whether we know the scheme or not.
  static boolean isSignature(int type) {
    return type >= TlvType.RSA2048.code() && type <= TlvType.ED25519.code();
  }

  public KeyType keyType() {
    return keyType;
  }

  public TlvType tlv() {
    return tlv;
  }

  public Set<HashAlgorithm> hashes() {
    return switch (this) {
      case RSA2048, RSA3072, ECDSA_P256 -> Set.of(HashAlgorithm.SHA256);
      case ECDSA_P384 -> Set.of(HashAlgorithm.SHA384);
      case ED25519 -> Set.of(HashAlgorithm.SHA256, HashAlgorithm.SHA512);
    };
  }

  public HashAlgorithm defaultHash(Over over) {
    return switch (this) {
      case RSA2048, RSA3072, ECDSA_P256 -> HashAlgorithm.SHA256;
      case ECDSA_P384 -> HashAlgorithm.SHA384;
      case ED25519 -> over == Over.IMAGE ? HashAlgorithm.SHA512 : HashAlgorithm.SHA256;
    };
  }

  /// The message a key of this type signs for an image. RSA and ECDSA hash the region once more on
  /// their own.
  Bytes message(Bytes hashRegion, Bytes digest, Over over) {
    return this == ED25519 && over == Over.DIGEST ? digest : hashRegion;
  }

  /// How long imgtool makes a signature of this length with `--pad-sig`.
  int paddedSize(int size) {
    int longest =
        switch (this) {
          case ECDSA_P256 -> 72;
          case ECDSA_P384 -> 103;
          case RSA2048, RSA3072, ED25519 -> size;
        };
    return Math.max(size, longest);
  }

  /// Checks one signature TLV value against one key, as the bootloader does for the key that
  /// KEYHASH chose.
  public static SignatureCheck check(
      VerifyingKey key, Bytes hashRegion, Bytes digest, Over over, Bytes signature) {
    SignatureScheme scheme = of(key.type());
    return key.type().curve().isPresent()
        ? key.checkHashed(digest, signature)
        : key.check(scheme.message(hashRegion, digest, over), signature);
  }

  /// The key that the bootloader takes for a KEYHASH value: the first whose hash begins with it,
  /// over the length of the value, so that an empty value takes any key. The verifier is stricter.
  public static Optional<VerifyingKey> bootloaderChoice(
      List<VerifyingKey> keys, Bytes keyHash, HashAlgorithm hash) {
    return keys.stream().filter(key -> hash.digest(key.embedded()).startsWith(keyHash)).findFirst();
  }
}
