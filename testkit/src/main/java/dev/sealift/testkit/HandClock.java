// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is moved.
public final class HandClock implements InstantSource {
  private Instant now;

  public HandClock(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not run back: " + by);
    }
    now = now.plus(by);
  }
}
