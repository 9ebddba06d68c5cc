// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Secret;
import dev.sealift.imgtool.Imgtool;
import dev.sealift.imgtool.Io;
import dev.sealift.imgtool.Prompt;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `sealift imgtool …`: hands the drop-in this process's files, keyboard and dice. Builds call it
/// over and over, so it is reached without the classes of the other commands.
final class DropIn {
  static final String NAME = "imgtool";

  private DropIn() {}

  static boolean isMeant(String[] args) {
    return args.length > 0 && args[0].equals(NAME);
  }

  static int run(PrintStream out, PrintStream err, String[] args) {
    Io io = new Io(DropIn::ask, out, err, Path.of(""), new SecureRandom());
    try {
      return Imgtool.run(List.of(args).subList(1, args.length), io);
    } catch (RuntimeException e) {
      out.flush();
      err.println(
          "imgtool: a bug of ours: %s; please report it with the command line".formatted(e));
      if (System.getenv("SEALIFT_TRACE") != null) {
        e.printStackTrace();
      }
      return Exit.BUG.code();
    }
  }

  /// A person types unseen; from elsewhere it is a line of the standard input.
  private static Optional<Secret> ask(String question) throws IOException {
    return ask(System.console(), question);
  }

  private static Optional<Secret> ask(java.io.@Nullable Console keyboard, String question)
      throws IOException {
    if (keyboard == null || !keyboard.isTerminal()) {
      return Prompt.lines(System.in).ask(question);
    }
    char[] typed = keyboard.readPassword("%s", question);
    if (typed == null) {
      return Optional.empty();
    }
    ByteBuffer utf8 = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
    byte[] bytes = new byte[utf8.remaining()];
    utf8.get(bytes);
    try {
      return Optional.of(Secret.of(bytes));
    } finally {
      Arrays.fill(typed, '\0');
      Arrays.fill(bytes, (byte) 0);
      utf8.clear().put(new byte[utf8.capacity()]);
    }
  }
}
