// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import java.io.IOException;
import java.util.List;

/// One command: what it is called and for, what it takes, and what is done with it.
record Command(String name, String about, List<Option> options, List<String> operands, Deed deed) {
  /// Carries the command out.
  @FunctionalInterface
  interface Deed {
    void run(Given given, Io io) throws RefusedException, IOException;
  }

  private static final int INDENT = 4;

  Command {
    options = List.copyOf(options);
    operands = List.copyOf(operands);
  }

  String help(String called) {
    StringBuilder text = new StringBuilder("Usage: imgtool ").append(called);
    if (!options.isEmpty()) {
      text.append(" [OPTIONS]");
    }
    operands.forEach(operand -> text.append(' ').append(operand));
    text.append("\n\n  ").append(about).append("\n\nOptions:\n");
    for (Option option : options) {
      text.append("  ").append(option.form());
      if (option.need() == Option.Need.REQUIRED) {
        text.append("  [required]");
      }
      text.append('\n').append(" ".repeat(2 + INDENT)).append(option.about()).append('\n');
    }
    return text.append("  -h, --help\n      Show this and end.\n").toString();
  }
}
