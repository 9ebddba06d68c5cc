// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.ImageRefusal;
import dev.sealift.boot.ImageSlots;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.boot.Slot;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Dependency;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.key.KeyType;
import dev.sealift.permit.Root;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.SmpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A device of two images, an application and its radio, whose slots are all served over SMP.
class SeveralImagesTest {
  private static final int SECTOR = 4096;
  private static final int SLOT = Workshop.SLOT;
  private static final int STORAGE = Workshop.STORAGE;
  private static final FlashArea SCRATCH = new FlashArea(4 * SLOT + STORAGE, SECTOR);

  private final Workshop workshop = new Workshop();
  private final Image oldApp = image(1, 9_000);
  private final Image oldRadio = image(2, 7_000);
  private final Image newApp = image(11, 10_000);
  private final Image newRadio = image(12, 8_000);

  static Stream<Mode> modes() {
    return Stream.of(
        new Mode.SwapMove(),
        new Mode.SwapOffset(),
        new Mode.SwapScratch(SCRATCH),
        new Mode.Overwrite(Extent.USED_SECTORS));
  }

  static Stream<Mode> modesWithTrial() {
    return modes().filter(mode -> mode instanceof Mode.Swap);
  }

  private VirtualDevice device(Mode mode) {
    return device(mode, Optional.empty());
  }

  private VirtualDevice device(Mode mode, Optional<Root> root) {
    BootConfig config =
        new BootConfig(
            mode,
            new FlashGeometry(4 * SLOT + STORAGE + SECTOR, SECTOR, 4),
            List.of(
                new ImageSlots(new FlashArea(0, SLOT), new FlashArea(SLOT, SLOT)),
                new ImageSlots(new FlashArea(2 * SLOT, SLOT), new FlashArea(3 * SLOT, SLOT))),
            BootConfig.MAX_ALIGN_DEFAULT,
            8,
            BootPolicy.of(
                new Trust.Signatures(KeyType.ECDSA_P256, List.of(workshop.imageKey.publicKey()))));
    VirtualDevice device =
        VirtualDevice.of(
            new DeviceSetup(
                new DeviceProfile(
                    "two",
                    "virtual",
                    config,
                    FlashTimings.UNKNOWN,
                    Optional.of(new FlashArea(4 * SLOT, STORAGE)),
                    Optional.empty(),
                    Optional.empty(),
                    new SmpBuffers(1024, 4)),
                workshop.vendor,
                workshop.lamp,
                root),
            Workshop.REAL);
    device.flash().lay(0, oldApp.write());
    device.flash().lay(2 * SLOT, oldRadio.write());
    device.powerOn();
    return device;
  }

