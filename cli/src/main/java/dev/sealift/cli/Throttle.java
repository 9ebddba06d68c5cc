// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// So many a minute, and no more than a burst of them at once.
final class Throttle {
  private static final long NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

  private final long nanosEach;
  private final long nanosMax;
  private final LongSupplier nanos;
  private final ReentrantLock turn = new ReentrantLock();
  private long saved;
  private long since;

  Throttle(int perMinute, int burst, LongSupplier nanos) {
    this.nanosEach = NANOS_PER_MINUTE / perMinute;
    this.nanosMax = nanosEach * burst;
    this.nanos = nanos;
    this.saved = nanosMax;
    this.since = nanos.getAsLong();
  }

  /// Takes one; where there is none, says how long to wait for the next.
  Optional<Duration> take() {
    turn.lock();
    try {
      long now = nanos.getAsLong();
      saved = Math.min(nanosMax, saved + (now - since));
      since = now;
      if (saved >= nanosEach) {
        saved -= nanosEach;
        return Optional.empty();
      }
      return Optional.of(Duration.ofNanos(nanosEach - saved));
    } finally {
      turn.unlock();
    }
  }
}
