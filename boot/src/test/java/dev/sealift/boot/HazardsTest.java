// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.Decryption.Kept;
import dev.sealift.boot.FlashGeometry.Programming;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.bytes.Bytes;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Which images meet which fault: each at its border, and not beside it. That the faults are there,
/// the recordings and [PowerCutPropertyTest] show.
class HazardsTest {
  private static final int SECTOR = 1024;
  private static final int SLOT = 16 * SECTOR;
  private static final Bytes MAGIC = Bytes.ofHex("77c295f360d2ef7f3552500f2cb67980");
  private static final BootPolicy POLICY = BootPolicy.of(new Trust.HashOnly());

  private static Hazards hazards(Mode mode, Programming programming, BootPolicy policy) {
    return new Hazards(
        new BootConfig(
            mode,
            new FlashGeometry(3 * SLOT, SECTOR, 4).with(programming),
            new FlashArea(0, SLOT),
            new FlashArea(SLOT, SLOT),
            BootConfig.MAX_ALIGN_DEFAULT,
            16,
            policy));
  }

  private static Hazards hazards(Mode mode) {
    return hazards(mode, Programming.ONLY_ERASED, POLICY);
  }

  private static List<Hazard> of(Mode mode, long image, long running) {
    return hazards(mode).ofSize(image, OptionalLong.of(running));
  }

  private static final Mode OFFSET = new Mode.SwapOffset();
  private static final Mode SCRATCH = new Mode.SwapScratch(new FlashArea(2 * SLOT, SECTOR));

  @Test
  void offset_mode_fears_one_sector_and_a_longer_old_image() {
    assertThat(of(OFFSET, SECTOR, SECTOR)).containsExactly(Hazard.ONE_SECTOR_IN_OFFSET);
    assertThat(of(OFFSET, SECTOR + 1, 3 * SECTOR)).isEmpty();
    assertThat(of(OFFSET, SECTOR + 1, 3 * SECTOR + 1))
        .containsExactly(Hazard.OLD_IMAGE_LONGER_IN_OFFSET);
  }

  @Test
  void where_images_are_decrypted_any_other_length_is_to_be_feared() {
    Hazards hazards =
        hazards(OFFSET, Programming.ONLY_ERASED, POLICY.with(Devices.decrypting(Kept.TLV)));
    assertThat(hazards.ofSize(3000, OptionalLong.of(3000))).isEmpty();
    assertThat(hazards.ofSize(3000, OptionalLong.of(2984)))
        .containsExactly(Hazard.OLD_IMAGE_ENCRYPTED_IN_OFFSET);
    assertThat(hazards.ofSize(3000, OptionalLong.empty())).isEmpty();
  }

  @Test
  void scratch_mode_fears_the_sector_of_the_trailer_and_what_ends_like_one() {
    assertThat(of(SCRATCH, 15 * SECTOR, 2000)).isEmpty();
    assertThat(of(SCRATCH, 15 * SECTOR + 1, 2000))
        .containsExactly(Hazard.TRAILER_SECTOR_IN_SCRATCH);
    Bytes atEnd = Bytes.filled(SECTOR - 16, 0).plus(MAGIC);
    Bytes beforeEnd = Bytes.filled(SECTOR - 20, 0).plus(MAGIC).plus(Bytes.filled(4, 0));
    assertThat(hazards(SCRATCH).endsLikeTrailer(0, atEnd)).isTrue();
    assertThat(hazards(SCRATCH).endsLikeTrailer(3 * SECTOR, atEnd)).isTrue();
    assertThat(hazards(SCRATCH).endsLikeTrailer(4, atEnd)).isFalse();
    assertThat(hazards(SCRATCH).endsLikeTrailer(0, beforeEnd)).isFalse();
    assertThat(hazards(new Mode.SwapMove()).endsLikeTrailer(0, atEnd)).isFalse();
    assertThat(hazards(SCRATCH).of(atEnd.plus(atEnd), OptionalLong.empty()))
        .containsExactly(Hazard.TRAILER_IN_SCRATCH);
  }

  @Test
  void overwriting_used_sectors_fears_an_image_that_ends_with_one() {
    Mode fast = new Mode.Overwrite(Extent.USED_SECTORS);
    assertThat(of(fast, 3 * SECTOR, 2000)).containsExactly(Hazard.WHOLE_SECTORS_IN_OVERWRITE);
    assertThat(of(fast, 3 * SECTOR - 4, 2000)).isEmpty();
    assertThat(of(new Mode.Overwrite(Extent.WHOLE_SLOT), 3 * SECTOR, 2000)).isEmpty();
    assertThat(
            hazards(fast, Programming.CLEARS_BITS, POLICY).ofSize(3 * SECTOR, OptionalLong.empty()))
        .isEmpty();
  }

  @Test
  void a_running_image_beyond_the_largest_is_to_be_feared_where_images_are_swapped() {
    int max = 14 * SECTOR;
    assertThat(of(new Mode.SwapMove(), 2000, max)).isEmpty();
    assertThat(of(new Mode.SwapMove(), 2000, max + 1))
        .containsExactly(Hazard.RUNNING_IMAGE_TOO_LARGE);
    assertThat(of(new Mode.DirectXip(Mode.Retreat.NONE), 2000, max + 1)).isEmpty();
  }
}
