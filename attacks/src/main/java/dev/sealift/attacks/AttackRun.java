// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.FlashSnapshot;
import dev.sealift.device.DeviceSetup;
import java.util.List;

/// One run of an attack against one device: what came back, what the device's memory was right
/// before and after the strike, what it did to its flash meanwhile, and whether the attacker is
/// where they wanted to be.
public record AttackRun(
    DeviceSetup setup,
    List<Encounter> encounters,
    FlashSnapshot before,
    FlashSnapshot after,
    FlashWork work,
    GoalState goal) {
  /// What came of the attacker's goal.
  public enum GoalState {
    REACHED,
    MISSED,
    /// What had to come before did not work, so nothing was attacked.
    NOT_TRIED
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
