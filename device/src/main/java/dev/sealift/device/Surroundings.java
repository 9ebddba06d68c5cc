// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What a device has from the world around its chip: ticks that count on while it has power, in
/// nanoseconds, dice for its nonces, and an application that knows whether it is well.
public record Surroundings(LongSupplier nanos, RandomGenerator dice, SelfTest selfTest) {
  /// With an application that is content with itself.
  public static Surroundings of(LongSupplier nanos, RandomGenerator dice) {
    return new Surroundings(nanos, dice, SelfTest.PASSES);
  }

  public Surroundings with(SelfTest other) {
    return new Surroundings(nanos, dice, other);
  }
}
