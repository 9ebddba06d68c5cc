// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.FlashSnapshot;
import dev.sealift.device.DeviceSetup;
import java.util.List;

/// One run of an attack against one device: what came back, what the device's memory was right
/// before and after the strike, what the strike cost it, whether the attacker is where they wanted
/// to be, and whether the sign was seen that the outcome promises.
public record AttackRun(
    DeviceSetup setup,
    List<Encounter> encounters,
    FlashSnapshot before,
    FlashSnapshot after,
    Cost cost,
    GoalState goal,
    Sign sign) {
  /// What came of the attacker's goal.
  public enum GoalState {
    REACHED,
    MISSED,
    /// What had to come before did not work, so nothing was attacked.
    NOT_TRIED
  }

  /// What is promised to be seen of the device, if anything is.
  public enum Sign {
    SEEN,
    NOT_SEEN,
    NONE_PROMISED
  }

  public AttackRun {
    encounters = List.copyOf(encounters);
  }

  public List<FlashChange> changes() {
    return FlashChange.between(before, after, setup);
  }

  @Override
  public String toString() {
    return "goal %s after %s".formatted(goal, encounters);
  }
}
