// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootPolicy.Downgrade;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.Rehearsal.Verdict;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.SecurityCounter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final Bytes OLD = Devices.image("1.0.0", 3000);
  private static final Bytes NEW = Devices.image("1.1.0", 4300);
  private static final BootConfig SMALL = Devices.SMALL;

  private static BootConfig with(BootPolicy policy) {
    return Devices.with(SMALL, policy);
  }

  private static Verdict of(BootConfig config, Bytes candidate, Bytes installed) {
    return Rehearsal.of(config, 0, candidate, Optional.of(installed), SecurityCounter.ZERO);
  }

  private static void assertRefused(Verdict verdict, String code) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.why()).isNotBlank();
            });
  }

  @Test
  void a_good_image_is_taken_in_every_shipped_profile() {
    for (String name : ShippedProfiles.names()) {
      BootConfig config = ShippedProfiles.profile(name).boot();
      for (int image = 0; image < config.images().size(); image++) {
        assertThat(Rehearsal.of(config, image, NEW, Optional.empty(), SecurityCounter.ZERO))
            .as(name)
            .isInstanceOfSatisfying(
                Verdict.Taken.class,
                taken -> assertThat(taken.use().operations()).isGreaterThan(4));
      }
    }
  }

  @Test
  void a_good_image_is_taken_in_the_modes_that_choose() {
    for (Mode mode :
        List.<Mode>of(
            new Mode.DirectXip(Mode.Retreat.NONE),
            new Mode.DirectXip(Mode.Retreat.UNLESS_CONFIRMED))) {
      BootConfig config =
          new BootConfig(
              mode,
              SMALL.flash(),
              SMALL.images(),
              SMALL.maxAlign(),
              SMALL.maxSectors(),
              SMALL.policy());
      assertThat(of(config, NEW, OLD)).isInstanceOf(Verdict.Taken.class);
      assertRefused(of(config, NEW.first(4000), OLD), "tlvs-malformed");
    }
    BootConfig single =
        new BootConfig(
            new Mode.SingleSlot(),
            SMALL.flash(),
            List.of(new ImageSlots(SMALL.primary(), Optional.empty())),
            SMALL.maxAlign(),
            SMALL.maxSectors(),
            SMALL.policy());
    assertThat(of(single, NEW, OLD)).isInstanceOf(Verdict.Taken.class);
  }

  @Test
  void what_the_bootloader_refuses_is_told_with_its_reason() {
    byte[] damaged = NEW.toArray();
    damaged[900] ^= 1;
    assertRefused(of(SMALL, Bytes.of(damaged), OLD), "hash-wrong");
    assertRefused(of(SMALL, Bytes.filled(500, 7), OLD), "magic-wrong");
    assertRefused(of(SMALL, Devices.image("1.1.0", 15_000), OLD), "too-large");
    assertRefused(of(SMALL, Devices.image("1.1.0", 17_000), OLD), "too-large-for-slot");
    BootConfig careful = with(SMALL.policy().with(Downgrade.REFUSED_BY_VERSION));
    assertRefused(of(careful, OLD, NEW), "downgrade");
    assertThat(of(SMALL, OLD, NEW)).isInstanceOf(Verdict.Taken.class);
    BootConfig counting = with(SMALL.policy().with(Rollback.COUNTER_IN_DEVICE));
    Bytes counted = Devices.image("1.1.0", 4300, new SecurityCounter(3));
    assertRefused(of(counting, NEW, counted), "counter-missing");
    assertRefused(
        Rehearsal.of(counting, 0, counted, Optional.empty(), new SecurityCounter(4)),
        "counter-too-low");
  }

  @Test
  void slots_that_do_not_fit_together_take_nothing() {
    BootConfig odd =
        new BootConfig(
            new Mode.SwapMove(),
            SMALL.flash(),
            new FlashArea(0, 0x2000),
            new FlashArea(0x4000, 0x4000),
            8,
            16,
            SMALL.policy());
    assertRefused(of(odd, NEW, OLD), "slots-differ");
  }
}
