// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
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
                new Step.SendImage()),
            new Case(
                "image there, not marked",
                Ending.CONFIRMED,
                open(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.MarkTest()),
            new Case(
                "image there, staging was all that was wanted",
                Ending.STAGED,
                open(Asked.NOTHING, running(OLD, Use.RUNNING_CONFIRMED), second(NEW, Use.IDLE)),
                new Step.Finished()),
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
                new Step.Confirm()),
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
                new Step.SendTable()),
            new Case(
                "guarded, table there",
                Ending.CONFIRMED,
                guarded(Stage.RECEIVING, Optional.of(RELEASE), running(OLD, Use.RUNNING_CONFIRMED)),
                new Step.SendImage()),
            new Case(
                "guarded, staged",
                Ending.CONFIRMED,
                guarded(
                    Stage.STAGED,
                    Optional.of(RELEASE),
                    running(OLD, Use.RUNNING_CONFIRMED),
                    second(NEW, Use.IDLE)),
                new Step.MarkTest()),
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
                new Step.SendImage()),
            new Case(
                "an empty device", Ending.CONFIRMED, open(Asked.NOTHING), new Step.SendImage()));
    for (Case c : cases) {
      Optional<Bytes> release =
          c.name().contains("nothing to show") ? Optional.empty() : Optional.of(RELEASE);
      assertThat(Plan.next(new Wanted(NEW, release, c.ending()), c.known()))
          .as(c.name())
          .isEqualTo(c.next());
    }
  }

  private static Known open(Asked asked, SlotReport... slots) {
    return new Known(List.of(slots), new Gate.Open(), asked);
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
