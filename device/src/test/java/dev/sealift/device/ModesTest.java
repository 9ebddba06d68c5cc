// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.Hazard;
import dev.sealift.boot.Hazards;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.boot.Mode.Retreat;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Root;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.Caution;
import dev.sealift.update.Gate;
import dev.sealift.update.Step;
import dev.sealift.update.UpdateEvent;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The application's side of every mode of the bootloader, with and without an agent, and what the
/// agent refuses because the real bootloader would die of it.
class ModesTest {
  private static final int SECTOR = 4096;
  private static final int SLOT = Workshop.SLOT;
  private static final int STORAGE = Workshop.STORAGE;
  private static final FlashArea SCRATCH = new FlashArea(2 * SLOT + STORAGE, SECTOR);

  private final Workshop workshop = new Workshop();

  static Stream<Mode> modesThatUpdate() {
    return Stream.of(
        new Mode.SwapScratch(SCRATCH),
        new Mode.SwapMove(),
        new Mode.SwapOffset(),
        new Mode.Overwrite(Extent.USED_SECTORS),
        new Mode.Overwrite(Extent.WHOLE_SLOT),
        new Mode.DirectXip(Retreat.NONE),
        new Mode.DirectXip(Retreat.UNLESS_CONFIRMED));
  }

  static Stream<Mode> modesWithTrial() {
    return modesThatUpdate()
        .filter(
            mode ->
                mode instanceof Mode.Swap
                    || mode.equals(new Mode.DirectXip(Retreat.UNLESS_CONFIRMED)));
  }

  private VirtualDevice device(Mode mode, Image factory, Optional<Root> root) {
    return device(mode, PrimaryCheck.WHOLE, factory, root);
  }

  private VirtualDevice device(
      Mode mode, PrimaryCheck primaryCheck, Image factory, Optional<Root> root) {
    return device(mode, primaryCheck, factory, root, Workshop.REAL);
  }

  private VirtualDevice device(
      Mode mode,
      PrimaryCheck primaryCheck,
      Image factory,
      Optional<Root> root,
      Surroundings surroundings) {
    return workshop.inMode(mode, primaryCheck, factory, root, surroundings);
  }

  private VirtualDevice guarded(Mode mode, Image factory) {
    return device(mode, factory, Optional.of(workshop.root));
  }

  /// One whose new image never finds out whether it is well.
  private VirtualDevice undecided(Mode mode, Image factory) {
    return device(
        mode,
        PrimaryCheck.WHOLE,
        factory,
        Optional.of(workshop.root),
        Workshop.REAL.with(_ -> SelfTest.Result.RUNNING));
  }

  private UpdateMaterial material(Mode mode, Image image, long number) {
    return mode instanceof Mode.DirectXip
        ? workshop.variants(image, number)
        : workshop.material(image, number);
  }

