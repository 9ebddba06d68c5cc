// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.Optional;

/// The slots of one image on one flash, with their trailers.
record SlotPair(Flash flash, BootConfig config, int image) {
  AreaAccess area(Slot slot) {
    return new AreaAccess(flash, config.area(image, slot));
  }

  Trailer trailer(Slot slot) {
    return new Trailer(flash, config, config.area(image, slot));
  }

  Optional<AreaAccess> scratch() {
    return config.scratch().map(area -> new AreaAccess(flash, area));
  }

  int sectors(Slot slot) {
    return config.sectors(image, slot);
  }

  int sectorSize() {
    return config.flash().sectorSize();
  }

  /// The header of a slot that begins with its image.
  SlotImage imageAt(Slot slot) {
    return imageAt(slot, 0);
  }

  SlotImage imageAt(Slot slot, int base) {
    return SlotImage.at(area(slot), slot, base);
  }

  SwapType requested() {
    return SwapTypeTable.decide(flash, config, image);
  }
}
