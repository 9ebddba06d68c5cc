// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// One build of a bootloader on one device: the flash, where the slots are, and what the bootloader
/// insists on. All that decides where trailer fields are and what boots.
///
/// `maxAlign` is MCUboot's BOOT_MAX_ALIGN, `maxSectors` its BOOT_MAX_IMG_SECTORS.
public record DeviceProfile(
    Mode mode,
    FlashGeometry flash,
    FlashArea primary,
    FlashArea secondary,
    int maxAlign,
    int maxSectors,
    BootPolicy policy) {
  /// MCUboot's default for BOOT_MAX_ALIGN.
  public static final int MAX_ALIGN_DEFAULT = 8;

  public DeviceProfile {
    if ((maxAlign != 8 && maxAlign != 16 && maxAlign != 32) || maxAlign < flash.writeAlign()) {
      throw new IllegalArgumentException(
          "largest alignment %d with a write unit of %d".formatted(maxAlign, flash.writeAlign()));
    }
    if (maxSectors < 1) {
      throw new IllegalArgumentException("no number of sectors: " + maxSectors);
    }
    requireWholeSectors(primary, flash);
    requireWholeSectors(secondary, flash);
    if (primary.overlaps(secondary)) {
      throw new IllegalArgumentException("the slots overlap");
    }
    int trailer = TrailerLayout.trailerSize(mode, flash.writeAlign(), maxAlign, maxSectors);
    if (trailer >= Math.min(primary.size(), secondary.size())) {
      throw new IllegalArgumentException(
          "the trailer of " + trailer + " bytes fills a slot: " + maxSectors + " sectors at most");
    }
  }

  public FlashArea area(Slot slot) {
    return switch (slot) {
      case PRIMARY -> primary;
      case SECONDARY -> secondary;
    };
  }

  int sectors(Slot slot) {
    return area(slot).size() / flash.sectorSize();
  }

  int trailerSectors() {
    return Math.ceilDiv(TrailerLayout.trailerSize(this), flash.sectorSize());
  }

  /// The sector in which the trailer of a slot begins.
  int firstTrailerSector(Slot slot) {
    return sectors(slot) - trailerSectors();
  }

  /// The largest image, TLVs included, that can be swapped: the trailer takes whole sectors, and
  /// the shift takes one more in the primary slot.
  public int imageSizeMax() {
    return switch (mode) {
      case Mode.SwapMove _ ->
          Math.min(firstTrailerSector(Slot.PRIMARY) - 1, firstTrailerSector(Slot.SECONDARY))
              * flash.sectorSize();
    };
  }

  /// Whether the slots have shapes between which images can be swapped at all.
  public boolean slotsCompatible() {
    return switch (mode) {
      case Mode.SwapMove _ -> {
        int spare = sectors(Slot.PRIMARY) - sectors(Slot.SECONDARY);
        yield (spare == 0 || spare == 1) && sectors(Slot.PRIMARY) <= maxSectors;
      }
    };
  }

  private static void requireWholeSectors(FlashArea area, FlashGeometry flash) {
    if (area.start() % flash.sectorSize() != 0 || area.size() % flash.sectorSize() != 0) {
      throw new IllegalArgumentException("slot is not in whole sectors: " + area);
    }
    if (area.end() > flash.size()) {
      throw new IllegalArgumentException("slot ends behind the flash: " + area);
    }
  }
}
