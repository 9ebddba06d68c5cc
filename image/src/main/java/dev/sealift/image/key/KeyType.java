// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.curve.Curve;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The kinds of keys that can sign an image.
public enum KeyType {
  RSA_2048("rsa-2048", "RSA", "RSASSA-PSS"),
  RSA_3072("rsa-3072", "RSA", "RSASSA-PSS"),
  ECDSA_P256("ecdsa-p256", "EC", "SHA256withECDSA"),
  ECDSA_P384("ecdsa-p384", "EC", "SHA384withECDSA"),
  ED25519("ed25519", "Ed25519", "Ed25519");

  private final String word;
  private final String factory;
  private final String signature;

  KeyType(String word, String factory, String signature) {
    this.word = word;
    this.factory = factory;
    this.signature = signature;
  }

  /// The JDK's name of the key factory and the key generator.
  String factory() {
    return factory;
  }

  /// The JDK's name of the signature.
  String signature() {
    return signature;
  }

  int rsaBits() {
    return this == RSA_2048 ? 2048 : 3072;
  }

  public boolean isRsa() {
    return this == RSA_2048 || this == RSA_3072;
  }

  /// Of keys for ECDSA.
  public Optional<Curve> curve() {
    return switch (this) {
      case ECDSA_P256 -> Optional.of(Curve.P256);
      case ECDSA_P384 -> Optional.of(Curve.P384);
      case RSA_2048, RSA_3072, ED25519 -> Optional.empty();
    };
  }

  static KeyType of(Curve curve) {
    return switch (curve) {
      case P256 -> ECDSA_P256;
      case P384 -> ECDSA_P384;
    };
  }

  /// As people and imgtool call it: `ecdsa-p256`.
  public static Optional<KeyType> named(String word) {
    for (KeyType type : values()) {
      if (type.word.equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// All of them, as in `rsa-2048, rsa-3072, ed25519`.
  public static String words() {
    return Arrays.stream(values()).map(KeyType::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return word;
  }
}
