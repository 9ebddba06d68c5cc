// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Keys and passwords for the tests.
final class Samples {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Bytes MESSAGE = Bytes.ofUtf8("what is to be signed");

  /// Made once: an RSA key takes seconds.
  private static final Map<KeyType, LocalKey> KEYS = new ConcurrentHashMap<>();

  private Samples() {}

  static LocalKey key(KeyType type) {
    return KEYS.computeIfAbsent(type, t -> LocalKey.generate(t, RANDOM));
  }

  static Path file(Path folder, String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  static PasswordSource password(String text) {
    return _ -> Optional.of(Secret.of(text.getBytes(StandardCharsets.UTF_8)));
  }
}
