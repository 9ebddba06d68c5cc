// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SigningKey;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Keys for the tests, made once: an RSA key takes seconds.
final class Keys {
  static final SecureRandom RANDOM = new SecureRandom();

  private static final Map<KeyType, LocalKey> MADE = new ConcurrentHashMap<>();

  private Keys() {}

  static LocalKey local(KeyType type) {
    return MADE.computeIfAbsent(type, t -> LocalKey.generate(t, RANDOM));
  }

  static SigningKey signing(KeyType type) {
    return local(type).signing(RANDOM);
  }

  static Trust trust(KeyType type) {
    return Trust.in(local(type).publicKey());
  }
}
