// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

/// The number that a device with roll-back protection never lets go down; 32 bits, unsigned.
public record SecurityCounter(long value) implements Comparable<SecurityCounter> {
  public static final long VALUE_MAX = 0xffff_ffffL;
  public static final SecurityCounter ZERO = new SecurityCounter(0);

  public SecurityCounter {
    if (value < 0 || value > VALUE_MAX) {
      throw new IllegalArgumentException("security counter must be 0 to 4294967295, is " + value);
    }
  }

  @Override
  public int compareTo(SecurityCounter other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
