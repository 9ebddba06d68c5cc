// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that only groups verbs: alone it makes no sense, and says which verbs there are.
abstract class Noun implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public final void run() {
    if (spec == null) {
      throw new IllegalStateException("not started by picocli");
    }
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "a verb is missing; there are "
            + String.join(
                ", ",
                spec.subcommands().keySet().stream()
                    .filter(verb -> !verb.equals("help"))
                    .toList()));
  }
}
