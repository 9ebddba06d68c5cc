// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.PowerCut;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A supply that fails again and again, at operations that dice choose: the same dice and the same
/// requests, the same cuts. The number is even over its magnitudes, so that cuts come early in a
/// boot, late in a swap, and in uploads, and a device gets through all the same.
public final class PowerDice implements PowerSupply {
  /// A cut comes within 8 to 512 operations after the power came on.
  private static final int MAGNITUDE_MIN = 3;

  private static final int MAGNITUDE_MAX = 9;

  private final RandomGenerator dice;

  public PowerDice(RandomGenerator dice) {
    this.dice = dice;
  }

  @Override
  public Optional<PowerCut> next() {
    int operation = dice.nextInt(1 << dice.nextInt(MAGNITUDE_MIN, MAGNITUDE_MAX + 1));
    PowerCut.Moment[] moments = PowerCut.Moment.values();
    return Optional.of(new PowerCut(operation, moments[dice.nextInt(moments.length)]));
  }
}
