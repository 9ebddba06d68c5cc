// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Place;
import dev.sealift.smp.BootMode;
import dev.sealift.update.Gate.Stage;
import dev.sealift.update.Known.Asked;
import dev.sealift.update.SlotReport.Use;
import dev.sealift.update.Wanted.Ending;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The slot-state table: what a device says on the left, what is done next on the right.
class PlanTest {
  private static final Bytes OLD = Bytes.filled(32, 0x01);
  private static final Bytes NEW = Bytes.filled(32, 0x02);
  private static final Bytes OTHER = Bytes.filled(32, 0x03);
  private static final Bytes RELEASE = Bytes.filled(32, 0x11);

  private record Case(String name, Ending ending, Known known, Step next) {}

  @Test
  void every_state_has_its_next_step() {
    List<Case> cases =
        List.of(
            new Case(
                "fresh device without an agent",
                Ending.CONFIRMED,
                open(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED)),
                new Step.SendImage(NEW)),
            new Case(
                "image there, not marked",
                Ending.CONFIRMED,
                open(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.MarkTest(NEW)),
            new Case(
                "image there, staging was all that was wanted",
                Ending.STAGED,
                open(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.Finished()),
            new Case(
                "its bootloader chooses the newest of its slots: nothing to mark",
                Ending.CONFIRMED,
                chooses(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.Reset()),
            new Case(
                "it chooses, and marking was all that was wanted",
                Ending.MARKED,
                chooses(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.Finished()),
            new Case(
                "it chooses, and is on its way down",
                Ending.CONFIRMED,
                chooses(Asked.RESET, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.AwaitBoot()),
            new Case(
                "the bootloader itself speaks, and has nothing",
                Ending.CONFIRMED,
                open(Asked.NOTHING),
                new Step.SendImage(NEW)),
            new Case(
                "the bootloader itself speaks, and has the image",
                Ending.CONFIRMED,
                open(Asked.NOTHING, new SlotReport(0, NEW, "1.1.0", Use.IDLE)),
                new Step.Reset()),
            new Case(
                "marked, marking was all that was wanted",
                Ending.MARKED,
                open(
                    Asked.NOTHING,
                    running(OLD, Use.RUNNING_CONFIRMED),
                    second(NEW, Use.PENDING_TEST)),
                new Step.Finished()),
            new Case(
                "marked",
                Ending.CONFIRMED,
                open(
                    Asked.NOTHING,
                    running(OLD, Use.RUNNING_CONFIRMED),
                    second(NEW, Use.PENDING_TEST)),
                new Step.Reset()),
            new Case(
                "reset asked for, not yet done",
                Ending.CONFIRMED,
                open(
                    Asked.RESET,
                    running(OLD, Use.RUNNING_CONFIRMED),
                    second(NEW, Use.PENDING_TEST)),
                new Step.AwaitBoot()),
            new Case(
                "runs on trial",
                Ending.CONFIRMED,
                open(Asked.RESET, running(NEW, Use.RUNNING_ON_TRIAL), second(OLD, Use.IDLE)),
                new Step.Confirm(NEW)),
            new Case(
                "runs on trial, and that was wanted",
                Ending.ON_TRIAL,
                open(Asked.RESET, running(NEW, Use.RUNNING_ON_TRIAL), second(OLD, Use.IDLE)),
                new Step.Finished()),
            new Case(
                "already there",
                Ending.CONFIRMED,
                open(Asked.NOTHING, running(NEW, Use.RUNNING_CONFIRMED)),
                new Step.Finished()),
            new Case(
                "booted, but not ours",
                Ending.CONFIRMED,
                open(Asked.RESET, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.Stop("the device booted, but not the new image: refused or reverted")),
            new Case(
                "another image on trial",
                Ending.CONFIRMED,
                open(Asked.NOTHING, running(OTHER, Use.RUNNING_ON_TRIAL), second(OLD, Use.IDLE)),
                new Step.Stop("the device runs 1.0.0 on trial; confirm it or let it revert first")),
            new Case(
                "guarded, nothing accepted",
                Ending.CONFIRMED,
                guarded(Stage.IDLE, Optional.empty(), running(OLD, Use.RUNNING_CONFIRMED)),
                new Step.SendBundle()),
            new Case(
                "guarded, another release accepted",
                Ending.CONFIRMED,
                guarded(Stage.RECEIVING, Optional.of(OTHER), running(OLD, Use.RUNNING_CONFIRMED)),
                new Step.SendBundle()),
            new Case(
                "guarded, ours accepted",
                Ending.CONFIRMED,
                guarded(Stage.ACCEPTED, Optional.of(RELEASE), running(OLD, Use.RUNNING_CONFIRMED)),
                new Step.SendTable(0)),
            new Case(
                "guarded, table there",
                Ending.CONFIRMED,
                guarded(Stage.RECEIVING, Optional.of(RELEASE), running(OLD, Use.RUNNING_CONFIRMED)),
                new Step.SendImage(NEW)),
            new Case(
                "guarded, staged",
                Ending.CONFIRMED,
                guarded(
                    Stage.STAGED,
                    Optional.of(RELEASE),
                    running(OLD, Use.RUNNING_CONFIRMED),
                    second(NEW, Use.IDLE)),
                new Step.MarkTest(NEW)),
            new Case(
                "guarded, on trial: it keeps itself",
                Ending.CONFIRMED,
                guarded(
                    Stage.ON_TRIAL,
                    Optional.of(RELEASE),
                    running(NEW, Use.RUNNING_ON_TRIAL),
                    second(OLD, Use.IDLE)),
                new Step.AwaitTrial()),
            new Case(
                "guarded, the image lies there but nobody permitted it",
                Ending.CONFIRMED,
                guarded(
                    Stage.IDLE,
                    Optional.empty(),
                    running(OLD, Use.RUNNING_CONFIRMED),
                    second(NEW, Use.IDLE)),
                new Step.SendBundle()),
            new Case(
                "guarded, and nothing to show: the device is asked all the same",
                Ending.CONFIRMED,
                guarded(Stage.IDLE, Optional.empty(), running(OLD, Use.RUNNING_CONFIRMED)),
                new Step.SendImage(NEW)),
            new Case(
                "an empty device", Ending.CONFIRMED, open(Asked.NOTHING), new Step.SendImage(NEW)));
    for (Case c : cases) {
      Optional<Bytes> release =
          c.name().contains("nothing to show") ? Optional.empty() : Optional.of(RELEASE);
      assertThat(Plan.next(new Wanted(NEW, release, c.ending()), c.known()))
          .as(c.name())
          .isEqualTo(c.next());
    }
  }

  /// Two images of one release: all of them are sent, then all marked, then the device restarts.
  @Test
  void several_images_go_together() {
    Wanted both =
        new Wanted(
            List.of(
                new Wanted.Target(Place.ofImage(0), NEW),
                new Wanted.Target(Place.ofImage(1), OTHER)),
            Optional.empty(),
            Ending.CONFIRMED);
    SlotReport app = running(OLD, Use.RUNNING_CONFIRMED);
    SlotReport net = new SlotReport(1, 0, OLD, "1.0.0", Use.RUNNING_CONFIRMED);
    assertThat(Plan.next(both, open(Asked.NOTHING, app, net))).isEqualTo(new Step.SendImage(NEW));
    assertThat(Plan.next(both, open(Asked.NOTHING, app, net, second(NEW, Use.IDLE))))
        .isEqualTo(new Step.SendImage(OTHER));
    SlotReport netNew = new SlotReport(1, 1, OTHER, "1.1.0", Use.IDLE);
    assertThat(Plan.next(both, open(Asked.NOTHING, app, net, second(NEW, Use.IDLE), netNew)))
        .isEqualTo(new Step.MarkTest(NEW));
    assertThat(
            Plan.next(both, open(Asked.NOTHING, app, net, second(NEW, Use.PENDING_TEST), netNew)))
        .isEqualTo(new Step.MarkTest(OTHER));
    SlotReport netPending = new SlotReport(1, 1, OTHER, "1.1.0", Use.PENDING_TEST);
    assertThat(
            Plan.next(
                both, open(Asked.NOTHING, app, net, second(NEW, Use.PENDING_TEST), netPending)))
        .isEqualTo(new Step.Reset());
    SlotReport netRuns = new SlotReport(1, 0, OTHER, "1.1.0", Use.RUNNING_CONFIRMED);
    assertThat(Plan.next(both, open(Asked.RESET, running(NEW, Use.RUNNING_ON_TRIAL), netRuns)))
        .isEqualTo(new Step.Confirm(NEW));
    assertThat(Plan.next(both, open(Asked.RESET, running(NEW, Use.RUNNING_CONFIRMED), netRuns)))
        .isEqualTo(new Step.Finished());
  }

  @Test
  void of_variants_the_one_for_the_free_slot_is_sent() {
    Wanted variants =
        new Wanted(
            List.of(
                new Wanted.Target(Place.ofSlot(0, 0), NEW),
                new Wanted.Target(Place.ofSlot(0, 1), OTHER)),
            Optional.empty(),
            Ending.CONFIRMED);
    assertThat(Plan.next(variants, open(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED))))
        .isEqualTo(new Step.SendImage(OTHER));
    SlotReport fromSecond = new SlotReport(1, OLD, "1.0.0", Use.RUNNING_CONFIRMED);
    assertThat(Plan.next(variants, open(Asked.NOTHING, fromSecond)))
        .isEqualTo(new Step.SendImage(NEW));
    SlotReport variantRuns = new SlotReport(1, OTHER, "1.1.0", Use.RUNNING_CONFIRMED);
    assertThat(Plan.next(variants, open(Asked.RESET, variantRuns))).isEqualTo(new Step.Finished());
    Wanted one =
        new Wanted(
            List.of(new Wanted.Target(Place.ofSlot(0, 0), NEW)),
            Optional.empty(),
            Ending.CONFIRMED);
    assertThat(Plan.next(one, open(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED))))
        .isInstanceOf(Step.Stop.class);
  }

  @Test
  void a_guarded_device_says_which_image_is_due() {
    Wanted both =
        new Wanted(
            List.of(
                new Wanted.Target(Place.ofImage(0), NEW),
                new Wanted.Target(Place.ofImage(1), OTHER)),
            Optional.of(RELEASE),
            Ending.CONFIRMED);
    List<SlotReport> slots =
        List.of(
            running(OLD, Use.RUNNING_CONFIRMED),
            new SlotReport(1, 0, OLD, "1.0.0", Use.RUNNING_CONFIRMED));
    assertThat(
            Plan.next(
                both,
                new Known(
                    slots,
                    new Gate.Guarded(Stage.ACCEPTED, Optional.of(RELEASE), 1, 0),
                    Asked.NOTHING)))
        .isEqualTo(new Step.SendTable(1));
    assertThat(
            Plan.next(
                both,
                new Known(
                    slots,
                    new Gate.Guarded(Stage.RECEIVING, Optional.of(RELEASE), 1, 0),
                    Asked.NOTHING)))
        .isEqualTo(new Step.SendImage(OTHER));
  }

  private static Known open(Asked asked, SlotReport... slots) {
    return new Known(List.of(slots), new Gate.Open(), asked);
  }

  private static Known chooses(Asked asked, SlotReport... slots) {
    return new Known(List.of(slots), new Gate.Open(), BootMode.DIRECT_XIP, asked);
  }

  private static Known guarded(Stage stage, Optional<Bytes> release, SlotReport... slots) {
    return new Known(List.of(slots), new Gate.Guarded(stage, release, 0), Asked.NOTHING);
  }

  private static SlotReport running(Bytes hash, Use use) {
    return new SlotReport(0, hash, "1.0.0", use);
  }

  private static SlotReport second(Bytes hash, Use use) {
    return new SlotReport(1, hash, "1.1.0", use);
  }
}
