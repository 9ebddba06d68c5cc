// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

/// A part of a whole, from nothing to all of it.
public record Fraction(long numerator, long denominator) implements Comparable<Fraction> {
  public static final Fraction NONE = new Fraction(0, 1);
  public static final Fraction WHOLE = new Fraction(1, 1);

  /// Both fit 32 bits, so that comparing cannot overflow.
  public static final long TERM_MAX = 0xffff_ffffL;

  public Fraction {
    if (denominator < 1 || denominator > TERM_MAX || numerator < 0 || numerator > denominator) {
      throw new IllegalArgumentException("no fraction: %d/%d".formatted(numerator, denominator));
    }
  }

  public static Fraction percent(long percent) {
    return new Fraction(percent, 100);
  }

  @Override
  public int compareTo(Fraction other) {
    return Long.compareUnsigned(numerator * other.denominator, other.numerator * denominator);
  }

  @Override
  public String toString() {
    return (numerator * 100) % denominator == 0
        ? numerator * 100 / denominator + " %"
        : numerator + "/" + denominator;
  }
}
