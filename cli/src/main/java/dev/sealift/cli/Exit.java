// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

/// What the command's exit code says; stable, scripts rely on it.
enum Exit {
  DONE(0),
  /// Something was refused, or a check failed.
  REFUSED(1),
  /// The command line makes no sense.
  USAGE(2),
  /// The world failed: file, network, a device that is gone.
  WORLD(3),
  /// A bug of ours.
  BUG(70),
  /// Ended by Ctrl-C.
  INTERRUPTED(130);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  /// Of several ends the one that a script must hear of first.
  Exit graver(Exit other) {
    return other.code > code ? other : this;
  }

  int code() {
    return code;
  }
}
