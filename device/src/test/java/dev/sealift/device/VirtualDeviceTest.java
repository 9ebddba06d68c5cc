// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.Refusal;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.Gate;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Wanted.Ending;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VirtualDeviceTest {
  private final Workshop workshop = new Workshop();
  private final Image old = workshop.image(0, 9_000);
  private final Image next = workshop.image(1, 10_000);

  @Test
  void a_permitted_release_is_taken_tried_and_confirmed() throws Exception {
    VirtualDevice device = workshop.device(old);
    assertThat(Workshop.update(device, workshop.material(next, 2), Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(running(device)).isEqualTo(next.hash());
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
    device.powerOn();
    assertThat(running(device)).isEqualTo(next.hash());
  }

  @Test
  void an_unconfirmed_image_is_reverted_at_the_next_start() throws Exception {
    VirtualDevice device = workshop.undecided(old);
    Workshop.update(device, workshop.material(next, 2), Ending.ON_TRIAL);
    assertThat(running(device)).isEqualTo(next.hash());
    assertThat(device.stage()).contains(Gate.Stage.ON_TRIAL);
    device.powerOn();
    assertThat(running(device)).isEqualTo(old.hash());
    // The same release may be tried again.
    assertThat(Workshop.update(device, workshop.material(next, 2), Ending.ON_TRIAL))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.stage()).contains(Gate.Stage.ON_TRIAL);
  }

  @Test
  void without_a_permit_every_deed_is_refused_and_nothing_changes() throws Exception {
    VirtualDevice device = workshop.device(old);
    FlashSnapshot before = device.flash().snapshot();
    SmpClient client = Workshop.client(device);
    SmpClient.Delivery delivery =
        client.upload(new ChunkedContent.Image(next.write()), new Frame(512, 3), (_, _) -> {});
    assertThat(delivery)
        .isInstanceOfSatisfying(
            SmpClient.Delivery.Refused.class,
            refused ->
                assertThat(refused.refusal().reason()).isEqualTo(new Answer.OfGroup(1000, 18)));
    List<Request<? extends Reply>> deeds =
        List.of(
            Images.SetState.test(next.hash().orElseThrow()),
            Images.SetState.confirmRunning(),
            new Images.Erase(Optional.empty()),
            Os.Reset.plain(),
            new Os.SetDatetime("2026-01-01T00:00:00"));
    for (Request<? extends Reply> deed : deeds) {
      assertThat(client.call(deed)).as(deed.toString()).isInstanceOf(Answer.Refused.class);
    }
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  @Test
  void an_older_release_is_refused_after_a_newer_one_was_confirmed() throws Exception {
    VirtualDevice device = workshop.device(old);
    Workshop.update(device, workshop.material(next, 5), Ending.CONFIRMED);
    FlashSnapshot before = device.flash().snapshot();
    assertThat(
            Workshop.update(
                device, workshop.material(workshop.image(2, 8_000), 4), Ending.CONFIRMED))
        .isInstanceOfSatisfying(
            UpdateResult.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.R12));
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  @Test
  void garbage_under_a_genuine_permit_never_reaches_the_flash() throws Exception {
    VirtualDevice device = workshop.device(old);
    UpdateMaterial genuine = workshop.material(next, 2);
    SmpClient client = Workshop.client(device);
    client.upload(
        new ChunkedContent.PermitBundle(genuine.release().orElseThrow().bundle()),
        new Frame(512, 3),
        (_, _) -> {});
    client.upload(
        new ChunkedContent.PermitTable(Workshop.table(genuine)), new Frame(512, 3), (_, _) -> {});
    FlashSnapshot before = device.flash().snapshot();
    byte[] wrong = genuine.image().toArray();
    wrong[700] ^= 1;
    assertThat(
            client.upload(
                new ChunkedContent.Image(Bytes.of(wrong)), new Frame(512, 3), (_, _) -> {}))
        .isInstanceOfSatisfying(
            SmpClient.Delivery.Refused.class,
            refused ->
                assertThat(refused.refusal().reason()).isEqualTo(new Answer.OfGroup(1000, 20)));
    assertThat(device.flash().snapshot()).isEqualTo(before);
    assertThat(Workshop.update(device, genuine, Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void a_wrong_later_page_leaves_the_good_ones_and_goes_on_at_its_start() throws Exception {
    VirtualDevice device = workshop.device(old);
    UpdateMaterial genuine = workshop.material(next, 2);
    byte[] wrong = genuine.image().toArray();
    wrong[5000] ^= 1;
    UpdateMaterial poisoned = Workshop.poisoned(genuine, Bytes.of(wrong));
    assertThat(Workshop.update(device, poisoned, Ending.CONFIRMED))
        .isInstanceOfSatisfying(
            UpdateResult.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.R20));
    Bytes slot = device.flash().read(Workshop.SLOT, Workshop.SLOT);
    assertThat(slot.first(4096)).isEqualTo(genuine.image().first(4096));
    assertThat(slot.from(4096).isFilledWith(0xff)).isTrue();
    assertThat(status(device).offset()).isEqualTo(4096);
  }

  @Test
  void what_an_earlier_image_left_behind_the_new_one_is_erased() throws Exception {
    VirtualDevice device = workshop.device(old);
    device.flash().lay(Workshop.SLOT + 0x5000, Bytes.filled(1024, 0x5a));
    assertThat(Workshop.update(device, workshop.material(next, 2), Ending.STAGED))
        .isEqualTo(new UpdateResult.Reached());
    Bytes slot = device.flash().read(Workshop.SLOT, Workshop.SLOT);
    assertThat(slot.from(next.write().size()).isFilledWith(0xff)).isTrue();
  }

  @Test
  void a_byte_changed_between_upload_and_mark_is_found() throws Exception {
    VirtualDevice device = workshop.device(old);
    Workshop.update(device, workshop.material(next, 2), Ending.STAGED);
    device.flash().lay(Workshop.SLOT + 600, Bytes.ofInts(0));
    assertThat(Workshop.client(device).call(Images.SetState.test(next.hash().orElseThrow())))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(new Answer.OfGroup(1000, 21)));
  }

  @Test
  void nobody_can_make_a_trial_permanent() throws Exception {
    VirtualDevice device = workshop.undecided(old);
    Workshop.update(device, workshop.material(next, 2), Ending.STAGED);
    SmpClient client = Workshop.client(device);
    client.call(new Images.SetState(next.hash(), Optional.of(true)));
    client.call(Os.Reset.plain());
    assertThat(device.stage()).contains(Gate.Stage.ON_TRIAL);
    // And nobody can force the revert by a reset.
    assertThat(client.call(Os.Reset.plain())).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void a_permit_is_spent_once_its_image_is_installed() throws Exception {
    VirtualDevice device = workshop.device(old);
    UpdateMaterial genuine = workshop.material(next, 2);
    Workshop.update(device, genuine, Ending.CONFIRMED);
    FlashSnapshot before = device.flash().snapshot();
    SmpClient client = Workshop.client(device);
    // The image before this one still lies in the other slot, well signed.
    List<Request<? extends Reply>> deeds =
        List.of(
            Images.SetState.test(old.hash().orElseThrow()),
            new Images.SetState(old.hash(), Optional.of(true)),
            Images.SetState.confirmRunning(),
            Os.Reset.plain());
    for (Request<? extends Reply> deed : deeds) {
      assertThat(client.call(deed))
          .as(deed.toString())
          .isInstanceOfSatisfying(
              Answer.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(new Answer.OfGroup(1000, 18)));
    }
    client.upload(
        new ChunkedContent.PermitTable(Workshop.table(genuine)), new Frame(512, 3), (_, _) -> {});
    assertThat(
            client.upload(
                new ChunkedContent.Image(genuine.image()), new Frame(512, 3), (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Refused.class);
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  @Test
  void nobody_can_ask_for_the_image_before_while_the_new_one_is_on_trial() throws Exception {
    VirtualDevice device = workshop.undecided(old);
    Workshop.update(device, workshop.material(next, 2), Ending.ON_TRIAL);
    FlashSnapshot before = device.flash().snapshot();
    SmpClient client = Workshop.client(device);
    assertThat(client.call(Images.SetState.test(old.hash().orElseThrow())))
        .isInstanceOf(Answer.Refused.class);
    // What a revert would bring anyway is no news, as Zephyr has it.
    client.call(new Images.SetState(old.hash(), Optional.of(true)));
    assertThat(device.flash().snapshot()).isEqualTo(before);
    assertThat(client.call(Os.Reset.plain())).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void a_restart_in_the_middle_loses_the_upload_and_nothing_else() throws Exception {
    VirtualDevice device = workshop.device(old);
    UpdateMaterial genuine = workshop.material(next, 2);
    byte[] wrong = genuine.image().toArray();
    wrong[9000] ^= 1;
    Workshop.update(device, Workshop.poisoned(genuine, Bytes.of(wrong)), Ending.CONFIRMED);
    device.powerOn();
    assertThat(device.stage()).contains(Gate.Stage.ACCEPTED);
    assertThat(Workshop.update(device, genuine, Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void a_device_without_a_root_behaves_as_any_zephyr_device() throws Exception {
    VirtualDevice device = workshop.device(old, Optional.empty());
    UpdateMaterial bare = UpdateMaterial.bare(next.write(), next.hash().orElseThrow());
    assertThat(Workshop.update(device, bare, Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(running(device)).isEqualTo(next.hash());
  }

  @Test
  void a_guarded_device_asks_for_a_release() throws Exception {
    VirtualDevice device = workshop.device(old);
    UpdateMaterial bare = UpdateMaterial.bare(next.write(), next.hash().orElseThrow());
    assertThat(Workshop.update(device, bare, Ending.CONFIRMED))
        .isInstanceOfSatisfying(
            UpdateResult.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.R18));
  }

  @Test
  void a_staged_permit_can_be_dropped_and_a_marked_one_cannot() throws Exception {
    VirtualDevice device = workshop.device(old);
    Workshop.update(device, workshop.material(next, 2), Ending.STAGED);
    assertThat(Workshop.client(device).call(new Permits.Drop())).isInstanceOf(Answer.Done.class);
    assertThat(device.stage()).contains(Gate.Stage.IDLE);
    Workshop.update(device, workshop.material(next, 2), Ending.MARKED);
    assertThat(Workshop.client(device).call(new Permits.Drop()))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(new Answer.OfGroup(1000, 26)));
    assertThat(device.stage()).contains(Gate.Stage.STAGED);
  }

  private static Permits.StatusReply status(VirtualDevice device) throws Exception {
    return switch (Workshop.client(device).call(new Permits.Status())) {
      case Answer.Done<Permits.StatusReply>(var status) -> status;
      case Answer.Refused<Permits.StatusReply> refused -> throw new AssertionError(refused);
    };
  }

  private static Optional<Bytes> running(VirtualDevice device) {
    return device.image(Slot.PRIMARY).flatMap(Image::hash);
  }
}