  private Image image(int revision, int size, Dependency... needs) {
    byte[] body = new byte[size];
    new SplittableRandom(revision).nextBytes(body);
    try {
      return ImageSigner.sign(
          Bytes.owning(body),
          SignOptions.of(
                  ImageVersion.of(1, 0, revision),
                  new SignOptions.HeaderRoom(512, SignOptions.Source.PREPENDED),
                  SlotLayout.swap(SLOT, 4))
              .toBuilder()
              .protectedData(
                  new SignOptions.Protected(
                      new SignOptions.Counter.None(),
                      Optional.empty(),
                      List.of(needs),
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

  private static SmpClient.Delivery upload(SmpClient client, Image file, int image)
      throws Exception {
    return client.upload(
        new ChunkedContent.Image(file.write(), Optional.of(image)),
        new Frame(1024, 3),
        (_, _) -> {});
  }

  private static void uploaded(SmpClient client, Image file, int image) throws Exception {
    assertThat(upload(client, file, image)).isInstanceOf(SmpClient.Delivery.Delivered.class);
  }

  private static <R extends Reply> R done(SmpClient client, Request<R> request) throws Exception {
    return switch (client.call(request)) {
      case Answer.Done<R>(var reply) -> reply;
      case Answer.Refused<R> refused -> throw new AssertionError(refused);
    };
  }

  private static Bytes hash(Image image) {
    return image.hash().orElseThrow();
  }

  private static void test(SmpClient client, Image image) throws Exception {
    done(client, Images.SetState.test(hash(image)));
  }

  private static void confirm(SmpClient client, Image image) throws Exception {
    done(client, new Images.SetState(Optional.of(hash(image)), Optional.of(true)));
  }

  private static void inUse(VirtualDevice device, Image app, Image radio) {
    assertThat(device.image(0, Slot.PRIMARY).flatMap(Image::hash)).isEqualTo(app.hash());
    assertThat(device.image(1, Slot.PRIMARY).flatMap(Image::hash)).isEqualTo(radio.hash());
  }

  /// Image, slot, and the flags that are set, of each slot with something in it.
  private static List<String> states(SmpClient client) throws Exception {
    return done(client, new Images.State()).images().stream()
        .map(
            slot ->
                "%d/%d %s%s%s%s%s"
                    .formatted(
                        slot.image().orElse(-1L),
                        slot.slot(),
                        slot.version().orElse("?"),
                        flag(slot.active(), " active"),
                        flag(slot.confirmed(), " confirmed"),
                        flag(slot.pending(), " pending"),
                        flag(slot.permanent(), " permanent")))
        .toList();
  }

  private static String flag(Optional<Boolean> set, String word) {
    return set.orElse(false) ? word : "";
  }

  private static List<BootResult> starts(VirtualDevice device) {
    List<BootResult> starts = new ArrayList<>();
    device.observe(
        event -> {
          if (event instanceof DeviceEvent.Started(var result, _)) {
            starts.add(result);
          }
        });
    return starts;
  }

  @ParameterizedTest
  @MethodSource("modes")
  void both_images_are_replaced_in_one_start_and_stay(Mode mode) throws Exception {
    VirtualDevice device = device(mode);
    SmpClient client = Workshop.client(device);
    uploaded(client, newApp, 0);
    uploaded(client, newRadio, 1);
    inUse(device, oldApp, oldRadio);
    test(client, newApp);
    test(client, newRadio);
    done(client, Os.Reset.plain());
    inUse(device, newApp, newRadio);
    done(client, Images.SetState.confirmRunning());
    confirm(client, newRadio);
    device.powerOn();
    inUse(device, newApp, newRadio);
    device.powerOn();
    inUse(device, newApp, newRadio);
  }

  @Test
  void the_states_name_the_image_and_its_own_slots() throws Exception {
    VirtualDevice device = device(new Mode.SwapMove());
    SmpClient client = Workshop.client(device);
    assertThat(states(client))
        .containsExactly("0/0 1.0.1 active confirmed", "1/0 1.0.2 active confirmed");
    uploaded(client, newApp, 0);
    uploaded(client, newRadio, 1);
    test(client, newApp);
    done(client, new Images.SetState(newRadio.hash(), Optional.of(true)));
    assertThat(states(client))
        .containsExactly(
            "0/0 1.0.1 active confirmed",
            "0/1 1.0.11 pending",
            "1/0 1.0.2 active confirmed",
            "1/1 1.0.12 pending permanent");
    done(client, Os.Reset.plain());
    assertThat(states(client))
        .containsExactly(
            "0/0 1.0.11 active", "0/1 1.0.1 confirmed", "1/0 1.0.12 active confirmed", "1/1 1.0.2");
  }

  @Test
  void the_sizes_name_the_image_and_where_an_upload_for_it_goes() throws Exception {
    SmpClient client = Workshop.client(device(new Mode.SwapMove()));
    Images.SlotSize used =
        new Images.SlotSize(0, Optional.of((long) SLOT), Optional.empty(), Optional.empty());
    Optional<Long> max = Optional.of(6L * SECTOR);
    assertThat(done(client, new Images.Slots()).images())
        .containsExactly(
            new Images.ImageSlots(0, List.of(used, target(0)), max),
            new Images.ImageSlots(1, List.of(used, target(1)), max));
  }

  private static Images.SlotSize target(long image) {
    return new Images.SlotSize(1, Optional.of((long) SLOT), Optional.of(image), Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("modesWithTrial")
  void an_image_that_nobody_confirms_goes_back_alone(Mode mode) throws Exception {
    VirtualDevice device = device(mode);
    SmpClient client = Workshop.client(device);
    uploaded(client, newApp, 0);
    uploaded(client, newRadio, 1);
    test(client, newApp);
    test(client, newRadio);
    done(client, Os.Reset.plain());
    confirm(client, newApp);
    device.powerOn();
    inUse(device, newApp, oldRadio);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void one_image_is_replaced_and_the_other_left_alone(Mode mode) throws Exception {
    VirtualDevice device = device(mode);
    Bytes app = device.flash().read(0, 2 * SLOT);
    SmpClient client = Workshop.client(device);
    uploaded(client, newRadio, 1);
    test(client, newRadio);
    done(client, Os.Reset.plain());
    confirm(client, newRadio);
    inUse(device, oldApp, newRadio);
    assertThat(device.flash().read(0, 2 * SLOT)).isEqualTo(app);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void when_one_image_lacks_what_it_needs_both_stay(Mode mode) throws Exception {
    Image demanding = image(11, 10_000, new Dependency(1, ImageVersion.of(1, 0, 13)));
    VirtualDevice device = device(mode);
    SmpClient client = Workshop.client(device);
    uploaded(client, demanding, 0);
    uploaded(client, newRadio, 1);
    test(client, demanding);
    test(client, newRadio);
    List<BootResult> starts = starts(device);
    done(client, Os.Reset.plain());
    inUse(device, oldApp, oldRadio);
    assertThat(starts)
        .singleElement()
        .satisfies(
            start -> {
              assertThat(start.outcome()).isInstanceOf(BootOutcome.Booted.class);
              assertThat(start.refused()).contains(ImageRefusal.DEPENDENCY);
            });
    assertThat(states(client))
        .as("the requests stay")
        .contains("0/1 1.0.11 pending", "1/1 1.0.12 pending");
  }

  @ParameterizedTest
  @MethodSource("modes")
  void when_each_image_has_what_it_needs_both_are_replaced(Mode mode) throws Exception {
    Image demanding = image(11, 10_000, new Dependency(1, ImageVersion.of(1, 0, 12)));
    VirtualDevice device = device(mode);
    SmpClient client = Workshop.client(device);
    uploaded(client, demanding, 0);
    uploaded(client, newRadio, 1);
    test(client, demanding);
    test(client, newRadio);
    done(client, Os.Reset.plain());
    inUse(device, demanding, newRadio);
  }

  @Test
  void a_slot_is_erased_by_its_number_among_all() throws Exception {
    VirtualDevice device = device(new Mode.SwapMove());
    SmpClient client = Workshop.client(device);
    uploaded(client, newApp, 0);
    uploaded(client, newRadio, 1);
    done(client, new Images.Erase(Optional.of(3L)));
    assertThat(device.image(1, Slot.SECONDARY)).isEmpty();
    assertThat(device.image(0, Slot.SECONDARY).flatMap(Image::hash)).isEqualTo(newApp.hash());
    done(client, new Images.Erase(Optional.empty()));
    assertThat(device.image(0, Slot.SECONDARY)).isEmpty();
    inUse(device, oldApp, oldRadio);
  }

  @Test
  void what_is_in_use_or_not_there_is_neither_erased_nor_uploaded_to() throws Exception {
    VirtualDevice device = device(new Mode.SwapMove());
    SmpClient client = Workshop.client(device);
    FlashSnapshot before = device.flash().snapshot();
    refused(client.call(new Images.Erase(Optional.of(0L))), ImageError.NO_FREE_SLOT);
    refused(client.call(new Images.Erase(Optional.of(2L))), ImageError.NO_FREE_SLOT);
    refused(client.call(new Images.Erase(Optional.of(4L))), ImageError.BAD_SLOT);
    refused(client.call(new Images.Erase(Optional.of(Long.MAX_VALUE))), ImageError.BAD_SLOT);
    assertThat(upload(client, newRadio, 2))
        .isInstanceOfSatisfying(
            SmpClient.Delivery.Refused.class,
            delivery -> refused(delivery.refusal(), ImageError.BAD_SLOT));
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  @Test
  void a_pending_image_is_not_overwritten_and_the_other_may_be() throws Exception {
    VirtualDevice device = device(new Mode.SwapMove());
    SmpClient client = Workshop.client(device);
    uploaded(client, newRadio, 1);
    test(client, newRadio);
    FlashSnapshot before = device.flash().snapshot();
    assertThat(upload(client, image(13, 5_000), 1))
        .isInstanceOfSatisfying(
            SmpClient.Delivery.Refused.class,
            delivery -> refused(delivery.refusal(), ImageError.NO_FREE_SLOT));
    refused(client.call(new Images.Erase(Optional.of(3L))), ImageError.NO_FREE_SLOT);
    assertThat(device.flash().snapshot()).isEqualTo(before);
    uploaded(client, newApp, 0);
  }

  @Test
  void a_test_of_what_is_in_use_or_nowhere_is_refused() throws Exception {
    VirtualDevice device = device(new Mode.SwapMove());
    SmpClient client = Workshop.client(device);
    refused(client.call(Images.SetState.test(hash(oldApp))), ImageError.TEST_OF_ACTIVE);
    refused(client.call(Images.SetState.test(hash(oldRadio))), ImageError.TEST_OF_ACTIVE);
    refused(client.call(Images.SetState.test(hash(newRadio))), ImageError.NO_IMAGE);
  }

  @Test
  void a_guarded_device_takes_no_image_without_a_permit() throws Exception {
    VirtualDevice device = device(new Mode.SwapMove(), Optional.of(workshop.root));
    FlashSnapshot before = device.flash().snapshot();
    for (int image : List.of(0, 1)) {
      assertThat(upload(Workshop.client(device), newRadio, image))
          .isInstanceOfSatisfying(
              SmpClient.Delivery.Refused.class,
              delivery ->
                  assertThat(delivery.refusal().reason()).isEqualTo(new Answer.OfGroup(1000, 18)));
    }
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  private static void refused(Answer<?> answer, ImageError error) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(new Answer.OfGroup(1, error.code())));
  }
}
