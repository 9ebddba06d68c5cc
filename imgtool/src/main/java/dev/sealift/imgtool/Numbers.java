// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers as Python reads them, of any size: whether one fits is asked where it is used.
final class Numbers {
  /// Longer ones fit no field anyway, and cost time.
  private static final int LENGTH_MAX = 100;

  /// Sign, prefix, digits; single underscores between digits pass.
  private static final Pattern BASED =
      Pattern.compile(
          "\\s*([+-]?)(?:0([xX])_?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)"
              + "|0([oO])_?([0-7]+(?:_[0-7]+)*)"
              + "|0([bB])_?([01]+(?:_[01]+)*)"
              + "|([1-9][0-9]*(?:_[0-9]+)*|0+(?:_0+)*))\\s*");

  private static final Pattern DECIMAL = Pattern.compile("\\s*([+-]?[0-9]+(?:_[0-9]+)*)\\s*");

  private Numbers() {}

  /// With the prefix 0x, 0o or 0b, or decimal without leading zeros.
  static Optional<BigInteger> based(String text) {
    Matcher match = BASED.matcher(text);
    if (text.length() > LENGTH_MAX || !match.matches()) {
      return Optional.empty();
    }
    BigInteger value =
        switch (prefix(match)) {
          case "x" -> digits(match, 3, 16);
          case "o" -> digits(match, 5, 8);
          case "b" -> digits(match, 7, 2);
          default -> digits(match, 8, 10);
        };
    return Optional.of(match.group(1).equals("-") ? value.negate() : value);
  }

  private static String prefix(Matcher match) {
    for (int group : new int[] {2, 4, 6}) {
      if (match.start(group) >= 0) {
        return match.group(group).toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  private static BigInteger digits(Matcher match, int group, int radix) {
    return new BigInteger(match.group(group).replace("_", ""), radix);
  }

  static Optional<BigInteger> decimal(String text) {
    Matcher match = DECIMAL.matcher(text);
    return text.length() > LENGTH_MAX || !match.matches()
        ? Optional.empty()
        : Optional.of(new BigInteger(match.group(1).replace("_", "")));
  }
}
