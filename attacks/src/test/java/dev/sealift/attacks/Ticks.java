// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import java.util.function.LongSupplier;

/// Time that passes by itself: each look at the clock is a millisecond.
final class Ticks implements LongSupplier {
  private long now;

  @Override
  public long getAsLong() {
    return now += 1_000_000;
  }
}