  @ParameterizedTest
  @MethodSource("modesThatUpdate")
  void a_release_is_installed_and_confirmed(Mode mode) throws IOException {
    Image next = workshop.image(1, 9000);
    VirtualDevice device = guarded(mode, workshop.image(0, 9000));
    assertThat(Workshop.update(device, material(mode, next, 1), Wanted.Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
    device.powerOn();
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
    assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
  }

  @ParameterizedTest
  @MethodSource("modesThatUpdate")
  void a_second_release_finds_its_way_over_what_the_first_left(Mode mode) throws IOException {
    VirtualDevice device = guarded(mode, workshop.image(0, 9000));
    Image second = workshop.image(2, 13000);
    assertThat(
            Workshop.update(
                device, material(mode, workshop.image(1, 5000), 1), Wanted.Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(Workshop.update(device, material(mode, second, 2), Wanted.Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(second.hash());
  }

  @ParameterizedTest
  @MethodSource("modesThatUpdate")
  void a_device_without_agent_takes_a_bare_image(Mode mode) throws IOException {
    Image next = workshop.image(1, 9000);
    VirtualDevice device = device(mode, workshop.image(0, 9000), Optional.empty());
    assertThat(Workshop.update(device, bare(next), Wanted.Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
  }

  @ParameterizedTest
  @MethodSource("modesWithTrial")
  void an_image_that_is_not_confirmed_goes_back(Mode mode) throws IOException {
    Image factory = workshop.image(0, 9000);
    VirtualDevice device = undecided(mode, factory);
    assertThat(
            Workshop.update(
                device, material(mode, workshop.image(1, 9000), 1), Wanted.Ending.ON_TRIAL))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.stage()).contains(Gate.Stage.ON_TRIAL);
    device.powerOn();
    assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(factory.hash());
  }

  /// Fault 8.1 of the real code, in offset mode: a fresh image beside an unconfirmed one garbles
  /// both slots at the next boot. In the other swap modes it is installed unasked.
  @ParameterizedTest
  @MethodSource("modesWithTrial")
  void nothing_is_uploaded_while_the_running_image_is_on_trial(Mode mode) throws IOException {
    VirtualDevice device = undecided(mode, workshop.image(0, 9000));
    Workshop.update(device, material(mode, workshop.image(1, 9000), 1), Wanted.Ending.ON_TRIAL);
    Bytes before = device.flash().sha256();
    var other = material(mode, workshop.image(2, 9000), 2);
    assertThat(Workshop.update(device, other, Wanted.Ending.STAGED))
        .isInstanceOf(UpdateResult.Stopped.class);
    // The plan stopped by itself; a sender that does not ask is refused by the device.
    SmpClient client = Workshop.client(device);
    Bytes bundle = other.release().orElseThrow().bundle();
    assertThat(client.upload(new ChunkedContent.PermitBundle(bundle), client.frame(), (_, _) -> {}))
        .asString()
        .contains("26");
    assertThat(client.upload(new ChunkedContent.Image(other.image()), client.frame(), (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Refused.class);
    assertThat(device.flash().sha256()).isEqualTo(before);
  }

  private static UpdateResult refusal(Step step, Hazard hazard) {
    return new UpdateResult.Refused(step, Refusal.R22, Refusal.R22.sentence(hazard.words()));
  }

  /// Fault 8.3.
  @Test
  void in_offset_mode_an_image_that_fits_one_sector_is_refused() throws IOException {
    VirtualDevice device = guarded(new Mode.SwapOffset(), workshop.image(0, 9000));
    assertThat(
            Workshop.update(
                device, workshop.material(workshop.image(1, 3000), 1), Wanted.Ending.CONFIRMED))
        .isEqualTo(refusal(new Step.SendBundle(), Hazard.ONE_SECTOR_IN_OFFSET));
    assertThat(device.image(Slot.SECONDARY)).isEmpty();
    assertThat(device.stage()).contains(Gate.Stage.IDLE);
  }

  @Test
  void other_modes_take_an_image_that_fits_one_sector() throws IOException {
    VirtualDevice device = guarded(new Mode.SwapMove(), workshop.image(0, 9000));
    assertThat(
            Workshop.update(
                device, workshop.material(workshop.image(1, 3000), 1), Wanted.Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
  }

  /// Fault 8.6.
  @Test
  void in_scratch_mode_an_image_with_a_sector_that_ends_like_a_trailer_is_refused()
      throws IOException {
    Image trap = endingLikeTrailer(2 * SECTOR);
    VirtualDevice device = guarded(new Mode.SwapScratch(SCRATCH), workshop.image(0, 9000));
    assertThat(Workshop.update(device, workshop.material(trap, 1), Wanted.Ending.CONFIRMED))
        .isEqualTo(
            new UpdateResult.Refused(
                new Step.SendImage(trap.hash().orElseThrow()), Refusal.R22, ""));
    Bytes written = device.flash().read(SLOT + SECTOR, SECTOR);
    assertThat(written.isFilledWith(0xff)).as("the page with the magic").isTrue();
    assertThat(
            Workshop.update(
                guarded(new Mode.SwapMove(), workshop.image(0, 9000)),
                workshop.material(trap, 1),
                Wanted.Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
  }

  /// Fault 8.9: the copy is one write unit too long, and meets a sector that was not erased.
  @Test
  void an_overwriting_bootloader_gets_no_image_that_ends_with_a_sector() throws IOException {
    Image trap = sized(3 * SECTOR);
    VirtualDevice device =
        guarded(new Mode.Overwrite(Extent.USED_SECTORS), workshop.image(0, 9000));
    assertThat(Workshop.update(device, workshop.material(trap, 1), Wanted.Ending.CONFIRMED))
        .isEqualTo(refusal(new Step.SendBundle(), Hazard.WHOLE_SECTORS_IN_OVERWRITE));
    assertThat(
            Workshop.update(
                guarded(new Mode.Overwrite(Extent.WHOLE_SLOT), workshop.image(0, 9000)),
                workshop.material(trap, 1),
                Wanted.Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
  }

  /// Fault 8.12: the size of the running image is nowhere checked, when it is not validated.
  @Test
  void a_running_image_too_large_to_be_moved_is_not_updated() throws IOException {
    VirtualDevice device =
        device(
            new Mode.SwapMove(),
            PrimaryCheck.MAGIC_ONLY,
            sized(6 * SECTOR + 4),
            Optional.of(workshop.root));
    assertThat(device.setup().boot().imageSizeMax()).isEqualTo(6 * SECTOR);
    assertThat(
            Workshop.update(
                device, workshop.material(workshop.image(1, 9000), 1), Wanted.Ending.CONFIRMED))
        .isEqualTo(refusal(new Step.SendBundle(), Hazard.RUNNING_IMAGE_TOO_LARGE));
  }

  @Test
  void sizes_show_what_an_operator_is_warned_of() {
    BootConfig offset = guarded(new Mode.SwapOffset(), workshop.image(0, 9000)).setup().boot();
    Hazards hazards = new Hazards(offset);
    assertThat(hazards.ofSize(2 * SECTOR, OptionalLong.of(3 * SECTOR + 1)))
        .containsExactly(Hazard.OLD_IMAGE_LONGER_IN_OFFSET);
    assertThat(hazards.ofSize(2 * SECTOR, OptionalLong.of(3 * SECTOR))).isEmpty();
    assertThat(hazards.ofSize(SECTOR, OptionalLong.empty()))
        .containsExactly(Hazard.ONE_SECTOR_IN_OFFSET);
  }

  private static UpdateMaterial bare(Image image) {
    return UpdateMaterial.bare(image.write(), image.hash().orElseThrow());
  }

  private static UpdateResult update(
      VirtualDevice device, UpdateMaterial material, Caution caution, List<UpdateEvent> events)
      throws IOException {
    return new Updater(Workshop.client(device), material, caution, _ -> {}, events::add)
        .run(Wanted.Ending.ON_TRIAL);
  }

  /// A device without an agent declines nothing, so the sender must.
  @Test
  void a_fatal_hazard_ends_an_update_before_its_first_byte() throws IOException {
    UpdateMaterial material = bare(sized(3 * SECTOR));
    VirtualDevice device =
        device(new Mode.Overwrite(Extent.USED_SECTORS), workshop.image(0, 9000), Optional.empty());
    Bytes before = device.flash().sha256();
    Caution caution = Caution.of(device.setup().boot(), material, OptionalLong.empty());
    List<UpdateEvent> events = new ArrayList<>();
    assertThat(update(device, material, caution, events))
        .isEqualTo(new UpdateResult.Stopped(Hazard.WHOLE_SECTORS_IN_OVERWRITE.words()));
    assertThat(events).containsExactly(new UpdateEvent.Warned(Hazard.WHOLE_SECTORS_IN_OVERWRITE));
    assertThat(device.flash().sha256()).isEqualTo(before);
  }

  @Test
  void who_overrules_it_bricks_the_virtual_device_like_the_real_one() throws IOException {
    UpdateMaterial material = bare(sized(3 * SECTOR));
    VirtualDevice device =
        device(new Mode.Overwrite(Extent.USED_SECTORS), workshop.image(0, 15000), Optional.empty());
    List<BootOutcome> boots = new ArrayList<>();
    device.observe(
        event -> {
          if (event instanceof DeviceEvent.Started(var result, _)) {
            boots.add(result.outcome());
          }
        });
    Caution caution = Caution.of(device.setup().boot(), material, OptionalLong.empty()).overruled();
    assertThat(update(device, material, caution, new ArrayList<>()))
        .isInstanceOf(UpdateResult.Stopped.class);
    device.powerOn();
    assertThat(boots).hasSize(2).allMatch(outcome -> outcome instanceof BootOutcome.Halted);
    assertThat(device.isRunning()).isFalse();
  }

  @Test
  void a_hazard_that_is_not_fatal_is_told_and_the_update_goes_on() throws IOException {
    Image old = workshop.image(0, 20000);
    UpdateMaterial material = bare(workshop.image(1, 9000));
    VirtualDevice device = device(new Mode.SwapOffset(), old, Optional.empty());
    Caution caution = Caution.of(device.setup().boot(), material, OptionalLong.of(old.size()));
    List<UpdateEvent> events = new ArrayList<>();
    assertThat(update(device, material, caution, events)).isEqualTo(new UpdateResult.Reached());
    assertThat(events).contains(new UpdateEvent.Warned(Hazard.OLD_IMAGE_LONGER_IN_OFFSET));
  }

  /// Signed, and so large with its TLVs. Every signature may have another length, so it takes a few
  /// tries.
  private Image sized(int total) {
    int overhead = workshop.image(1, 1000).size() - 1000;
    for (int attempt = 0; attempt < 100; attempt++) {
      Image image = workshop.image(1, total - overhead);
      if (image.size() == total) {
        return image;
      }
    }
    throw new AssertionError("no image of " + total + " bytes came about");
  }

  private Image endingLikeTrailer(int at) {
    byte[] body = new byte[3 * SECTOR];
    Bytes.ofHex("77c295f360d2ef7f3552500f2cb67980").copyTo(body, at - 16 - 512);
    try {
      return ImageSigner.sign(
          Bytes.owning(body),
          SignOptions.of(
                  ImageVersion.of(1, 0, 1),
                  new SignOptions.HeaderRoom(512, SignOptions.Source.PREPENDED),
                  SlotLayout.swap(SLOT, 4))
              .toBuilder()
              .protectedData(
                  new SignOptions.Protected(
                      new SignOptions.Counter.Is(new SecurityCounter(1)),
                      Optional.empty(),
                      List.of(),
                      Optional.empty(),
                      Optional.empty(),
                      OptionalLong.empty(),
                      List.of()))
              .build(),
          workshop.imageKey.signing(Workshop.RANDOM));
    } catch (SigningException e) {
      throw new AssertionError(e);
    }
  }
}
