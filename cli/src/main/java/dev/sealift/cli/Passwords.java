// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Secret;
import dev.sealift.keys.KeyRefusedException;
import dev.sealift.keys.PasswordSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the passwords of keys and the PINs of tokens come from: a file, else the environment, else
/// the person at the terminal.
final class Passwords {
  static final String VARIABLE = "SEALIFT_PASSWORD";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "its first line is the password of the key or the PIN of the token; without it "
              + VARIABLE
              + " counts, or it is asked for")
  private @Nullable Path file;

  boolean isFileGiven() {
    return file != null;
  }

  /// For a key that is there. Where nobody knows the password, the command ends.
  PasswordSource source(Console console) {
    return known().or(asking(console)).or(Passwords::nobody);
  }

  /// For a key that is being made: a person types it twice.
  Secret chosen(Path target, Console console) {
    PasswordSource source = known().or(askingTwice(console)).or(Passwords::nobody);
    try {
      return source.password(target.toString()).orElseThrow();
    } catch (KeyRefusedException e) {
      throw Failure.refused("not written: " + e.getMessage());
    } catch (IOException e) {
      throw Failure.world("cannot read the password: " + Files.reason(e));
    }
  }

  private PasswordSource known() {
    return (file == null ? PasswordSource.none() : reading(file))
        .or(ofEnvironment(System.getenv()));
  }

  private static PasswordSource reading(Path file) {
    return purpose -> {
      try {
        return PasswordSource.inFile(file).password(purpose);
      } catch (IOException e) {
        throw Failure.world("cannot read " + file + ": " + Files.reason(e));
      }
    };
  }

  static PasswordSource ofEnvironment(Map<String, String> environment) {
    return _ ->
        Optional.ofNullable(environment.get(VARIABLE))
            .filter(value -> !value.isEmpty())
            .map(value -> Secret.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  private static PasswordSource asking(Console console) {
    return purpose -> asked(console, "password or PIN of %s: ".formatted(purpose));
  }

  private static PasswordSource askingTwice(Console console) {
    return purpose -> {
      Optional<Secret> first = asked(console, "new password of %s: ".formatted(purpose));
      if (first.isPresent() && !asked(console, "once more: ").equals(first)) {
        throw Failure.refused("not written: two different passwords were typed");
      }
      return first;
    };
  }

  /// Nothing where there is no person, or where they type nothing.
  private static Optional<Secret> asked(Console console, String question) {
    return console.terminal().isInteractive()
        ? typed(System.console(), question)
        : Optional.empty();
  }

  private static Optional<Secret> typed(java.io.@Nullable Console keyboard, String question) {
    char[] typed = keyboard == null ? null : keyboard.readPassword("%s", question);
    if (typed == null || typed.length == 0) {
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

  private static Optional<Secret> nobody(String purpose) {
    throw Failure.refused("the password or PIN of %s is needed".formatted(purpose))
        .hint("give it with --password-file FILE, in " + VARIABLE + ", or at a terminal");
  }
}
