// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import java.time.Duration;

/// How long one subject is measured: warmed up first, so that the compiler has done its work, then
/// sampled until the time is over, but `samplesMin` times at least and `samplesMax` at most.
public record Budget(Duration warmUp, Duration sampling, int samplesMin, int samplesMax) {
  /// As many pairs of subject and yardstick are run to warm up at least.
  static final int WARM_UP_ROUNDS_MIN = 10;

  private static final int SAMPLES_MIN = 10;
  private static final int SAMPLES_MAX = 20_000;

  public Budget {
    if (warmUp.isNegative() || sampling.isNegative()) {
      throw new IllegalArgumentException("a time below zero");
    }
    if (samplesMin < 1 || samplesMax < samplesMin) {
      throw new IllegalArgumentException("from %d to %d samples".formatted(samplesMin, samplesMax));
    }
  }

  /// All of that time, a third of it to warm up.
  public static Budget of(Duration whole) {
    Duration warmUp = whole.dividedBy(3);
    return new Budget(warmUp, whole.minus(warmUp), SAMPLES_MIN, SAMPLES_MAX);
  }
}
