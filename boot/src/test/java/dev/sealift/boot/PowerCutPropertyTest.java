// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.Decryption.Kept;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.boot.Mode.Retreat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the mode, the images and the moments at which the power fails: an image starts that is
/// whole, except exactly where the real code's faults are listed.
class PowerCutPropertyTest {
  private static final List<PowerCut.Moment> MOMENTS = List.of(PowerCut.Moment.values());

  /// Modes by the shape of the device they need.
  private enum Kind {
    SCRATCH,
    MOVE,
    OFFSET,
    OVERWRITE_FAST,
    OVERWRITE,
    DIRECT_XIP,
    DIRECT_XIP_REVERT
  }

  private enum Sealing {
    PLAIN,
    KEYS_IN_TRAILER,
    TLVS_IN_TRAILER
  }

  /// What the device is in the middle of when the power fails.
  private enum Journey {
    UPDATE,
    REVERT
  }

  /// A device, and two images that fit it. In a decrypting world the images travel encrypted.
  record World(BootConfig config, Devices.Sealed old, Devices.Sealed fresh) {
    Flash on(Journey journey) {
      Flash flash = new Flash(config.flash());
      flash.lay(config.primary().start(), old.plain());
      flash.lay(config.secondary().start() + config.uploadOffset(), fresh.sealed());
      ImageMarks marks = new ImageMarks(config);
      if (config.mode() instanceof Mode.DirectXip) {
        marks.choose(flash, Slot.PRIMARY, ImageMarks.Stay.FOR_GOOD);
        marks.choose(flash, Slot.SECONDARY, ImageMarks.Stay.TRIAL);
      } else {
        marks.test(flash);
      }
      if (journey == Journey.REVERT) {
        new Bootloader(config).boot(flash);
      }
      return flash;
    }

    boolean reverts() {
      return config.mode() instanceof Mode.Swap
          || config.mode().equals(new Mode.DirectXip(Retreat.UNLESS_CONFIRMED));
    }

    long sectors(Devices.Sealed image) {
      return Math.ceilDiv(image.plain().size(), config.flash().sectorSize());
    }

    /// Whether the slot that boots holds one of the images, whole.
    boolean holdsOneOfThem(Flash flash, Slot booted) {
      return Stream.of(old, fresh)
          .anyMatch(image -> Devices.holds(flash, config.area(booted), image.plain()));
    }

    @Override
    public String toString() {
      return "%s %s %s, images of %d and %d bytes"
          .formatted(
              config.mode(),
              config.flash(),
              config.policy().decryption(),
              old.plain().size(),
              fresh.plain().size());
    }
  }

