// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.ImageVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShippedProfilesTest {
  private static final Bytes OLD = Devices.image("1.0.0", 100_000);
  private static final Bytes NEW = Devices.image("1.1.0", 120_000);

  /// What a profile claims, in numbers that somebody looked up.
  private record Claim(
      String name, Mode mode, int flash, int unit, int slot, int sectors, int images, int max) {}

  private static final List<Claim> CLAIMS =
      List.of(
          new Claim("nrf52840", new Mode.SwapOffset(), 0x10_0000, 4, 0x7_6000, 118, 1, 0x7_4000),
          new Claim(
              "nrf5340",
              new Mode.Overwrite(Mode.Extent.USED_SECTORS),
              0x26_0000,
              4,
              0xe_0000,
              224,
              2,
              0xe_0000 - 40),
          new Claim("nrf54l15", new Mode.SwapOffset(), 0x16_5000, 16, 0xa_6000, 166, 1, 0xa_3000),
          new Claim("zephyr-512k", new Mode.SwapOffset(), 0x8_0000, 4, 0x3_7000, 55, 1, 0x3_5000));

  @Test
  void each_is_what_it_claims() {
    assertThat(CLAIMS).extracting(Claim::name).isEqualTo(ShippedProfiles.names());
    for (Claim claim : CLAIMS) {
      DeviceProfile profile = ShippedProfiles.profile(claim.name);
      BootConfig boot = profile.boot();
      assertThat(profile.name()).isEqualTo(claim.name);
      assertThat(boot.mode()).as(claim.name).isEqualTo(claim.mode);
      assertThat(boot.flash()).isEqualTo(new FlashGeometry(claim.flash, 4096, claim.unit));
      assertThat(boot.primary().size()).isEqualTo(claim.slot);
      assertThat(boot.secondary().size()).isEqualTo(claim.slot);
      assertThat(boot.maxSectors()).as(claim.name).isEqualTo(claim.sectors);
      assertThat(boot.maxAlign()).isEqualTo(Math.max(8, claim.unit));
      assertThat(boot.images()).hasSize(claim.images);
      assertThat(boot.imageSizeMax()).as(claim.name).isEqualTo(claim.max);
      assertThat(boot.slotsCompatible()).isTrue();
      assertThat(boot.policy().trust()).isEqualTo(new Trust.HashOnly());
      assertThat(boot.policy().tlvRule()).isEqualTo(BootPolicy.TlvRule.ALLOW_LIST);
      assertThat(profile.storage()).isPresent();
      assertThat(profile.timings().eraseNanosPerSector()).isPositive();
    }
  }

  @Test
  void each_tests_confirms_and_reverts_an_update() {
    for (String name : ShippedProfiles.names()) {
      BootConfig boot = ShippedProfiles.profile(name).boot();
      World confirming = new World(boot);
      assertThat(confirming.updateAndBoot()).as(name).isEqualTo("1.1.0");
      new ImageMarks(boot).confirm(confirming.flash);
      assertThat(confirming.boot()).as(name).isEqualTo("1.1.0");

      World silent = new World(boot);
      assertThat(silent.updateAndBoot()).as(name).isEqualTo("1.1.0");
      // What was overwritten has nothing to go back to.
      String next = boot.mode() instanceof Mode.Overwrite ? "1.1.0" : "1.0.0";
      assertThat(silent.boot()).as(name).isEqualTo(next);
    }
  }

  @Test
  void the_second_image_of_the_nrf5340_is_updated_with_the_first() {
    BootConfig boot = ShippedProfiles.profile("nrf5340").boot();
    World world = new World(boot);
    Bytes network = Devices.image("2.0.0", 60_000);
    world.flash.lay(boot.area(1, Slot.SECONDARY).start(), network);
    new ImageMarks(boot, 1).test(world.flash);
    assertThat(world.updateAndBoot()).isEqualTo("1.1.0");
    assertThat(Devices.holds(world.flash, boot.area(1, Slot.PRIMARY), network)).isTrue();
  }

  @Test
  void a_swap_takes_the_seconds_that_the_erases_take() {
    DeviceProfile profile = ShippedProfiles.profile("nrf52840");
    World world = new World(profile.boot());
    world.updateAndBoot();
    FlashUse use = world.flash.use();
    Duration time = profile.timings().time(use, profile.boot().flash());
    Duration erases = Duration.ofMillis(85L * use.erases());
    assertThat(use.erases()).isGreaterThan(50);
    assertThat(time).isBetween(erases, erases.multipliedBy(2));
  }

  @Test
  void another_name_is_unknown() {
    assertThatThrownBy(() -> ShippedProfiles.text("../nrf52840"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static final class World {
    private final BootConfig config;
    private final Flash flash;

    World(BootConfig config) {
      this.config = config;
      this.flash = new Flash(config.flash());
      for (int image = 0; image < config.images().size(); image++) {
        flash.lay(config.area(image, Slot.PRIMARY).start(), OLD);
      }
    }

    String updateAndBoot() {
      flash.lay(config.secondary().start() + config.uploadOffset(), NEW);
      new ImageMarks(config).test(flash);
      return boot();
    }

    String boot() {
      flash.powerUp();
      BootOutcome outcome = new Bootloader(config).boot(flash).outcome();
      return outcome instanceof BootOutcome.Booted(_, ImageVersion version)
          ? version.toShortString()
          : Optional.of(outcome).toString();
    }
  }
}
