// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A command line typed in a test: its exit code and what it said.
record Typed(int exit, String out, String err) {
  static Typed type(String... args) {
    return type(Terminal.NONE, args);
  }

  static Typed type(Terminal terminal, String... args) {
    return piped("", terminal, args);
  }

  /// With that on its standard input.
  static Typed piped(String input, Terminal terminal, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit;
    try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      exit =
          Main.run(
              new Console(
                  new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                  outStream,
                  errStream,
                  () -> terminal),
              args);
    }
    return new Typed(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
