// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/// The entry: runs the command, and turns whatever happens into one sentence and one exit code. It
/// and what it needs itself know nothing of picocli: see [PlainLine].
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Buffered and UTF-8 whatever the locale says; flushed where a line is complete.
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    Console console = new Console(out, err, Terminal::ofSystem);
    OptionalInt soon = runSoon(console, args);
    int code = soon.orElseGet(() -> WholeLine.run(console, args));
    out.flush();
    err.flush();
    if (soon.isPresent()) {
      // Nothing else runs. The orderly way looks through all jars for a log first.
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  /// One command line, in this process; the demo tells its story with these.
  static int run(Console console, String... args) {
    return runSoon(console, args).orElseGet(() -> WholeLine.run(console, args));
  }

  /// What scripts and builds run so often that it does without picocli; nothing for the rest.
  private static OptionalInt runSoon(Console console, String... args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      console.out().println(Version.text());
      return OptionalInt.of(Exit.DONE.code());
    }
    if (DropIn.isMeant(args)) {
      return OptionalInt.of(DropIn.run(console.out(), console.err(), args));
    }
    Optional<Verb> verb = PlainLine.read(console, args);
    return verb.isPresent() ? OptionalInt.of(run(console, verb.get())) : OptionalInt.empty();
  }

  private static int run(Console console, Verb verb) {
    try {
      return verb.call();
    } catch (RuntimeException e) {
      return failed(console, e);
    }
  }

  static int failed(Console console, Exception e) {
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
