// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root of the command: nouns, then verbs.
@Command(
    name = "sealift",
    description = "Signed firmware, from the key to the confirmed slot.",
    versionProvider = SealiftCommand.VersionText.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 refused or failed check, 2 wrong usage, 3 the world failed",
      "(file, network, device gone), 70 a bug of ours."
    })
final class SealiftCommand implements Runnable {
  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  // Not picocli's standard mixin: its --version would stand in the way of the version of an image.
  // picocli itself acts on these two.
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show how it is used")
  private boolean help;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "show the version of this program")
  private boolean version;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "print JSON for machines, one object a line")
  private boolean json;

  Console.Form form() {
    return json ? Console.Form.JSON : Console.Form.TEXT;
  }

  /// No noun was given.
  @Override
  public void run() {
    throw new CommandLine.ParameterException(commandLine(), "a command is missing");
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("not started by picocli");
    }
    return spec.commandLine();
  }

  /// For picocli.
  static final class VersionText implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Version.text()};
    }
  }
}
