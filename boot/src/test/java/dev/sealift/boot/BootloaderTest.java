// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.boot.BootPolicy.Bootstrap;
import dev.sealift.boot.BootPolicy.Downgrade;
import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.BootPolicy.Scramble;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class BootloaderTest {
  private static final Bytes OLD = Devices.image("1.0.0", 3000);
  private static final Bytes NEW = Devices.image("1.1.0", 4300);
  private static final BootOutcome OLD_STARTS =
      new BootOutcome.Booted(Slot.PRIMARY, ImageVersion.of(1, 0, 0));
  private static final BootOutcome NEW_STARTS =
      new BootOutcome.Booted(Slot.PRIMARY, ImageVersion.of(1, 1, 0));

  /// A device, its bootloader and its application.
  private static final class World {
    private final BootConfig config;
    private final Flash flash;
    private final ImageMarks marks;

    World(BootConfig config, Bytes primary, Bytes secondary) {
      this.config = config;
      this.flash = Devices.holding(config, primary, secondary);
      this.marks = new ImageMarks(config);
    }

    World(UnaryOperator<BootPolicy> change, Bytes primary, Bytes secondary) {
      this(Devices.with(Devices.SMALL, change.apply(Devices.SMALL.policy())), primary, secondary);
    }

    World(Bytes primary, Bytes secondary) {
      this(Devices.SMALL, primary, secondary);
    }

    BootResult boot() {
      flash.powerUp();
      return new Bootloader(config).boot(flash);
    }

    boolean holds(Slot slot, Bytes image) {
      return Devices.holds(flash, config.area(slot), image);
    }

    boolean isErased(Slot slot) {
      FlashArea area = config.area(slot);
      return flash.isErased(area.start(), area.size());
    }
  }

  private static BootResult ended(BootOutcome outcome, SwapType taken) {
    return new BootResult(outcome, Optional.of(taken), Optional.empty());
  }

  private static BootResult refusing(ImageRefusal refusal, BootOutcome outcome) {
    return new BootResult(outcome, Optional.of(SwapType.NONE), Optional.of(refusal));
  }

  @Test
  void without_a_request_nothing_happens() {
    World world = new World(OLD, NEW);
    FlashSnapshot before = world.flash.snapshot();
    assertThat(world.boot()).isEqualTo(ended(OLD_STARTS, SwapType.NONE));
    assertThat(world.flash.snapshot()).isEqualTo(before);
  }

  @Test
  void a_tested_image_goes_back_unless_it_confirms_itself() {
    World world = new World(OLD, NEW);
    world.marks.test(world.flash);
    assertThat(world.boot()).isEqualTo(ended(NEW_STARTS, SwapType.TEST));
    assertThat(world.boot()).isEqualTo(ended(OLD_STARTS, SwapType.REVERT));
    assertThat(world.boot()).isEqualTo(ended(OLD_STARTS, SwapType.NONE));
    assertThat(world.holds(Slot.SECONDARY, NEW)).isTrue();
  }

  @Test
  void a_confirmed_image_stays() {
    World world = new World(OLD, NEW);
    world.marks.test(world.flash);
    world.boot();
    world.marks.confirm(world.flash);
    assertThat(world.boot()).isEqualTo(ended(NEW_STARTS, SwapType.NONE));
  }

  @Test
  void a_permanent_request_needs_no_confirmation() {
    World world = new World(OLD, NEW);
    world.marks.permanent(world.flash);
    assertThat(world.boot()).isEqualTo(ended(NEW_STARTS, SwapType.PERM));
    assertThat(world.boot()).isEqualTo(ended(NEW_STARTS, SwapType.NONE));
  }

  @Test
  void a_damaged_candidate_is_erased_and_the_running_image_stays() {
    World world = new World(OLD, NEW);
    world.flash.lay(world.config.secondary().start() + 900, Bytes.ofHex("0102030405"));
    world.marks.test(world.flash);
    assertThat(world.boot()).isEqualTo(refusing(ImageRefusal.HASH_WRONG, OLD_STARTS));
    assertThat(world.isErased(Slot.SECONDARY)).isTrue();
    assertThat(world.holds(Slot.PRIMARY, OLD)).isTrue();
  }

  @Test
  void a_damaged_image_that_nobody_asked_for_is_left_alone() {
    World world = new World(OLD, NEW);
    world.flash.lay(world.config.secondary().start() + 900, Bytes.ofHex("0102030405"));
    FlashSnapshot before = world.flash.snapshot();
    assertThat(world.boot()).isEqualTo(ended(OLD_STARTS, SwapType.NONE));
    assertThat(world.flash.snapshot()).isEqualTo(before);
  }

  @Test
  void minimal_scrambling_erases_the_header_and_the_trailer() {
    World world = new World(policy -> policy.with(Scramble.HEADER_AND_TRAILER), OLD, NEW);
    world.flash.lay(world.config.secondary().start() + 900, Bytes.ofHex("0102030405"));
    world.marks.test(world.flash);
    assertThat(world.boot()).isEqualTo(refusing(ImageRefusal.HASH_WRONG, OLD_STARTS));
    assertThat(Devices.calls(world.flash)).containsExactly(0, 2, 0, 0);
  }

  @Test
  void an_old_image_that_is_gone_leaves_the_new_one_running() {
    World world = new World(OLD, NEW);
    world.marks.test(world.flash);
    world.boot();
    FlashArea secondary = world.config.secondary();
    world.flash.layErased(secondary.start(), secondary.size());
    assertThat(world.boot()).isEqualTo(refusing(ImageRefusal.NO_IMAGE, NEW_STARTS));
    assertThat(world.boot()).isEqualTo(ended(NEW_STARTS, SwapType.NONE));
  }

  @Test
  void a_damaged_running_image_does_not_start_and_nothing_is_erased() {
    World world = new World(OLD, NEW);
    world.flash.lay(900, Bytes.ofHex("0102030405"));
    FlashSnapshot before = world.flash.snapshot();
    BootOutcome refused = new BootOutcome.Refused(ImageRefusal.HASH_WRONG);
    assertThat(world.boot()).isEqualTo(ended(refused, SwapType.NONE));
    assertThat(world.flash.snapshot()).isEqualTo(before);
  }

  @Test
  void without_validation_the_magic_is_enough_for_the_running_image() {
    World world = new World(policy -> policy.with(PrimaryCheck.MAGIC_ONLY), OLD, NEW);
    world.flash.lay(900, Bytes.ofHex("0102030405"));
    assertThat(world.boot()).isEqualTo(ended(OLD_STARTS, SwapType.NONE));
  }

  @Test
  void an_older_version_is_erased_where_downgrades_are_refused_and_a_revert_still_works() {
    UnaryOperator<BootPolicy> strict = policy -> policy.with(Downgrade.REFUSED_BY_VERSION);
    World down = new World(strict, NEW, OLD);
    down.marks.permanent(down.flash);
    assertThat(down.boot()).isEqualTo(refusing(ImageRefusal.DOWNGRADE, NEW_STARTS));
    assertThat(down.isErased(Slot.SECONDARY)).isTrue();

    World up = new World(strict, OLD, NEW);
    up.marks.test(up.flash);
    up.boot();
    assertThat(up.boot()).isEqualTo(ended(OLD_STARTS, SwapType.REVERT));
  }

  @Test
  void a_lower_security_counter_is_erased_where_the_device_counts() {
    World world = counting(5, 6, 4);
    world.marks.test(world.flash);
    assertThat(world.boot()).isEqualTo(refusing(ImageRefusal.COUNTER_TOO_LOW, OLD_STARTS));
    assertThat(world.isErased(Slot.SECONDARY)).isTrue();
  }

  @Test
  void an_image_without_a_counter_is_erased_where_the_device_counts() {
    World world = counting(5, 6, 7);
    world.flash.lay(world.config.secondary().start(), NEW);
    world.marks.test(world.flash);
    assertThat(world.boot()).isEqualTo(refusing(ImageRefusal.COUNTER_MISSING, OLD_STARTS));
  }

  @Test
  void the_counter_rises_only_when_the_new_image_has_confirmed_itself() {
    World world = counting(5, 5, 7);
    world.marks.test(world.flash);
    world.boot();
    assertThat(world.flash.securityCounter()).isEqualTo(new SecurityCounter(5));
    world.marks.confirm(world.flash);
    world.boot();
    assertThat(world.flash.securityCounter()).isEqualTo(new SecurityCounter(7));
  }

  private static World counting(long stored, long running, long candidate) {
    World world =
        new World(
            policy -> policy.with(Rollback.COUNTER_IN_DEVICE),
            Devices.image("1.0.0", 3000, new SecurityCounter(running)),
            Devices.image("1.1.0", 3000, new SecurityCounter(candidate)));
    world.flash.raiseSecurityCounter(new SecurityCounter(stored));
    return world;
  }

  @Test
  void a_blank_device_installs_what_it_has_only_where_it_may_bootstrap() {
    World refused = new World(Bytes.EMPTY, NEW);
    assertThat(refused.boot().outcome()).isEqualTo(new BootOutcome.Refused(ImageRefusal.NO_IMAGE));
    World installed = new World(policy -> policy.with(Bootstrap.FROM_SECONDARY), Bytes.EMPTY, NEW);
    assertThat(installed.boot()).isEqualTo(ended(NEW_STARTS, SwapType.REVERT));
    assertThat(installed.holds(Slot.PRIMARY, NEW)).isTrue();
  }

  @Test
  void too_many_sectors_stop_even_a_good_image() {
    BootConfig narrow = slots(Devices.SMALL.primary(), Devices.SMALL.secondary(), 15);
    assertThat(new World(narrow, OLD, NEW).boot().outcome())
        .isEqualTo(new BootOutcome.Refused(ImageRefusal.TOO_MANY_SECTORS));
  }

  @Test
  void the_largest_image_is_swapped_and_one_byte_more_is_refused() {
    int overhead = Devices.image("1.1.0", 0).size();
    int room = Devices.SMALL.imageSizeMax() - overhead;
    World fits = new World(OLD, Devices.image("1.1.0", room));
    fits.marks.test(fits.flash);
    assertThat(fits.boot()).isEqualTo(ended(NEW_STARTS, SwapType.TEST));
    World tooLarge = new World(OLD, Devices.image("1.1.0", room + 1));
    tooLarge.marks.test(tooLarge.flash);
    assertThat(tooLarge.boot()).isEqualTo(refusing(ImageRefusal.TOO_LARGE, OLD_STARTS));
  }

  @Test
  void every_cut_of_a_test_swap_ends_in_the_same_flash() {
    World world = new World(OLD, NEW);
    world.marks.test(world.flash);
    for (PowerCut.Moment moment :
        new PowerCut.Moment[] {PowerCut.Moment.BEFORE, PowerCut.Moment.HALFWAY}) {
      PowerCuts.Sweep sweep = PowerCuts.everyCut(world.config, world.flash.snapshot(), moment);
      assertThat(sweep.uncut().result()).isEqualTo(ended(NEW_STARTS, SwapType.TEST));
      assertThat(sweep.cuts()).hasSize(sweep.uncut().use().operations()).hasSizeGreaterThan(30);
      assertThat(sweep.different()).isEmpty();
      assertThat(sweep.cuts())
          .allSatisfy(
              cut -> {
                assertThat(cut.interrupted().outcome()).isEqualTo(new BootOutcome.PowerLost());
                assertThat(cut.next().result().outcome()).isEqualTo(NEW_STARTS);
              });
    }
  }

  /// An early cut is taken up as a permanent swap: the disguise of a revert is all that is left.
  @Test
  void every_cut_of_a_revert_ends_with_the_old_image() {
    World world = new World(OLD, NEW);
    world.marks.test(world.flash);
    world.boot();
    PowerCuts.Sweep sweep =
        PowerCuts.everyCut(world.config, world.flash.snapshot(), PowerCut.Moment.BEFORE);
    assertThat(sweep.cuts())
        .allSatisfy(cut -> assertThat(cut.next().result().outcome()).isEqualTo(OLD_STARTS));
    assertThat(sweep.different())
        .extracting(cut -> cut.cut().operation())
        .containsExactly(4, 5, 6, 7, 8, 9);
  }

  @Test
  void a_profile_that_exists_has_slots_that_can_hold_images() {
    BootConfig small = Devices.SMALL;
    assertThatThrownBy(() -> slots(small.primary(), new FlashArea(8192, 16384), 16))
        .hasMessageContaining("overlap");
    assertThatThrownBy(() -> slots(small.primary(), new FlashArea(16384, 32768), 16))
        .hasMessageContaining("behind the flash");
    assertThatThrownBy(() -> slots(small.primary(), new FlashArea(16384, 1000), 16))
        .hasMessageContaining("whole sectors");
    assertThatThrownBy(() -> slots(small.primary(), small.secondary(), 2000))
        .hasMessageContaining("trailer");
  }

  private static BootConfig slots(FlashArea primary, FlashArea secondary, int maxSectors) {
    BootConfig small = Devices.SMALL;
    return new BootConfig(
        small.mode(), small.flash(), primary, secondary, 8, maxSectors, small.policy());
  }
}
