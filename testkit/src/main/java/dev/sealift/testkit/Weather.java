// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import java.util.SplittableRandom;

/// Decides, from one seed, what becomes of each datagram on a lossy link. Shares are 0 to 1.
public final class Weather {
  /// What becomes of one datagram.
  public enum Fate {
    ARRIVES,
    LOST,
    TWICE,
    /// Comes after the datagram that was sent behind it.
    LATE
  }

  private final SplittableRandom dice;
  private final double lost;
  private final double twice;
  private final double late;

  public Weather(long seed, double lost, double twice, double late) {
    if (lost < 0 || twice < 0 || late < 0 || lost + twice + late > 1) {
      throw new IllegalArgumentException("shares must be 0 to 1 and no more than 1 together");
    }
    this.dice = new SplittableRandom(seed);
    this.lost = lost;
    this.twice = twice;
    this.late = late;
  }

  public static Weather fair() {
    return new Weather(0, 0, 0, 0);
  }

  public synchronized Fate next() {
    double roll = dice.nextDouble();
    if (roll < lost) {
      return Fate.LOST;
    }
    if (roll < lost + twice) {
      return Fate.TWICE;
    }
    return roll < lost + twice + late ? Fate.LATE : Fate.ARRIVES;
  }
}
