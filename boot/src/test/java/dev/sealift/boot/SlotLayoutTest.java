// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.image.SlotLayout;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whoever signs an image reckons with the room that the bootloader will find.
class SlotLayoutTest {
  private record Build(
      SlotLayout.Mode mode,
      int sectorSize,
      int sectors,
      int align,
      int alignMax,
      int spareSectors,
      int scratchSectors) {
    int slotSize() {
      return sectors * sectorSize;
    }

    int sectorsMax() {
      return sectors + spareSectors;
    }

    SlotLayout layout() {
      return new SlotLayout(
          slotSize(),
          mode,
          align,
          alignMax,
          sectorsMax(),
          OptionalInt.of(sectorSize),
          SlotLayout.KeptKey.RAW);
    }

    /// Nothing where the trailer alone fills the slot.
    Optional<BootConfig> config() {
      FlashArea primary = new FlashArea(0, slotSize());
      FlashArea secondary = new FlashArea(slotSize(), slotSize());
      FlashArea scratch = new FlashArea(2 * slotSize(), scratchSectors * sectorSize);
      Mode boot =
          switch (mode) {
            case SWAP_SCRATCH -> new Mode.SwapScratch(scratch);
            case SWAP_MOVE -> new Mode.SwapMove();
            case SWAP_OFFSET -> new Mode.SwapOffset();
            case OVERWRITE_ONLY -> new Mode.Overwrite(Mode.Extent.USED_SECTORS);
            case EITHER_SLOT -> new Mode.DirectXip(Mode.Retreat.NONE);
            case SINGLE_SLOT -> new Mode.SingleSlot();
          };
      FlashGeometry flash = new FlashGeometry(2 * slotSize() + scratch.size(), sectorSize, align);
      ImageSlots slots =
          mode == SlotLayout.Mode.SINGLE_SLOT
              ? new ImageSlots(primary, Optional.empty())
              : new ImageSlots(primary, secondary);
      try {
        return Optional.of(
            new BootConfig(
                boot,
                flash,
                java.util.List.of(slots),
                alignMax,
                sectorsMax(),
                BootPolicy.of(new Trust.HashOnly())));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
  }

  @Provide
  Arbitrary<Build> builds() {
    return Combinators.combine(
            Arbitraries.of(SlotLayout.Mode.class),
            Arbitraries.of(512, 2048, 4096, 16384),
            Arbitraries.integers().between(3, 40),
            Arbitraries.of(1, 2, 4, 8, 16, 32),
            Arbitraries.of(8, 16, 32),
            Arbitraries.integers().between(0, 20),
            Arbitraries.integers().between(1, 3))
        .as(Build::new)
        .filter(build -> build.alignMax >= build.align);
  }

  @Property(tries = 2000)
  void the_signer_and_the_bootloader_know_the_same_room(@ForAll("builds") Build build) {
    Optional<BootConfig> config = build.config();
    if (config.isPresent()) {
      assertThat(Math.max(0, build.layout().imageSizeMax()))
          .isEqualTo(Math.max(0, config.get().imageSizeMax()));
    }
  }
}
