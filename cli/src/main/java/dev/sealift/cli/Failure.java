// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.util.Optional;

/// Ends a command with a sentence for the person at the prompt: what failed, on which thing,
/// expected and found, and a hint where we know one.
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Exit exit;
  private final String hint;

  private Failure(Exit exit, String sentence, String hint) {
    super(sentence);
    this.exit = exit;
    this.hint = hint;
  }

  static Failure refused(String sentence) {
    return new Failure(Exit.REFUSED, sentence, "");
  }

  static Failure usage(String sentence) {
    return new Failure(Exit.USAGE, sentence, "");
  }

  static Failure world(String sentence) {
    return new Failure(Exit.WORLD, sentence, "");
  }

  Failure hint(String text) {
    return new Failure(exit, String.valueOf(getMessage()), text);
  }

  Exit exit() {
    return exit;
  }

  Optional<String> hint() {
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }
}
