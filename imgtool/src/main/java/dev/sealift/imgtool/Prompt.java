// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Who is asked for passwords: a person at a terminal, or a line of the standard input.
@FunctionalInterface
public interface Prompt {
  /// Longer lines are no password.
  int BYTES_MAX = 1024;

  /// What was typed, in UTF-8, perhaps nothing at all; empty at the end of the input.
  Optional<Secret> ask(String question) throws IOException;

  /// The lines of a stream, which is read no further than to the end of the line.
  static Prompt lines(InputStream in) {
    return _ -> {
      byte[] line = new byte[BYTES_MAX];
      int size = 0;
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      while (next >= 0 && next != '\n') {
        if (size == BYTES_MAX) {
          throw new IOException("the password has more than " + BYTES_MAX + " bytes");
        }
        line[size++] = (byte) next;
        next = in.read();
      }
      if (size > 0 && line[size - 1] == '\r') {
        size--;
      }
      byte[] typed = Arrays.copyOf(line, size);
      try {
        return Optional.of(Secret.of(typed));
      } finally {
        Arrays.fill(line, (byte) 0);
        Arrays.fill(typed, (byte) 0);
      }
    };
  }
}
