// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.math.BigInteger;
import java.util.Comparator;

/// The place of a release in the order of all releases: `epoch · 2^32 + number`. The root sets the
/// epoch; raising it leaves all releases before it behind.
public record SequenceNumber(long epoch, long number) implements Comparable<SequenceNumber> {
  public static final long PART_MAX = 0xffff_ffffL;
  public static final SequenceNumber LOWEST = new SequenceNumber(0, 0);

  private static final int NUMBER_BITS = 32;

  public SequenceNumber {
    if (epoch < 0 || epoch > PART_MAX || number < 0 || number > PART_MAX) {
      throw new IllegalArgumentException("no sequence number: %d:%d".formatted(epoch, number));
    }
  }

  /// From the 64 bits, unsigned, as they stand in a manifest.
  public static SequenceNumber of(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > 2 * NUMBER_BITS) {
      throw new IllegalArgumentException("no sequence number: " + value);
    }
    return new SequenceNumber(
        value.shiftRight(NUMBER_BITS).longValueExact(),
        value.and(BigInteger.valueOf(PART_MAX)).longValueExact());
  }

  public BigInteger value() {
    return BigInteger.valueOf(epoch).shiftLeft(NUMBER_BITS).or(BigInteger.valueOf(number));
  }

  @Override
  public int compareTo(SequenceNumber other) {
    return Comparator.comparingLong(SequenceNumber::epoch)
        .thenComparingLong(SequenceNumber::number)
        .compare(this, other);
  }

  public SequenceNumber max(SequenceNumber other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /// Epoch and number, as people compare them.
  @Override
  public String toString() {
    return epoch + ":" + number;
  }
}
