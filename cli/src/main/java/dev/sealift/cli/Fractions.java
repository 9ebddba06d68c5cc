// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Fraction;
import java.math.BigDecimal;

/// Parts of a fleet as people write them: `10%`, `0.5%`, `1/8`.
final class Fractions {
  private static final int DECIMALS_MAX = 6;

  private Fractions() {}

  static Fraction parse(String what, String text) {
    String stripped = text.replace(" ", "");
    try {
      return stripped.endsWith("%")
          ? percent(new BigDecimal(stripped.substring(0, stripped.length() - 1)))
          : ratio(stripped);
    } catch (IllegalArgumentException | ArithmeticException _) {
      throw Failure.usage("%s must be like 10%%, 0.5%% or 1/8, is '%s'".formatted(what, text));
    }
  }

  private static Fraction percent(BigDecimal percent) {
    if (percent.scale() > DECIMALS_MAX) {
      throw new IllegalArgumentException("too fine");
    }
    int decimals = Math.max(0, percent.scale());
    return new Fraction(
        percent.movePointRight(decimals).longValueExact(),
        BigDecimal.valueOf(100).movePointRight(decimals).longValueExact());
  }

  private static Fraction ratio(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("no ratio");
    }
    return new Fraction(
        Long.parseLong(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
  }
}
