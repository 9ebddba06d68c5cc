// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

/// Ends a command with one sentence for the person at the prompt, and imgtool's exit code.
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final int exit;

  private RefusedException(int exit, String sentence) {
    super(sentence);
    this.exit = exit;
  }

  /// The command line makes no sense.
  static RefusedException usage(String sentence) {
    return new RefusedException(USAGE, sentence);
  }

  /// What the command line names cannot be used, or a check failed.
  static RefusedException failed(String sentence) {
    return new RefusedException(FAILED, sentence);
  }

  int exit() {
    return exit;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
