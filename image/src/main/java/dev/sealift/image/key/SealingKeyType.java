// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import java.util.Optional;

/// The kinds of keys that a secret can be sealed to.
public enum SealingKeyType {
  RSA_2048("rsa-2048", "RSA", "RSA/ECB/OAEPPadding"),
  P256("ecdsa-p256", "EC", "ECDH"),
  X25519("x25519", "X25519", "X25519");

  private final String word;
  private final String factory;
  private final String operation;

  SealingKeyType(String word, String factory, String operation) {
    this.word = word;
    this.factory = factory;
    this.operation = operation;
  }

  /// The JDK's name of the key factory.
  String factory() {
    return factory;
  }

  /// The JDK's name of the cipher or the agreement.
  String operation() {
    return operation;
  }

  boolean agrees() {
    return this != RSA_2048;
  }

  /// As people and imgtool call it: `x25519`.
  public static Optional<SealingKeyType> named(String word) {
    for (SealingKeyType type : values()) {
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
