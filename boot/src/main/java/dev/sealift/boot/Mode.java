// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// How a bootloader comes from a new image in flash to the image it starts.
public sealed interface Mode {
  /// Status entries that one sector of a swap needs in the trailer. Modes that swap nothing keep
  /// the room of swap-scratch free.
  default int statusEntriesPerSector() {
    return 3;
  }

  /// The images change places, so the old one can come back.
  sealed interface Swap extends Mode {}

  /// Swap using scratch: a few sectors at a time through an area beside the slots, from the last
  /// used sector down. Wears out the scratch area, needs no spare sector.
  record SwapScratch(FlashArea scratch) implements Swap {}

  /// Swap using move: the primary image is shifted up by one sector, then the slots are swapped
  /// sector by sector from the bottom. Needs no scratch area, only one spare sector.
  record SwapMove() implements Swap {}

  /// Swap using offset: the new image lies from the second sector of the secondary slot, so a
  /// sector can be swapped without shifting anything first. Zephyr's default without a scratch
  /// area.
  record SwapOffset() implements Swap {
    /// One entry for each half of a sector's swap.
    @Override
    public int statusEntriesPerSector() {
      return 2;
    }
  }

  /// The new image is copied over the old one, which is gone then.
  record Overwrite(Extent extent) implements Mode {}

  /// What of the secondary slot an overwrite copies.
  enum Extent {
    /// Zephyr's default, called fast.
    USED_SECTORS,
    WHOLE_SLOT
  }

  /// Either slot's image runs where it lies; the higher version is chosen.
  record DirectXip(Retreat retreat) implements Mode {}

  /// Either slot's image is copied into RAM and runs there; the higher version is chosen. By
  /// reading: no recorded boots exist for it. `ram` is the range of addresses an image may use.
  record RamLoad(Retreat retreat, FlashArea ram) implements Mode {}

  /// One slot, nothing to choose from; the image is checked and started. By reading.
  record SingleSlot() implements Mode {
    @Override
    public int statusEntriesPerSector() {
      return 0;
    }
  }

  /// Whether the modes that choose between the slots know an image on trial.
  enum Retreat {
    /// A bad image is one whose check fails.
    NONE,
    /// An image that was started once and did not confirm itself is erased at the next boot.
    UNLESS_CONFIRMED
  }
}
