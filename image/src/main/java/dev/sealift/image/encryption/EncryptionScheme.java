// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.image.TlvType;
import java.util.Optional;

/// How a content key is wrapped for a device; each has its own TLV type.
public enum EncryptionScheme {
  RSA_OAEP(TlvType.ENC_RSA2048),
  AES_KW(TlvType.ENC_KW),
  ECIES_P256(TlvType.ENC_EC256),
  ECIES_X25519(TlvType.ENC_X25519),
  ECIES_X25519_SHA512(TlvType.ENC_X25519_SHA512);

  private static final int RSA_BLOCK_SIZE = 256;
  private static final int KW_OVERHEAD = 8;

  private final TlvType tlv;

  EncryptionScheme(TlvType tlv) {
    this.tlv = tlv;
  }

  public TlvType tlv() {
    return tlv;
  }

  public static Optional<EncryptionScheme> ofTlv(int type) {
    for (EncryptionScheme scheme : values()) {
      if (scheme.tlv.code() == type) {
        return Optional.of(scheme);
      }
    }
    return Optional.empty();
  }

  /// The exact size of the TLV value for a content key of this size.
  public int size(ContentKeySize key) {
    return switch (this) {
      case RSA_OAEP -> RSA_BLOCK_SIZE;
      case AES_KW -> key.bytes() + KW_OVERHEAD;
      case ECIES_P256 -> Ecies.P256.size(key);
      case ECIES_X25519 -> Ecies.X25519.size(key);
      case ECIES_X25519_SHA512 -> Ecies.X25519_SHA512.size(key);
    };
  }

  /// As in `ECIES-X25519`.
  @Override
  public String toString() {
    return name().replace('_', '-');
  }
}
