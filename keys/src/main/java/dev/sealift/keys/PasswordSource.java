// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Whoever may know the password of a key file or the PIN of a token. It is asked only where one is
/// needed, and at most once for each key.
@FunctionalInterface
public interface PasswordSource {
  /// Longer first lines are no password but a wrong file.
  int BYTES_MAX = 1024;

  /// The password in UTF-8, never empty; nothing if this source knows none. `purpose` completes
  /// "the password of …" for a person who is asked.
  Optional<Secret> password(String purpose) throws IOException, KeyRefusedException;

  /// Asks the next one where this one knows nothing.
  default PasswordSource or(PasswordSource next) {
    return purpose -> {
      Optional<Secret> own = password(purpose);
      return own.isPresent() ? own : next.password(purpose);
    };
  }

  static PasswordSource none() {
    return _ -> Optional.empty();
  }

  /// The first line of a file.
  static PasswordSource inFile(Path file) {
    return _ -> {
      byte[] start;
      try (InputStream in = Files.newInputStream(file)) {
        start = in.readNBytes(BYTES_MAX + 1);
      }
      try {
        return Optional.of(firstLine(start, file));
      } finally {
        Arrays.fill(start, (byte) 0);
      }
    };
  }

  private static Secret firstLine(byte[] start, Path file) throws KeyRefusedException {
    int end = 0;
    while (end < start.length && start[end] != '\n' && start[end] != '\r') {
      end++;
    }
    if (end == 0 || end > BYTES_MAX) {
      throw new KeyRefusedException(
          end == 0
              ? "the first line of " + file + " is empty, expected a password"
              : "the first line of %s is longer than %d bytes, expected a password"
                  .formatted(file, BYTES_MAX));
    }
    byte[] line = Arrays.copyOf(start, end);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
      return Secret.of(line);
    } catch (CharacterCodingException e) {
      throw new KeyRefusedException("the password in " + file + " is not UTF-8", e);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }
}
