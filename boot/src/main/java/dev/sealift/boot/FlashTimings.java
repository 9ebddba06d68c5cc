// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.time.Duration;

/// How long a flash takes for its operations, as its data sheet says: to erase a sector, to program
/// one write unit, to read a KiB. Zero where nothing is known, so that a sum says what is known.
public record FlashTimings(
    long eraseNanosPerSector, long programNanosPerUnit, long readNanosPerKib) {
  public static final FlashTimings UNKNOWN = new FlashTimings(0, 0, 0);

  /// Longer than any flash takes for one operation; a sum over a device's life fits in a long.
  public static final long NANOS_MAX = 100_000_000_000L;

  private static final int KIB = 1024;

  public FlashTimings {
    for (long nanos : new long[] {eraseNanosPerSector, programNanosPerUnit, readNanosPerKib}) {
      if (nanos < 0 || nanos > NANOS_MAX) {
        throw new IllegalArgumentException("no flash takes %d ns".formatted(nanos));
      }
    }
  }

  /// The time that the operations of a flash of this shape take, one after the other; what the
  /// processor does between them is not in it.
  public Duration time(FlashUse use, FlashGeometry flash) {
    long units = Math.ceilDiv(use.bytesWritten(), flash.writeAlign());
    return Duration.ofNanos(
        use.erases() * eraseNanosPerSector
            + units * programNanosPerUnit
            + use.bytesRead() * readNanosPerKib / KIB);
  }
}
