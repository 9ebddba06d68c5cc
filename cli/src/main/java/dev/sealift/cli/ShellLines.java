// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where the lines for a device's shell come from: a person who types, or a pipe.
interface ShellLines extends Closeable {
  /// Empty at the end.
  Optional<String> next() throws IOException;

  /// From a pipe or a file.
  static ShellLines piped(InputStream in) {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    return new ShellLines() {
      @Override
      public Optional<String> next() throws IOException {
        return Optional.ofNullable(reader.readLine());
      }

      // Standard input is the process's.
      @Override
      public void close() {}
    };
  }
}
