// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import java.time.Duration;
import java.util.SplittableRandom;

/// A device's surroundings in the hand of a test: time passes when it says so, and its self-test
/// comes to what it says.
final class HandTime {
  private long nanos;
  private SelfTest.Result found = SelfTest.Result.PASSED;

  Surroundings surroundings() {
    return new Surroundings(() -> nanos, new SplittableRandom(5), _ -> found);
  }

  void pass(Duration time) {
    nanos += time.toNanos();
  }

  void selfTest(SelfTest.Result result) {
    found = result;
  }
}
