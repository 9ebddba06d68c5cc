// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.io.IOException;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What stands on the other side of the output: a person at a terminal of some width, or a file.
record Terminal(Kind kind, int columns) {
  /// Who reads along.
  enum Kind {
    INTERACTIVE,
    PLAIN
  }

  private static final int COLUMNS_DEFAULT = 80;
  private static final int COLUMNS_MIN = 20;

  static final Terminal NONE = new Terminal(Kind.PLAIN, COLUMNS_DEFAULT);

  Terminal {
    columns = Math.max(COLUMNS_MIN, columns);
  }

  boolean isInteractive() {
    return kind == Kind.INTERACTIVE;
  }

  /// Asks the system. The width is that of the variable COLUMNS where somebody has set it; else it
  /// comes from `stty`, which every terminal we know has.
  static Terminal ofSystem() {
    int told = told(System.getenv("COLUMNS"));
    if ("dumb".equals(System.getenv("TERM")) || !isTerminal(System.console())) {
      return told == 0 ? NONE : new Terminal(Kind.PLAIN, told);
    }
    return new Terminal(Kind.INTERACTIVE, told == 0 ? columnsByStty() : told);
  }

  private static int told(@Nullable String columns) {
    return columns != null && columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : 0;
  }

  /// Since JDK 22 there is a console also without a terminal, but a JDK may still give none.
  private static boolean isTerminal(java.io.@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  private static int columnsByStty() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return COLUMNS_DEFAULT;
      }
      try (Scanner answer = new Scanner(stty.inputReader())) {
        if (answer.hasNextInt()) {
          answer.nextInt();
          return answer.hasNextInt() ? answer.nextInt() : COLUMNS_DEFAULT;
        }
      }
      return COLUMNS_DEFAULT;
    } catch (IOException _) {
      // No stty: the usual width is a good guess.
      return COLUMNS_DEFAULT;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return COLUMNS_DEFAULT;
    }
  }
}
