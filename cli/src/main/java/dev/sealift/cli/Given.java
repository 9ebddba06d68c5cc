// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import org.jspecify.annotations.Nullable;

/// What picocli fills in before a command is carried out.
final class Given {
  private Given() {}

  /// A parameter that picocli demands: without it the command never gets this far.
  static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("picocli let a missing parameter through");
    }
    return value;
  }
}
