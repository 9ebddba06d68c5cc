// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.TlvType;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.VerifyingKey;

/// The one kind of signature that a bootloader was built for.
record SignatureTlv(KeyType kind) {
  /// The real code's buffer for an ECDSA signature.
  private static final int ECDSA_SIZE_MAX = 128;

  /// What that buffer has more when it takes a whole key.
  private static final int KEY_ROOM = 24;

  TlvType type() {
    return switch (kind) {
      case RSA_2048 -> TlvType.RSA2048;
      case RSA_3072 -> TlvType.RSA3072;
      case ECDSA_P256, ECDSA_P384 -> TlvType.ECDSA_SIG;
      case ED25519 -> TlvType.ED25519;
    };
  }

  boolean canHave(int size) {
    return switch (kind) {
      case RSA_2048 -> size == 256;
      case RSA_3072 -> size == 384;
      case ECDSA_P256, ECDSA_P384 -> size <= ECDSA_SIZE_MAX;
      case ED25519 -> size == 64;
    };
  }

  /// Of the longest key that can stand in an image whole.
  int keySizeMax() {
    return KEY_ROOM
        + switch (kind) {
          case RSA_2048 -> 256;
          case RSA_3072 -> 384;
          case ECDSA_P256, ECDSA_P384 -> ECDSA_SIZE_MAX;
          case ED25519 -> 64;
        };
  }

  SignatureCheck check(VerifyingKey key, Bytes covered, Bytes hash, Bytes signature) {
    return switch (kind) {
      case RSA_2048, RSA_3072 -> key.check(covered, signature);
      case ED25519 -> key.check(hash, signature);
      case ECDSA_P256, ECDSA_P384 ->
          LenientSignature.read(kind.curve().orElseThrow(), signature)
              .map(numbers -> key.checkHashed(hash, numbers))
              .orElseGet(() -> new SignatureCheck.Wrong("no ECDSA signature"));
    };
  }
}