  @Provide
  Arbitrary<World> worlds() {
    Arbitrary<Integer> sectorSizes = Arbitraries.of(512, 1024, 2048);
    Arbitrary<Integer> aligns = Arbitraries.of(1, 2, 4, 8, 16, 32);
    Arbitrary<Integer> slots = Arbitraries.integers().between(8, 12);
    Arbitrary<Double> shares = Arbitraries.doubles().between(0, 1);
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.of(Sealing.class),
            sectorSizes,
            aligns,
            slots,
            Arbitraries.integers().between(1, 3),
            shares,
            shares)
        .as(PowerCutPropertyTest::world)
        .filter(Optional::isPresent)
        .map(Optional::get);
  }

  private static Optional<World> world(
      Kind kind,
      Sealing sealing,
      int sectorSize,
      int align,
      int sectors,
      int scratchSectors,
      double oldShare,
      double freshShare) {
    int slot = sectors * sectorSize;
    FlashArea scratch = new FlashArea(2 * slot, scratchSectors * sectorSize);
    Mode mode =
        switch (kind) {
          case SCRATCH -> new Mode.SwapScratch(scratch);
          case MOVE -> new Mode.SwapMove();
          case OFFSET -> new Mode.SwapOffset();
          case OVERWRITE_FAST -> new Mode.Overwrite(Extent.USED_SECTORS);
          case OVERWRITE -> new Mode.Overwrite(Extent.WHOLE_SLOT);
          case DIRECT_XIP -> new Mode.DirectXip(Retreat.NONE);
          case DIRECT_XIP_REVERT -> new Mode.DirectXip(Retreat.UNLESS_CONFIRMED);
        };
    boolean canSeal = !(mode instanceof Mode.DirectXip);
    Decryption decryption =
        switch (sealing) {
          case PLAIN -> new Decryption.None();
          case KEYS_IN_TRAILER -> Devices.decrypting(Kept.CONTENT_KEY);
          case TLVS_IN_TRAILER -> Devices.decrypting(Kept.TLV);
        };
    BootPolicy policy = BootPolicy.of(new Trust.HashOnly());
    BootConfig config =
        new BootConfig(
            mode,
            new FlashGeometry(2 * slot + scratch.size(), sectorSize, align),
            new FlashArea(0, slot),
            new FlashArea(slot, slot),
            Math.max(align, BootConfig.MAX_ALIGN_DEFAULT),
            sectors,
            canSeal ? policy.with(decryption) : policy);
    int room = config.imageSizeMax() - Devices.OVERHEAD_MAX;
    if (room <= 0) {
      return Optional.empty();
    }
    boolean isSealed = canSeal && sealing != Sealing.PLAIN;
    return Optional.of(
        new World(
            config,
            Devices.image("1.0.0", (int) (room * oldShare), isSealed),
            Devices.image("1.1.0", (int) (room * freshShare), isSealed)));
  }

  // The faults of the real code, each as the worlds and cuts that meet it.

  /// What was done to a device: a journey, and the power cuts on it.
  private record Trip(World world, Journey journey, List<PowerCut> cuts) {
    boolean in(Class<? extends Mode> mode) {
      return mode.isInstance(world.config().mode());
    }
  }

  /// `likely` makes worlds that may well meet it.
  private record Fault(
      String name, Function<SplittableRandom, Optional<World>> likely, Predicate<Trip> meets) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// Images of about that share of the largest.
  private static Function<SplittableRandom, Optional<World>> plain(
      Kind kind, int align, double share) {
    return dice ->
        world(
            kind,
            Sealing.PLAIN,
            512,
            align,
            8,
            1,
            share * dice.nextDouble(0.9, 1),
            share * dice.nextDouble(0.9, 1));
  }

  /// A new image that ends with a sector, and a longer old one.
  private static Optional<World> endingWithSector() {
    return plain(Kind.OVERWRITE_FAST, 4, 0.9)
        .apply(new SplittableRandom(1))
        .map(
            world ->
                new World(
                    world.config(), world.old(), Devices.image("1.1.0", 3 * 512 - 72, false)));
  }

  /// After these, nothing may boot. Numbers are those of the reference on the real code.
  private static final List<Fault> BRICKING =
      List.of(
          new Fault(
              "8.2/8.3 offset: the old header is looked for where the new image already is",
              plain(Kind.OFFSET, 4, 0.02),
              trip ->
                  trip.in(Mode.SwapOffset.class)
                      && trip.world().sectors(trip.world().fresh()) == 1),
          new Fault(
              "8.4 offset: two cuts in a revert, the second right after it was marked again",
              plain(Kind.OFFSET, 4, 0.3),
              trip ->
                  trip.in(Mode.SwapOffset.class)
                      && trip.journey() == Journey.REVERT
                      && trip.cuts().size() > 1),
          new Fault(
              "8.5 with 8.10, scratch: two cuts leave neither trailer with a magic, and entries in"
                  + " a second trailer sector that are taken for a swap under way",
              plain(Kind.SCRATCH, 32, 0.3),
              trip ->
                  trip.in(Mode.SwapScratch.class)
                      && trip.journey() == Journey.REVERT
                      && trip.cuts().size() > 1
                      && trip.world().config().trailerSectors() > 1),
          new Fault(
              "8.9 overwrite: one write unit too many, into a sector that was not erased",
              _ -> endingWithSector(),
              trip ->
                  trip.world().config().mode().equals(new Mode.Overwrite(Extent.USED_SECTORS))
                      && trip.world().fresh().plain().size()
                              % trip.world().config().flash().sectorSize()
                          == 0),
          new Fault(
              "8.11 scratch: a scratch area erased in part has lost its data and kept its trailer",
              plain(Kind.SCRATCH, 4, 1),
              trip ->
                  trip.world().config().mode() instanceof Mode.SwapScratch(FlashArea scratch)
                      && (scratch.size() > trip.world().config().flash().sectorSize()
                          || trip.cuts().stream()
                              .anyMatch(cut -> cut.moment() == PowerCut.Moment.HALFWAY))
                      && Stream.of(trip.world().old(), trip.world().fresh())
                          .anyMatch(
                              image ->
                                  trip.world().sectors(image)
                                      > trip.world()
                                          .config()
                                          .firstTrailerSector(0, Slot.PRIMARY))));

  @Property(tries = 3000)
  void after_one_or_two_power_cuts_a_whole_image_boots(
      @ForAll("worlds") World world, @ForAll Journey journey, @ForAll long seed) {
    if (journey == Journey.REVERT && !world.reverts()) {
      return;
    }
    Ending ending = travel(world, journey, new SplittableRandom(seed));
    if (!ending.isWell()) {
      assertThat(BRICKING.stream().filter(fault -> fault.meets().test(ending.trip())).toList())
          .as("%s", ending)
          .isNotEmpty();
    }
  }

  /// A trip and what came of it.
  private record Ending(Trip trip, BootOutcome outcome, boolean isWell) {}

  private static Ending travel(World world, Journey journey, SplittableRandom dice) {
    Flash flash = world.on(journey);
    List<PowerCut> cuts = new ArrayList<>();
    for (int cut = dice.nextInt(1, 3); cut > 0; cut--) {
      cutBoot(world, flash, dice).ifPresent(cuts::add);
    }
    BootOutcome outcome = boot(world, flash).outcome();
    boolean isWell =
        outcome instanceof BootOutcome.Booted(Slot slot, _) && world.holdsOneOfThem(flash, slot);
    return new Ending(new Trip(world, journey, cuts), outcome, isWell);
  }

  /// The list holds no excuse that nothing needs.
  @ParameterizedTest
  @MethodSource("faults")
  void every_listed_fault_does_happen(Fault fault) {
    SplittableRandom dice = new SplittableRandom(1);
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Journey journey = Journey.values()[dice.nextInt(2)];
      Optional<World> world = fault.likely().apply(dice);
      if (world.isPresent() && (journey == Journey.UPDATE || world.get().reverts())) {
        Ending ending = travel(world.get(), journey, dice);
        if (!ending.isWell() && fault.meets().test(ending.trip())) {
          return;
        }
      }
    }
    throw new AssertionError("nothing met it: " + fault.name());
  }

  static Stream<Fault> faults() {
    return BRICKING.stream();
  }

  private static final int ATTEMPTS_MAX = 20_000;

  /// What one cut does not only leave bootable but finished.
  @Property(tries = 1500)
  void after_one_power_cut_a_swap_is_completed(@ForAll("worlds") World world, @ForAll long seed) {
    if (!(world.config().mode() instanceof Mode.Swap)) {
      return;
    }
    Flash flash = world.on(Journey.UPDATE);
    SplittableRandom dice = new SplittableRandom(seed);
    List<PowerCut> cuts = cutBoot(world, flash, dice).stream().toList();
    if (cuts.isEmpty()) {
      return;
    }
    Trip trip = new Trip(world, Journey.UPDATE, cuts);
    // Cut behind its last operation the swap is over, and the next boot reverts.
    boolean wasOver = new ImageMarks(world.config()).requested(flash) == SwapType.REVERT;
    boot(world, flash);
    Devices.Sealed runs = wasOver ? world.old() : world.fresh();
    if (!Devices.holds(flash, world.config().primary(), runs.plain())) {
      // Where a small old image survives what would brick a larger one, it runs on (8.11).
      assertThat(BRICKING).as("%s cut at %s", world, cuts).anyMatch(f -> f.meets().test(trip));
      return;
    }
    boolean oldImageWaits = Devices.holds(flash, world.config().secondary(), world.old().sealed());
    assertThat(wasOver || oldImageWaits || losesOld(trip))
        .as("%s cut at %s loses the way back", world, cuts)
        .isTrue();
  }

  /// Fault 8.2: the last sector of the old image is copied by the header of the new one, so it is
  /// left out where that one ends earlier, and encrypted up to where that one's body ends.
  private static boolean losesOld(Trip trip) {
    World world = trip.world();
    boolean isLonger = world.sectors(world.old()) >= world.sectors(world.fresh()) + 2;
    boolean isEncrypted = !world.old().plain().equals(world.old().sealed());
    return trip.in(Mode.SwapOffset.class)
        && (isLonger
            || (isEncrypted && world.old().plain().size() != world.fresh().plain().size()));
  }

  /// Boots with a cut somewhere; none where the boot does nothing.
  private static Optional<PowerCut> cutBoot(World world, Flash flash, SplittableRandom dice) {
    FlashSnapshot start = flash.snapshot();
    boot(world, flash);
    int operations = flash.use().operations();
    flash.restore(start);
    if (operations == 0) {
      return Optional.empty();
    }
    PowerCut cut =
        new PowerCut(dice.nextInt(operations), MOMENTS.get(dice.nextInt(MOMENTS.size())));
    flash.powerUpUntil(cut);
    BootOutcome outcome = new Bootloader(world.config()).boot(flash).outcome();
    assertThat(outcome).isEqualTo(new BootOutcome.PowerLost());
    return Optional.of(cut);
  }

  private static BootResult boot(World world, Flash flash) {
    flash.powerUp();
    return new Bootloader(world.config()).boot(flash);
  }
}
