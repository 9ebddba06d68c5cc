// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import dev.sealift.update.Gate.Stage;
import dev.sealift.update.SlotReport.Use;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an update would do with a device that does as it is asked: the steps in their order, the
/// last one [Step.Finished] or [Step.Stop], and the state it starts from.
public record Forecast(Known known, List<Step> steps) {
  public Forecast {
    steps = List.copyOf(steps);
  }

  public static Forecast of(Wanted wanted, Known known) {
    List<Step> steps = new ArrayList<>();
    Set<Known> seen = new HashSet<>();
    Known state = known;
    while (seen.add(state)) {
      Step step = Plan.next(wanted, state);
      steps.add(step);
      if (step instanceof Step.Finished || step instanceof Step.Stop) {
        return new Forecast(known, steps);
      }
      state = after(step, wanted, state);
    }
    // An agent and slots that say different things about the same image.
    steps.add(new Step.Stop("the same would be asked of it again and again"));
    return new Forecast(known, steps);
  }

  /// The device as it is when it has done the step.
  private static Known after(Step step, Wanted wanted, Known known) {
    return switch (step) {
      case Step.SendBundle _ -> with(known, wanted, Stage.ACCEPTED, due(wanted, known));
      case Step.SendTable(var image) -> with(known, wanted, Stage.RECEIVING, image);
      case Step.SendImage(var hash) -> afterImage(hash, wanted, known);
      case Step.MarkTest(var hash) ->
          withSlots(
              known,
              known.slots().stream()
                  .map(slot -> is(slot, hash) ? as(slot, Use.PENDING_TEST) : slot)
                  .toList());
      case Step.Reset _, Step.AwaitBoot _ -> afterBoot(wanted, known);
      case Step.Confirm(var hash) ->
          withSlots(
              known,
              known.slots().stream()
                  .map(slot -> is(slot, hash) ? as(slot, Use.RUNNING_CONFIRMED) : slot)
                  .toList());
      case Step.AwaitTrial _ ->
          withSlots(
              known,
              known.slots().stream()
                  .map(slot -> slot.isRunning() ? as(slot, Use.RUNNING_CONFIRMED) : slot)
                  .toList());
      case Step.Finished _, Step.Stop _ -> known;
    };
  }

  private static Known afterImage(Bytes hash, Wanted wanted, Known known) {
    Wanted.Target sent =
        wanted.targets().stream()
            .filter(target -> target.hash().equals(hash))
            .findFirst()
            .orElseThrow();
    int image = sent.place().image();
    int slot = free(known, sent);
    List<SlotReport> slots =
        new ArrayList<>(
            known.slots().stream()
                .filter(report -> report.image() != image || report.slot() != slot)
                .toList());
    slots.add(new SlotReport(image, slot, hash, "?", Use.IDLE));
    Known received = withSlots(known, slots);
    if (!(known.gate() instanceof Gate.Guarded)) {
      return received;
    }
    Optional<Wanted.Target> next =
        wanted.targets().stream()
            .filter(target -> target.place().image() > image && !holds(received, target.hash()))
            .findFirst();
    return next.isPresent()
        ? with(received, wanted, Stage.ACCEPTED, next.get().place().image())
        : with(received, wanted, Stage.STAGED, image);
  }

  /// Where it goes: the slot it is made for, or the one beside that which runs.
  private static int free(Known known, Wanted.Target target) {
    return target
        .place()
        .slot()
        .orElseGet(
            () ->
                known
                    .running(target.place().image())
                    .map(running -> running.slot() == 0 ? 1 : 0)
                    .orElse(0));
  }

  private static int due(Wanted wanted, Known known) {
    return wanted.targets().stream()
        .filter(target -> !holds(known, target.hash()))
        .findFirst()
        .map(target -> target.place().image())
        .orElse(0);
  }

  private static boolean holds(Known known, Bytes hash) {
    return known.slots().stream().anyMatch(slot -> slot.hash().equals(hash));
  }

  /// What was marked runs on trial, in the place of what ran; what a bootloader chooses by itself
  /// stays.
  private static Known afterBoot(Wanted wanted, Known known) {
    boolean chosen = known.gate() instanceof Gate.Open && known.isChosenUnmarked();
    Use use = chosen ? Use.RUNNING_CONFIRMED : Use.RUNNING_ON_TRIAL;
    List<SlotReport> slots = new ArrayList<>();
    for (SlotReport slot : known.slots()) {
      boolean boots =
          wanted.targets().stream().anyMatch(target -> is(slot, target.hash()))
              && (chosen || slot.isPending());
      boolean replaced =
          slot.isRunning()
              && known.slots().stream()
                  .anyMatch(
                      other ->
                          other.image() == slot.image()
                              && (other.isPending()
                                  || (chosen
                                      && wanted.targets().stream()
                                          .anyMatch(target -> is(other, target.hash())))));
      slots.add(boots ? as(slot, use) : replaced ? as(slot, Use.IDLE) : slot);
    }
    Known booted = withSlots(known, slots);
    return new Known(booted.slots(), booted.gate(), booted.mode(), Known.Asked.RESET);
  }

  private static Known with(Known known, Wanted wanted, Stage stage, int image) {
    return known.gate() instanceof Gate.Guarded
        ? new Known(
            known.slots(),
            new Gate.Guarded(stage, wanted.release(), image, 0),
            known.mode(),
            known.asked())
        : known;
  }

  private static Known withSlots(Known known, List<SlotReport> slots) {
    return new Known(slots, known.gate(), known.mode(), known.asked());
  }

  private static boolean is(SlotReport slot, Bytes hash) {
    return slot.hash().equals(hash);
  }

  private static SlotReport as(SlotReport slot, Use use) {
    return new SlotReport(slot.image(), slot.slot(), slot.hash(), slot.version(), use);
  }
}
