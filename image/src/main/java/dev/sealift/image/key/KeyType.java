// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import java.util.Optional;

/// The kinds of keys that can sign an image.
public enum KeyType {
  RSA_2048("rsa-2048", "RSA", "RSASSA-PSS"),
  RSA_3072("rsa-3072", "RSA", "RSASSA-PSS"),
  ECDSA_P256("ecdsa-p256", "EC", "SHA256withECDSA"),
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

  /// As people and imgtool call it: `ecdsa-p256`.
  public static Optional<KeyType> named(String word) {
    for (KeyType type : values()) {
      if (type.word.equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return word;
  }
}
