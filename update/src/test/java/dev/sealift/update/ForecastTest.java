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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final Bytes OLD = Bytes.filled(32, 0x01);
  private static final Bytes NEW = Bytes.filled(32, 0x02);
  private static final Bytes NET = Bytes.filled(32, 0x03);
  private static final Bytes RELEASE = Bytes.filled(32, 0x11);
  private static final SlotReport RUNS = new SlotReport(0, OLD, "1.0.0", Use.RUNNING_CONFIRMED);

  private record Case(String name, Known known, Wanted wanted, List<Step> steps) {}

  @Test
  void the_whole_way_is_foretold() {
    Wanted bare = new Wanted(NEW, Optional.empty(), Ending.CONFIRMED);
    Wanted released = new Wanted(NEW, Optional.of(RELEASE), Ending.CONFIRMED);
    Wanted two =
        new Wanted(
            List.of(
                new Wanted.Target(Place.ofImage(0), NEW), new Wanted.Target(Place.ofImage(1), NET)),
            Optional.of(RELEASE),
            Ending.ON_TRIAL);
    SlotReport netRuns = new SlotReport(1, 0, OLD, "1.0.0", Use.RUNNING_CONFIRMED);
    List<Case> cases =
        List.of(
            new Case(
                "open",
                known(new Gate.Open(), BootMode.SWAP_MOVE, RUNS),
                bare,
                List.of(
                    new Step.SendImage(NEW),
                    new Step.MarkTest(NEW),
                    new Step.Reset(),
                    new Step.Confirm(NEW),
                    new Step.Finished())),
            new Case(
                "guarded",
                known(guarded(Stage.IDLE), BootMode.SWAP_MOVE, RUNS),
                released,
                List.of(
                    new Step.SendBundle(),
                    new Step.SendTable(0),
                    new Step.SendImage(NEW),
                    new Step.MarkTest(NEW),
                    new Step.Reset(),
                    new Step.AwaitTrial(),
                    new Step.Finished())),
            new Case(
                "guarded, two images",
                known(guarded(Stage.IDLE), BootMode.SWAP_MOVE, RUNS, netRuns),
                two,
                List.of(
                    new Step.SendBundle(),
                    new Step.SendTable(0),
                    new Step.SendImage(NEW),
                    new Step.SendTable(1),
                    new Step.SendImage(NET),
                    new Step.MarkTest(NEW),
                    new Step.MarkTest(NET),
                    new Step.Reset(),
                    new Step.Finished())),
            new Case(
                "the bootloader chooses",
                known(new Gate.Open(), BootMode.DIRECT_XIP, RUNS),
                bare,
                List.of(new Step.SendImage(NEW), new Step.Reset(), new Step.Finished())),
            new Case(
                "the bootloader itself",
                known(new Gate.Open(), BootMode.UNKNOWN),
                bare,
                List.of(new Step.SendImage(NEW), new Step.Reset(), new Step.Finished())),
            new Case(
                "already there",
                known(
                    new Gate.Open(),
                    BootMode.SWAP_MOVE,
                    new SlotReport(0, NEW, "1.1.0", Use.RUNNING_CONFIRMED)),
                bare,
                List.of(new Step.Finished())));
    for (Case each : cases) {
      assertThat(Forecast.of(each.wanted(), each.known()).steps())
          .describedAs(each.name())
          .isEqualTo(each.steps());
    }
    Step last =
        Forecast.of(bare, known(new Gate.Open(), BootMode.SINGLE_SLOT, RUNS)).steps().getLast();
    assertThat(last).isInstanceOf(Step.Stop.class);
  }

  /// Whatever a device says of itself, the plan comes to an end.
  @Test
  void every_forecast_ends() {
    Random random = new Random(11);
    int finished = 0;
    for (int i = 0; i < 20_000; i++) {
      List<SlotReport> slots = new ArrayList<>();
      for (int slot = 0; slot < random.nextInt(4); slot++) {
        slots.add(
            new SlotReport(
                random.nextInt(2),
                random.nextInt(2),
                pick(random, List.of(OLD, NEW, NET)),
                "1",
                pick(random, List.of(Use.values()))));
      }
      Gate gate =
          random.nextBoolean()
              ? new Gate.Open()
              : new Gate.Guarded(
                  pick(random, List.of(Stage.values())),
                  random.nextBoolean() ? Optional.of(RELEASE) : Optional.empty(),
                  random.nextInt(2),
                  0);
      Wanted wanted =
          new Wanted(
              List.of(
                  new Wanted.Target(Place.ofImage(0), NEW),
                  new Wanted.Target(
                      random.nextBoolean() ? Place.ofImage(1) : Place.ofSlot(0, 1), NET)),
              random.nextBoolean() ? Optional.of(RELEASE) : Optional.empty(),
              pick(random, List.of(Ending.values())));
      Known known = new Known(slots, gate, pick(random, List.of(BootMode.values())), Asked.NOTHING);
      Step last = Forecast.of(wanted, known).steps().getLast();
      assertThat(last).isInstanceOfAny(Step.Finished.class, Step.Stop.class);
      finished += last instanceof Step.Finished ? 1 : 0;
    }
    assertThat(finished).isBetween(1_000, 19_000);
  }

  private static <T> T pick(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static Gate guarded(Stage stage) {
    return new Gate.Guarded(stage, Optional.empty(), 0, 0);
  }

  private static Known known(Gate gate, BootMode mode, SlotReport... slots) {
    return new Known(List.of(slots), gate, mode, Asked.NOTHING);
  }
}
