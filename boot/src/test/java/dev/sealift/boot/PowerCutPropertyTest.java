// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/// Whatever the images and wherever the power fails: an image starts, and the swap gets done.
class PowerCutPropertyTest {
  /// Two images on a device that can swap them.
  record World(BootConfig config, Bytes old, Bytes fresh) {
    /// The new image asked for.
    Flash requested() {
      Flash flash = Devices.holding(config, old, fresh);
      new ImageMarks(config).test(flash);
      return flash;
    }

    /// The new image running on trial.
    Flash onTrial() {
      Flash flash = requested();
      new Bootloader(config).boot(flash);
      return flash;
    }
  }

  @Provide
  Arbitrary<World> worlds() {
    Arbitrary<Integer> sectorSizes = Arbitraries.of(512, 1024, 2048);
    Arbitrary<Integer> aligns = Arbitraries.of(1, 2, 4, 8, 16, 32);
    Arbitrary<Double> shares = Arbitraries.doubles().between(0, 1);
    return Combinators.combine(
            sectorSizes, aligns, Arbitraries.integers().between(8, 12), shares, shares)
        .as(
            (sectorSize, align, sectors, oldShare, newShare) -> {
              BootConfig config =
                  Devices.move(sectors, sectorSize, align, BootPolicy.of(new Trust.HashOnly()));
              // 72 bytes are the header and the hash.
              int room = config.imageSizeMax() - 72;
              return new World(
                  config,
                  Devices.image("1.0.0", (int) (room * oldShare)),
                  Devices.image("1.1.0", (int) (room * newShare)));
            })
        .filter(world -> world.config.imageSizeMax() > 0);
  }

  @Property(tries = 400)
  void a_test_swap_that_loses_power_is_completed_by_the_next_boot(
      @ForAll("worlds") World world,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double when,
      @ForAll PowerCut.Moment moment) {
    Flash flash = world.requested();
    if (cutBoot(world, flash, when, moment)) {
      BootResult next = boot(world, flash);
      assertThat(next.outcome()).isInstanceOf(BootOutcome.Booted.class);
      assertThat(Devices.holds(flash, world.config.primary(), world.fresh)).isTrue();
      assertThat(Devices.holds(flash, world.config.secondary(), world.old)).isTrue();
      assertThat(new ImageMarks(world.config).requested(flash)).isEqualTo(SwapType.REVERT);
    }
  }

  @Property(tries = 400)
  void a_revert_that_loses_power_is_completed_by_the_next_boot(
      @ForAll("worlds") World world,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double when,
      @ForAll PowerCut.Moment moment) {
    Flash flash = world.onTrial();
    cutBoot(world, flash, when, moment);
    BootResult next = boot(world, flash);
    assertThat(next.outcome()).isInstanceOf(BootOutcome.Booted.class);
    assertThat(Devices.holds(flash, world.config.primary(), world.old)).isTrue();
    assertThat(Devices.holds(flash, world.config.secondary(), world.fresh)).isTrue();
    assertThat(new ImageMarks(world.config).requested(flash)).isEqualTo(SwapType.NONE);
  }

  @Property(tries = 200)
  void three_cuts_in_a_row_leave_a_device_that_starts_the_old_or_the_new_image(
      @ForAll("worlds") World world, @ForAll long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    Flash flash = dice.nextBoolean() ? world.requested() : world.onTrial();
    for (int cut = 0; cut < 3; cut++) {
      cutBoot(world, flash, dice.nextDouble(), PowerCut.Moment.BEFORE);
    }
    assertThat(boot(world, flash).outcome()).isInstanceOf(BootOutcome.Booted.class);
    assertThat(
            Devices.holds(flash, world.config.primary(), world.old)
                || Devices.holds(flash, world.config.primary(), world.fresh))
        .isTrue();
  }

  /// Boots with a cut at that share of the operations; says whether the swap was still to be
  /// completed, which it is not when the cut comes after its very last operation.
  private static boolean cutBoot(World world, Flash flash, double when, PowerCut.Moment moment) {
    FlashSnapshot start = flash.snapshot();
    boot(world, flash);
    int operations = flash.use().operations();
    if (operations == 0) {
      return false;
    }
    int operation = (int) (when * operations);
    flash.restore(start);
    flash.powerUpUntil(new PowerCut(operation, moment));
    BootResult cut = new Bootloader(world.config).boot(flash);
    assertThat(cut.outcome()).isEqualTo(new BootOutcome.PowerLost());
    return !(moment == PowerCut.Moment.AFTER && operation == operations - 1);
  }

  private static BootResult boot(World world, Flash flash) {
    flash.powerUp();
    return new Bootloader(world.config).boot(flash);
  }
}
