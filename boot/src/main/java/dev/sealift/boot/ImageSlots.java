// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.Optional;

/// The places of one image of a device. A single-slot device has no secondary one.
public record ImageSlots(FlashArea primary, Optional<FlashArea> secondary) {
  public ImageSlots {
    if (secondary.isPresent() && primary.overlaps(secondary.get())) {
      throw new IllegalArgumentException("the slots overlap");
    }
  }

  public ImageSlots(FlashArea primary, FlashArea secondary) {
    this(primary, Optional.of(secondary));
  }

  public FlashArea area(Slot slot) {
    return switch (slot) {
      case PRIMARY -> primary;
      case SECONDARY ->
          secondary.orElseThrow(
              () -> new IllegalStateException("a single-slot device has no secondary slot"));
    };
  }
}
