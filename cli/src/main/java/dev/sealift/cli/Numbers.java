// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.util.Locale;

/// Numbers as people write them: decimal, or hexadecimal behind 0x.
final class Numbers {
  private Numbers() {}

  /// `what` is the option, for the sentence; the bounds are inclusive.
  static long parse(String what, String text, long min, long max) {
    String digits = text.strip().toLowerCase(Locale.ROOT).replace("_", "");
    try {
      long value =
          digits.startsWith("0x")
              ? Long.parseLong(digits.substring(2), 16)
              : Long.parseLong(digits, 10);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // The sentence below says it all.
    }
    throw Failure.usage("%s must be %d to %d, is '%s'".formatted(what, min, max, text));
  }

  static int parseInt(String what, String text, int min, int max) {
    return (int) parse(what, text, min, max);
  }
}
