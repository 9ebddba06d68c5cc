// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.image.SlotLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One build of a bootloader on one device: the flash, where the slots are, and what the bootloader
/// insists on. All that decides where trailer fields are and what boots. A configuration that
/// exists fits together; whether its slots can be swapped, [#slotsCompatible] says.
///
/// `maxAlign` is MCUboot's BOOT_MAX_ALIGN, `maxSectors` its BOOT_MAX_IMG_SECTORS. Image 0 is the
/// one that is started; devices of several images are modelled by reading.
public record BootConfig(
    Mode mode,
    FlashGeometry flash,
    List<ImageSlots> images,
    int maxAlign,
    int maxSectors,
    BootPolicy policy) {
  /// MCUboot's default for BOOT_MAX_ALIGN.
  public static final int MAX_ALIGN_DEFAULT = 8;

  /// The number of an image has half a byte in the trailer.
  public static final int IMAGES_MAX = 16;

  public BootConfig {
    images = List.copyOf(images);
    if ((maxAlign != 8 && maxAlign != 16 && maxAlign != 32) || maxAlign < flash.writeAlign()) {
      throw new IllegalArgumentException(
          "largest alignment %d with a write unit of %d".formatted(maxAlign, flash.writeAlign()));
    }
    if (maxSectors < 1) {
      throw new IllegalArgumentException("no number of sectors: " + maxSectors);
    }
    if (images.isEmpty() || images.size() > IMAGES_MAX) {
      throw new IllegalArgumentException("a device has 1 to 16 images, not " + images.size());
    }
    if (policy.unpacking() != BootPolicy.Unpacking.REFUSED && !(mode instanceof Mode.Overwrite)) {
      throw new IllegalArgumentException("only a bootloader that overwrites unpacks images");
    }
    List<FlashArea> areas = new ArrayList<>();
    for (ImageSlots slots : images) {
      if (slots.secondary().isPresent() == mode instanceof Mode.SingleSlot) {
        throw new IllegalArgumentException(
            "a secondary slot belongs to every mode but that of the single slot");
      }
      areas.add(slots.primary());
      slots.secondary().ifPresent(areas::add);
    }
    int trailer = TrailerLayout.trailerSize(mode, flash, maxAlign, maxSectors, policy);
    for (FlashArea slot : areas) {
      if (trailer >= slot.size()) {
        throw new IllegalArgumentException(
            "the trailer of %d bytes fills a slot: %d sectors at most"
                .formatted(trailer, maxSectors));
      }
    }
    if (mode instanceof Mode.SwapScratch(FlashArea scratch)) {
      areas.add(scratch);
    }
    requireApartAndWhole(areas, flash);
  }

  /// A device of one image.
  public BootConfig(
      Mode mode,
      FlashGeometry flash,
      FlashArea primary,
      FlashArea secondary,
      int maxAlign,
      int maxSectors,
      BootPolicy policy) {
    this(mode, flash, List.of(new ImageSlots(primary, secondary)), maxAlign, maxSectors, policy);
  }

  public BootConfig with(BootPolicy other) {
    return new BootConfig(mode, flash, images, maxAlign, maxSectors, other);
  }

  /// The same device as if it had that image alone.
  public BootConfig alone(int image) {
    return new BootConfig(mode, flash, List.of(images.get(image)), maxAlign, maxSectors, policy);
  }

  public FlashArea area(int image, Slot slot) {
    return images.get(image).area(slot);
  }

  /// That of image 0.
  public FlashArea area(Slot slot) {
    return area(0, slot);
  }

  /// That of image 0.
  public FlashArea primary() {
    return area(Slot.PRIMARY);
  }

  /// That of image 0.
  public FlashArea secondary() {
    return area(Slot.SECONDARY);
  }

  /// Where in the secondary slot an image for it is to be written: offset mode wants its first
  /// sector free.
  public int uploadOffset() {
    return mode instanceof Mode.SwapOffset ? flash.sectorSize() : 0;
  }

  Optional<FlashArea> scratch() {
    return mode instanceof Mode.SwapScratch(FlashArea scratch)
        ? Optional.of(scratch)
        : Optional.empty();
  }

  int sectors(int image, Slot slot) {
    return area(image, slot).size() / flash.sectorSize();
  }

  int trailerSectors() {
    return Math.ceilDiv(TrailerLayout.trailerSize(this), flash.sectorSize());
  }

  /// The sector in which the trailer of a slot begins.
  int firstTrailerSector(int image, Slot slot) {
    return sectors(image, slot) - trailerSectors();
  }

  /// The largest image 0, TLVs included, that the bootloader takes. See [#imageSizeMax(int)].
  public int imageSizeMax() {
    return imageSizeMax(0);
  }

  /// The largest image, TLVs included, that the bootloader takes for that number: what is left of
  /// the smaller slot by the trailer, in move and offset mode by its whole sectors and a spare one.
  public int imageSizeMax(int image) {
    return switch (mode) {
      case Mode.SwapMove _ ->
          Math.min(
                  firstTrailerSector(image, Slot.PRIMARY) - 1,
                  firstTrailerSector(image, Slot.SECONDARY))
              * flash.sectorSize();
      case Mode.SwapOffset _ ->
          Math.min(
                  firstTrailerSector(image, Slot.PRIMARY),
                  firstTrailerSector(image, Slot.SECONDARY) - 1)
              * flash.sectorSize();
      case Mode.SwapScratch _ -> scratchImageSizeMax(image);
      case Mode.Overwrite _, Mode.DirectXip _, Mode.RamLoad _ ->
          Math.min(imageSizeMax(image, Slot.PRIMARY), imageSizeMax(image, Slot.SECONDARY));
      case Mode.SingleSlot _ -> imageSizeMax(image, Slot.PRIMARY);
    };
  }

  /// The sector in which the trailer begins goes through the scratch area with the image's end, and
  /// a trailer of the scratch area's own behind it. That one wants its room as well. By reading: no
  /// recorded device is so tight.
  private int scratchImageSizeMax(int image) {
    int slot = Math.min(area(image, Slot.PRIMARY).size(), area(image, Slot.SECONDARY).size());
    int trailer = slot - TrailerLayout.trailerSize(this);
    int sectorEnd = (trailer / flash.sectorSize() + 1) * flash.sectorSize();
    int room = sectorEnd - TrailerLayout.scratchTrailerSize(this);
    return Math.max(0, Math.min(trailer, room));
  }

  /// The slot that a new image of this number is made for, as whoever signs it must know it: the
  /// secondary one, where there is one.
  public SlotLayout layout(int image) {
    SlotLayout.Mode kind =
        switch (mode) {
          case Mode.SwapScratch _ -> SlotLayout.Mode.SWAP_SCRATCH;
          case Mode.SwapMove _ -> SlotLayout.Mode.SWAP_MOVE;
          case Mode.SwapOffset _ -> SlotLayout.Mode.SWAP_OFFSET;
          case Mode.Overwrite _ -> SlotLayout.Mode.OVERWRITE_ONLY;
          case Mode.DirectXip _, Mode.RamLoad _ -> SlotLayout.Mode.EITHER_SLOT;
          case Mode.SingleSlot _ -> SlotLayout.Mode.SINGLE_SLOT;
        };
    boolean keepsTlvs =
        policy.decryption() instanceof Decryption.With with && with.kept() == Decryption.Kept.TLV;
    Slot slot = images.get(image).secondary().isPresent() ? Slot.SECONDARY : Slot.PRIMARY;
    return new SlotLayout(
        area(image, slot).size(),
        kind,
        flash.writeAlign(),
        maxAlign,
        maxSectors,
        OptionalInt.of(flash.sectorSize()),
        keepsTlvs ? SlotLayout.KeptKey.TLV : SlotLayout.KeptKey.RAW);
  }

  /// What the check of an image in that very slot compares with.
  int imageSizeMax(int image, Slot slot) {
    return switch (mode) {
      case Mode.Swap _ -> imageSizeMax(image);
      case Mode.Overwrite _, Mode.DirectXip _, Mode.RamLoad _ ->
          TrailerLayout.of(this, area(image, slot)).swapInfo();
      case Mode.SingleSlot _ -> TrailerLayout.of(this, area(image, slot)).status();
    };
  }

  /// Whether the slots of every image have shapes between which images can be brought over at all.
  public boolean slotsCompatible() {
    for (int image = 0; image < images.size(); image++) {
      if (!slotsCompatible(image)) {
        return false;
      }
    }
    return true;
  }

  boolean slotsCompatible(int image) {
    if (mode instanceof Mode.SingleSlot
        || mode instanceof Mode.DirectXip
        || mode instanceof Mode.RamLoad) {
      return true;
    }
    int primary = sectors(image, Slot.PRIMARY);
    int secondary = sectors(image, Slot.SECONDARY);
    if (primary > maxSectors || secondary > maxSectors) {
      return false;
    }
    return switch (mode) {
      case Mode.SwapMove _ -> primary == secondary || primary == secondary + 1;
      case Mode.SwapOffset _ -> primary == secondary || primary + 1 == secondary;
      default -> primary == secondary;
    };
  }

  private static void requireApartAndWhole(List<FlashArea> areas, FlashGeometry flash) {
    for (int i = 0; i < areas.size(); i++) {
      FlashArea area = areas.get(i);
      if (area.start() % flash.sectorSize() != 0 || area.size() % flash.sectorSize() != 0) {
        throw new IllegalArgumentException("slot is not in whole sectors: " + area);
      }
      if (area.end() > flash.size()) {
        throw new IllegalArgumentException("slot ends behind the flash: " + area);
      }
      for (FlashArea other : areas.subList(i + 1, areas.size())) {
        if (area.overlaps(other)) {
          throw new IllegalArgumentException("areas overlap: %s and %s".formatted(area, other));
        }
      }
    }
  }
}
