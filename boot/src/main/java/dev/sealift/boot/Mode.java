// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// How a bootloader brings an update from the secondary slot into the primary one.
public sealed interface Mode {
  /// Status entries that one sector of a swap needs in the trailer.
  int statusEntriesPerSector();

  /// Swap using move: the primary image is shifted up by one sector, then the slots are swapped
  /// sector by sector from the bottom. Needs no scratch area, only one spare sector.
  record SwapMove() implements Mode {
    /// One entry for the shift of a sector, two for its swap.
    @Override
    public int statusEntriesPerSector() {
      return 3;
    }
  }
}
