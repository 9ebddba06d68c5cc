// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/// The entry: reads the command line, runs the command, and turns whatever happens into one
/// sentence and one exit code.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Buffered and UTF-8 whatever the locale says; flushed where a line is complete.
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    int code =
        DropIn.isMeant(args)
            ? DropIn.run(out, err, args)
            : run(new Console(out, err, Terminal.ofSystem()), args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /// One command line, in this process; the demo tells its story with these.
  static int run(Console console, String... args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      // Asked so often by scripts that the commands need not be read for it.
      console.out().println(Version.text());
      return Exit.DONE.code();
    }
    if (DropIn.isMeant(args)) {
      return DropIn.run(console.out(), console.err(), args);
    }
    SealiftCommand root = new SealiftCommand();
    CommandLine commandLine = new CommandLine(root, new Parts(console));
    for (Class<?> noun : Nouns.neededFor(args)) {
      commandLine.addSubcommand(noun);
    }
    commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setUsageHelpWidth(Math.clamp(console.terminal().columns(), 55, 110))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler((e, given) -> wrongUsage(console, e, given))
        .setExecutionExceptionHandler((e, _, _) -> failed(console, e))
        .setExecutionStrategy(
            parsed -> {
              console.show(root.form());
              return new CommandLine.RunLast().execute(parsed);
            });
    return commandLine.execute(args);
  }

  private static int wrongUsage(Console console, CommandLine.ParameterException e, String[] given) {
    if (java.util.Arrays.asList(given).contains("--json")) {
      console.show(Console.Form.JSON);
    }
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String sentence = String.valueOf(e.getMessage());
    console.fail(
        Exit.USAGE,
        Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1),
        "'" + command + " --help' shows how it is used");
    return Exit.USAGE.code();
  }

  private static int failed(Console console, Exception e) {
    if (e instanceof Failure failure) {
      console.fail(failure.exit(), String.valueOf(failure.getMessage()), failure.hint().orElse(""));
      return failure.exit().code();
    }
    if (e instanceof UncheckedIOException world) {
      // A holder of a key that does not sign: SigningKey and CoseSigner know no other way to say
      // so.
      console.fail(Exit.WORLD, String.valueOf(world.getMessage()), "");
      return Exit.WORLD.code();
    }
    console.fail(
        Exit.BUG,
        "a bug of ours: " + e,
        "please report it with the command line; SEALIFT_TRACE=1 prints where it happened");
    if (System.getenv("SEALIFT_TRACE") != null) {
      e.printStackTrace();
    }
    return Exit.BUG.code();
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new java.io.BufferedOutputStream(new FileOutputStream(descriptor), 8192),
        false,
        StandardCharsets.UTF_8);
  }
}
