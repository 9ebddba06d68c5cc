// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// An effect that only people on the spot may have, each by a session permit of its own bit.
public enum Action {
  /// Start what is staged although its endorsement would still have it wait.
  ACTIVATE(0),
  RESET(1),
  /// Erase a slot.
  ERASE(2),
  /// Keep the image that runs on trial, whatever its self-test says.
  CONFIRM(3),
  SETTINGS(4),
  FILES(5),
  SHELL(6),
  /// Erase all settings storage, the agent's own excepted by nothing but its floors.
  STORAGE(7),
  /// Set the clock.
  TIME(8),
  /// Clear logs and statistics, and whatever else of small things changes a device.
  UPKEEP(9),
  /// Commands of groups that the product itself has added.
  PRODUCT(10);

  private final int bit;

  Action(int bit) {
    this.bit = bit;
  }

  public int bit() {
    return bit;
  }

  public static long bits(Set<Action> actions) {
    long bits = 0;
    for (Action action : actions) {
      bits |= 1L << action.bit;
    }
    return bits;
  }

  /// The actions of these bits; none at all where one bit is not known.
  public static Optional<Set<Action>> ofBits(long bits) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (Action action : values()) {
      if ((bits >> action.bit & 1) == 1) {
        actions.add(action);
      }
    }
    return bits(actions) == bits
        ? Optional.of(Collections.unmodifiableSet(actions))
        : Optional.empty();
  }

  public static Optional<Action> named(String name) {
    return Arrays.stream(values()).filter(action -> action.toString().equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
