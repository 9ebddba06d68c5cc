// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.MalformedException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where a private key is, as people type it. Each form prints as it was typed or could have been.
public sealed interface KeyPlace {
  /// How the forms look, for the help of commands.
  String FORMS = "FILE (PEM), pkcs11:URI or cmd:PROGRAM ARGS";

  /// A PEM file, plain or under a password. A file whose name begins like one of the other forms is
  /// written `./cmd:name`.
  record InFile(Path file) implements KeyPlace {
    @Override
    public String toString() {
      return file.toString();
    }
  }

  /// A key of a token that a PKCS#11 library reaches.
  record InToken(TokenUri uri) implements KeyPlace {
    @Override
    public String toString() {
      return uri.toString();
    }
  }

  /// A program that signs, with its arguments. No shell is between.
  record BehindCommand(List<String> words) implements KeyPlace {
    public BehindCommand {
      words = List.copyOf(words);
      if (words.isEmpty() || words.getFirst().isEmpty()) {
        throw new IllegalArgumentException("a command has a program");
      }
    }

    @Override
    public String toString() {
      return COMMAND + String.join(" ", words);
    }
  }

  String COMMAND = "cmd:";

  static KeyPlace parse(String text) throws MalformedException {
    if (text.startsWith(TokenUri.SCHEME)) {
      return new InToken(TokenUri.parse(text));
    }
    if (text.startsWith(COMMAND)) {
      List<String> words = words(text.substring(COMMAND.length()));
      if (words.isEmpty() || words.getFirst().isEmpty()) {
        throw new MalformedException("cmd: names no program, expected cmd:PROGRAM ARGS", 0);
      }
      return new BehindCommand(words);
    }
    try {
      if (text.isBlank()) {
        throw new MalformedException("an empty text names no key, expected " + FORMS, 0);
      }
      return new InFile(Path.of(text));
    } catch (InvalidPathException e) {
      throw new MalformedException("no name of a file: " + e.getReason(), e.getIndex(), e);
    }
  }

  /// Spaces part words; what stands between two quotes of a kind belongs to one word. There are no
  /// escapes and no variables.
  private static List<String> words(String line) throws MalformedException {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    for (int at = 0; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"' || c == '\'') {
        int end = line.indexOf(c, at + 1);
        if (end < 0) {
          throw new MalformedException("the quote %s is not closed".formatted(c), at);
        }
        word.append(line, at + 1, end);
        inWord = true;
        at = end;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
