// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Mode.Retreat;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Refusal;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Permits;
import dev.sealift.smp.server.LinkId;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.Gate;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Devices that pass on what they run, with no private key anywhere.
class SharingTest {
  private final Workshop workshop = new Workshop();
  private final Image old = workshop.image(0, 9_000);
  private final Image next = workshop.image(1, 10_000);

  private VirtualDevice updated() throws IOException {
    VirtualDevice device = workshop.device(old);
    assertThat(Workshop.update(device, workshop.material(next, 2), Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    return device;
  }

  private static UpdateMaterial shared(VirtualDevice device) {
    return switch (device.sharing()) {
      case Sharing.Ready(var material) -> material;
      case Sharing.Cannot(var reason) -> throw new AssertionError(reason);
    };
  }

  private static String reason(VirtualDevice device) {
    return switch (device.sharing()) {
      case Sharing.Ready _ -> throw new AssertionError("it can be passed on");
      case Sharing.Cannot(var reason) -> reason;
    };
  }

  /// The device itself is the client: its neighbour's server is at the other end of the link.
  private static UpdateResult passOn(VirtualDevice from, VirtualDevice to) throws IOException {
    return Workshop.update(to, shared(from), Ending.CONFIRMED);
  }

  @Test
  void one_device_gets_it_from_the_laptop_and_the_other_from_its_neighbour() throws Exception {
    VirtualDevice first = updated();
    VirtualDevice second = workshop.device(old);
    assertThat(passOn(first, second)).isEqualTo(new UpdateResult.Reached());
    for (VirtualDevice device : List.of(first, second)) {
      assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
      assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
      device.powerOn();
      assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
    }
    // And on it goes.
    VirtualDevice third = workshop.device(old);
    assertThat(passOn(second, third)).isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void a_third_device_that_lies_gains_nothing() throws Exception {
    VirtualDevice first = updated();
    UpdateMaterial genuine = shared(first);
    VirtualDevice second = workshop.device(old);
    SmpClient liar =
        new SmpClient(new MemoryLink(new LinkId("liar"), second::receive), System::nanoTime);
    List<Bytes> lies = new ArrayList<>();
    for (int at : List.of(600, 5_000, genuine.image().size() - 1)) {
      byte[] lie = genuine.image().toArray();
      lie[at] ^= 1;
      lies.add(Bytes.of(lie));
    }
    lies.add(genuine.image().plus(Bytes.filled(100, 7)));
    for (Bytes lie : lies) {
      UpdateResult result =
          new Updater(liar, Workshop.poisoned(genuine, lie), _ -> {}, _ -> {})
              .run(Ending.CONFIRMED);
      assertThat(result)
          .isInstanceOfSatisfying(
              UpdateResult.Refused.class,
              refused -> assertThat(refused.refusal()).isIn(Refusal.R20, Refusal.R19));
      assertThat(second.runningImage().flatMap(Image::hash)).isEqualTo(old.hash());
    }
    // A liar has no right of way, so the honest neighbour can go on at once.
    assertThat(passOn(first, second)).isEqualTo(new UpdateResult.Reached());
    assertThat(second.stage()).contains(Gate.Stage.INSTALLED);
  }

  @Test
  void a_stock_device_gets_it_as_well() throws Exception {
    VirtualDevice first = updated();
    VirtualDevice stock = workshop.device(old, Optional.empty());
    assertThat(passOn(first, stock)).isEqualTo(new UpdateResult.Reached());
    assertThat(stock.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
    stock.powerOn();
    assertThat(stock.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
    assertThat(reason(stock)).contains("no permit");
  }

  @Test
  void exactly_the_image_is_read_and_nothing_behind_it() throws Exception {
    VirtualDevice first = updated();
    UpdateMaterial material = shared(first);
    assertThat(material.image()).isEqualTo(next.write());
    assertThat(material.image().size()).isLessThan(Workshop.SLOT);
  }

  @Test
  void what_came_without_a_permit_or_was_changed_is_not_passed_on() throws Exception {
    assertThat(reason(workshop.device(old))).contains("without a permit");
    VirtualDevice onTrial = workshop.undecided(old);
    Workshop.update(onTrial, workshop.material(next, 2), Ending.ON_TRIAL);
    assertThat(reason(onTrial)).contains("not confirmed");
    VirtualDevice changed = updated();
    changed.flash().lay(700, Bytes.ofInts(1, 2, 3));
    assertThat(reason(changed)).contains("not what the permit names");
  }

  @Test
  void bundle_and_table_can_be_asked_for_and_nothing_else() throws Exception {
    VirtualDevice first = updated();
    SmpClient peer =
        new SmpClient(new MemoryLink(new LinkId("peer"), first::receive), System::nanoTime);
    Permits.Held held = done(peer.call(new Permits.Have())).releases().getFirst();
    assertThat(held.size()).isEqualTo(next.write().size());
    Bytes bundle = fetch(peer, held.digest(), new Permits.Get.What.Bundle());
    assertThat(Bundle.decode(bundle).encode())
        .isEqualTo(shared(first).release().orElseThrow().bundle());
    Bytes table = fetch(peer, held.digest(), new Permits.Get.What.Table(0));
    assertThat(table).isEqualTo(Workshop.table(shared(first)));
    assertThat(
            peer.call(
                new Permits.Get(held.digest(), new Permits.Get.What.Table(0), table.size(), 100)))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(new Answer.OfGroup(1000, Refusal.R19.number())));
    assertThat(
            peer.call(new Permits.Get(Bytes.filled(8, 1), new Permits.Get.What.Bundle(), 0, 100)))
        .isInstanceOf(Answer.Refused.class);
  }

  @Test
  void who_asks_for_more_than_an_answer_holds_gets_as_much_as_fits() throws Exception {
    VirtualDevice first = updated();
    SmpClient peer =
        new SmpClient(new MemoryLink(new LinkId("peer"), first::receive), System::nanoTime);
    Permits.Held held = done(peer.call(new Permits.Have())).releases().getFirst();
    Permits.GetReply reply =
        done(peer.call(new Permits.Get(held.digest(), new Permits.Get.What.Bundle(), 0, 0xffff)));
    assertThat(reply.data().size()).isBetween(400, 512);
    assertThat(reply.length()).isGreaterThan(reply.data().size());
  }

  private static Bytes fetch(SmpClient peer, Bytes digest, Permits.Get.What what)
      throws IOException {
    Bytes all = Bytes.EMPTY;
    while (true) {
      Permits.GetReply reply = done(peer.call(new Permits.Get(digest, what, all.size(), 300)));
      all = all.plus(reply.data());
      if (all.size() == reply.length()) {
        return all;
      }
    }
  }

  private static <R> R done(Answer<R> answer) {
    return switch (answer) {
      case Answer.Done<R>(var reply) -> reply;
      case Answer.Refused<R> refused -> throw new AssertionError(refused);
    };
  }

  /// In a mode that runs images where they lie, a device has the variant of one slot, and can give
  /// it to those whose free slot is that one.
  @Test
  void a_variant_goes_only_to_a_device_whose_free_slot_is_that_one() throws Exception {
    VirtualDevice first = xip();
    UpdateMaterial variants = workshop.variants(next, 2);
    assertThat(Workshop.update(first, variants, Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    UpdateMaterial shared = shared(first);
    assertThat(shared.pieces()).hasSize(1);
    assertThat(shared.main().place().slot()).contains(1);
    VirtualDevice second = xip();
    assertThat(Workshop.update(second, shared, Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(second.image(Slot.SECONDARY).flatMap(Image::hash)).isEqualTo(next.hash());
  }

  private VirtualDevice xip() {
    return workshop.inMode(
        new Mode.DirectXip(Retreat.NONE),
        PrimaryCheck.WHOLE,
        old,
        Optional.of(workshop.root),
        Workshop.REAL);
  }
}
