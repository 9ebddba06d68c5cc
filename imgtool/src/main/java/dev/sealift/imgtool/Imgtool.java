// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import java.io.IOException;
import java.util.List;

/// The entry: finds the command, reads its command line, carries it out, and turns what is refused
/// into a sentence and imgtool's exit code. It never prints a trace, and what is not refused but a
/// bug of ours goes to the caller.
public final class Imgtool {
  /// The release that the commands and options are those of.
  static final String VERSION = "2.4.0";

  private static final int DONE = 0;
  private static final int FAILED = 1;

  private Imgtool() {}

  /// `args` as after the name of the program.
  public static int run(List<String> args, Io io) {
    try {
      carryOut(args, io);
      return DONE;
    } catch (RefusedException e) {
      return refused(e.exit(), e.sentence(), io);
    } catch (IOException e) {
      return refused(FAILED, "the output or the input failed: " + e.getMessage(), io);
    } finally {
      io.out().flush();
    }
  }

  private static int refused(int exit, String sentence, Io io) {
    io.out().flush();
    io.err().println("imgtool: " + sentence.replaceAll("\\p{Cntrl}", " "));
    io.err().flush();
    return exit;
  }

  private static void carryOut(List<String> args, Io io) throws RefusedException, IOException {
    String name = args.isEmpty() ? "--help" : args.getFirst();
    if (name.equals("--help") || name.equals("-h")) {
      io.out().print(help());
      return;
    }
    if (name.startsWith("-")) {
      throw RefusedException.usage("there is no option " + name + " before a command");
    }
    Command command = command(name);
    Given given = Given.read(command, args.subList(1, args.size()));
    if (given.asksForHelp()) {
      io.out().print(command.help(name));
    } else {
      command.deed().run(given, io);
    }
  }

  /// Only the command that is asked for is made: start-up is nearly all that this costs.
  private static Command command(String name) throws RefusedException {
    return switch (name) {
      case "keygen" -> KeyCommands.keygen();
      case "getpub" -> KeyCommands.getpub();
      case "getpubhash" -> KeyCommands.getpubhash();
      case "getpriv" -> KeyCommands.getpriv();
      case "keyinfo" -> KeyCommands.keyinfo();
      case "verify" -> VerifyCommand.verify();
      case "dumpinfo" -> DumpCommand.dumpinfo();
      case "sign", "create" -> SignCommand.sign();
      case "version" -> version();
      default -> throw RefusedException.usage("there is no command " + name);
    };
  }

  private static Command version() {
    return new Command(
        "version",
        "Print the version of imgtool that this one follows.",
        List.of(),
        List.of(),
        (_, io) -> io.out().println(VERSION));
  }

  private static String help() {
    StringBuilder text =
        new StringBuilder(
            """
            Usage: imgtool COMMAND [OPTIONS] ...

              Sealift in place of MCUboot's imgtool: docs/imgtool.md says what differs.

            Commands:
            """);
    for (String name : NAMES) {
      text.append("  ").append(name).append(" ".repeat(12 - name.length()));
      text.append(about(name)).append('\n');
    }
    return text.append("\n'imgtool COMMAND --help' shows the options of a command.\n").toString();
  }

  private static final List<String> NAMES =
      List.of(
          "create",
          "dumpinfo",
          "getpriv",
          "getpub",
          "getpubhash",
          "keygen",
          "keyinfo",
          "sign",
          "verify",
          "version");

  private static String about(String name) {
    try {
      return command(name).about();
    } catch (RefusedException e) {
      throw new IllegalStateException("a command of our own", e);
    }
  }
}
