// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.ImageSlots;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.DeviceSetup;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Bytes of a device's memory that differ between two moments.
public record FlashChange(Place place, int bytes) {
  /// The parts of a device's memory.
  public enum Place {
    PRIMARY_SLOT,
    SECONDARY_SLOT,
    /// What the agent remembers.
    STORAGE,
    /// The flash outside of all that.
    ELSEWHERE,
    SECURITY_COUNTER
  }

  public String words() {
    String name = place.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return place == Place.SECURITY_COUNTER
        ? name + " changed"
        : "%s: %d bytes changed".formatted(name, bytes);
  }

  static List<FlashChange> between(FlashSnapshot one, FlashSnapshot other, DeviceSetup setup) {
    Map<Place, Integer> counts = new EnumMap<>(Place.class);
    for (int i = 0; i < one.content().size(); i++) {
      if (one.content().at(i) != other.content().at(i)) {
        counts.merge(placeOf(i, setup), 1, Integer::sum);
      }
    }
    if (!one.securityCounter().equals(other.securityCounter())) {
      counts.put(Place.SECURITY_COUNTER, 1);
    }
    List<FlashChange> changes = new ArrayList<>();
    counts.forEach((place, bytes) -> changes.add(new FlashChange(place, bytes)));
    return changes;
  }

  /// The secondary slot as it was in a snapshot.
  static Bytes secondary(FlashSnapshot snapshot, DeviceSetup setup) {
    FlashArea area = setup.boot().area(Slot.SECONDARY);
    return snapshot.content().slice(area.start(), area.end());
  }

  private static Place placeOf(int address, DeviceSetup setup) {
    for (ImageSlots slots : setup.boot().images()) {
      if (holds(slots.area(Slot.PRIMARY), address)) {
        return Place.PRIMARY_SLOT;
      }
      if (holds(slots.area(Slot.SECONDARY), address)) {
        return Place.SECONDARY_SLOT;
      }
    }
    return holds(setup.storage(), address) ? Place.STORAGE : Place.ELSEWHERE;
  }

  private static boolean holds(FlashArea area, int address) {
    return address >= area.start() && address < area.end();
  }
}
