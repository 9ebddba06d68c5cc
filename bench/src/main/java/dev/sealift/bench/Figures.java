// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import java.time.Duration;
import java.util.Arrays;

/// What many samples of one task come to. Both are samples that were taken: the smallest that half,
/// or nine tenths, of all samples do not exceed.
public record Figures(Duration median, Duration p90, int samples) {
  static Figures of(long[] nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("no samples");
    }
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Figures(rank(sorted, 50), rank(sorted, 90), sorted.length);
  }

  private static Duration rank(long[] sorted, int percent) {
    int rank = Math.ceilDiv(sorted.length * percent, 100);
    return Duration.ofNanos(sorted[rank - 1]);
  }
}
