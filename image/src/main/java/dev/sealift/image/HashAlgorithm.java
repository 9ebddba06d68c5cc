// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import java.util.Optional;

/// The digests an image can have, each with its TLV type.
public enum HashAlgorithm {
  SHA256("SHA-256", 32, TlvType.SHA256),
  SHA384("SHA-384", 48, TlvType.SHA384),
  SHA512("SHA-512", 64, TlvType.SHA512);

  private final String jdkName;
  private final int size;
  private final TlvType tlv;

  HashAlgorithm(String jdkName, int size, TlvType tlv) {
    this.jdkName = jdkName;
    this.size = size;
    this.tlv = tlv;
  }

  public int size() {
    return size;
  }

  public TlvType tlv() {
    return tlv;
  }

  public Bytes digest(Bytes bytes) {
    return bytes.digest(jdkName);
  }

  public static Optional<HashAlgorithm> ofTlv(int type) {
    for (HashAlgorithm algorithm : values()) {
      if (algorithm.tlv.code() == type) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /// As in `SHA-256`.
  @Override
  public String toString() {
    return jdkName;
  }
}
