// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Ticks since the application started: the only clock of a device without one.
final class Uptime {
  private final LongSupplier nanos;
  private final long start;

  Uptime(LongSupplier nanos) {
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  Duration now() {
    return Duration.ofNanos(nanos.getAsLong() - start);
  }

  Duration since(Duration then) {
    return now().minus(then);
  }
}
