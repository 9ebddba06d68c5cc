// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.update.Wanted.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From what is wanted and what is known to the next step. Pure: asked again after every step, it
/// takes up an update wherever it was left.
public final class Plan {
  private Plan() {}

  public static Step next(Wanted wanted, Known known) {
    List<Wanted.Target> targets = targets(wanted, known);
    if (targets.isEmpty()) {
      return new Step.Stop("none of the images is made for the slot that is free");
    }
    if (targets.stream().allMatch(target -> isRunning(target, known))) {
      return whenRunning(wanted, targets, known);
    }
    List<Wanted.Target> lacking =
        targets.stream().filter(target -> !isRunning(target, known)).toList();
    if (known.asked() == Known.Asked.RESET) {
      // Still marked: the device is on its way down. No longer marked and not running: the
      // bootloader refused it, or it ran and was reverted.
      return isChosenUnmarked(known)
              || lacking.stream().allMatch(target -> isPending(target, known))
          ? new Step.AwaitBoot()
          : new Step.Stop("the device booted, but not the new image: refused or reverted");
    }
    Optional<SlotReport> onTrial =
        known.slots().stream()
            .filter(slot -> slot.use() == SlotReport.Use.RUNNING_ON_TRIAL)
            .findFirst();
    if (onTrial.isPresent()) {
      // An upload would overwrite the image that the device falls back to.
      return new Step.Stop(
          "the device runs %s on trial; confirm it or let it revert first"
              .formatted(onTrial.get().version()));
    }
    if (known.hasSingleSlot()) {
      return new Step.Stop(
          "it has a single slot, and runs from it: an image goes in only through the recovery"
              + " server of its bootloader ('sealift device reset --bootloader')");
    }
    return switch (known.gate()) {
      case Gate.Open() -> whenOpen(wanted, lacking, known);
      case Gate.Guarded guarded -> whenGuarded(wanted, guarded, lacking, known);
    };
  }

  /// For each image the target made for it, or for the slot of it that is free or already runs it.
  private static List<Wanted.Target> targets(Wanted wanted, Known known) {
    List<Wanted.Target> targets = new ArrayList<>();
    for (Wanted.Target target : wanted.targets()) {
      Optional<Integer> slot = target.place().slot();
      Optional<SlotReport> running = known.running(target.place().image());
      boolean fits =
          slot.isEmpty()
              || isRunning(target, known)
              || running.filter(report -> report.slot() != slot.get()).isPresent();
      boolean taken =
          targets.stream()
              .anyMatch(
                  other ->
                      other.place().image() == target.place().image() && isRunning(other, known));
      if (fits && !taken) {
        targets.removeIf(
            other -> other.place().image() == target.place().image() && isRunning(target, known));
        targets.add(target);
      }
    }
    return targets;
  }

  private static boolean isRunning(Wanted.Target target, Known known) {
    return known
        .running(target.place().image())
        .filter(slot -> slot.hash().equals(target.hash()))
        .isPresent();
  }

  /// An agent wants to be asked whatever the bootloader would do.
  private static boolean isChosenUnmarked(Known known) {
    return known.gate() instanceof Gate.Open && known.isChosenUnmarked();
  }

  private static boolean isPending(Wanted.Target target, Known known) {
    return known.resting(target.hash()).filter(SlotReport::isPending).isPresent();
  }

  private static Step whenRunning(Wanted wanted, List<Wanted.Target> targets, Known known) {
    Optional<Wanted.Target> onTrial =
        targets.stream()
            .filter(
                target ->
                    known
                        .running(target.place().image())
                        .filter(slot -> slot.use() == SlotReport.Use.RUNNING_ON_TRIAL)
                        .isPresent())
            .findFirst();
    if (onTrial.isEmpty() || wanted.ending() != Ending.CONFIRMED) {
      return new Step.Finished();
    }
    return switch (known.gate()) {
      case Gate.Open() -> new Step.Confirm(onTrial.get().hash());
      // Nobody else decides whether it is well.
      case Gate.Guarded _ -> new Step.AwaitTrial();
    };
  }

  private static Step whenOpen(Wanted wanted, List<Wanted.Target> lacking, Known known) {
    return lacking.stream()
        .filter(target -> known.resting(target.hash()).isEmpty())
        .findFirst()
        .<Step>map(target -> new Step.SendImage(target.hash()))
        .orElseGet(() -> whenStaged(wanted, lacking, known));
  }

  private static Step whenGuarded(
      Wanted wanted, Gate.Guarded gate, List<Wanted.Target> lacking, Known known) {
    if (wanted.release().isEmpty()) {
      // Nothing to show at the door: the device says what it thinks of that.
      return whenOpen(wanted, lacking, known);
    }
    boolean ours = gate.release().equals(wanted.release());
    if (!ours) {
      return new Step.SendBundle();
    }
    Optional<Wanted.Target> due =
        lacking.stream().filter(target -> target.place().image() == gate.image()).findFirst();
    return switch (gate.stage()) {
      case IDLE, ON_TRIAL, INSTALLED -> new Step.SendBundle();
      case ACCEPTED -> new Step.SendTable(gate.image());
      case RECEIVING ->
          due.<Step>map(target -> new Step.SendImage(target.hash()))
              .orElseGet(
                  () ->
                      new Step.Stop(
                          "the device wants image %d, which is not at hand"
                              .formatted(gate.image())));
      case STAGED ->
          lacking.stream().allMatch(target -> known.resting(target.hash()).isPresent())
              ? whenStaged(wanted, lacking, known)
              : new Step.SendBundle();
    };
  }

  private static Step whenStaged(Wanted wanted, List<Wanted.Target> staged, Known known) {
    if (isChosenUnmarked(known)) {
      return switch (wanted.ending()) {
        case STAGED, MARKED -> new Step.Finished();
        case ON_TRIAL, CONFIRMED -> new Step.Reset();
      };
    }
    Optional<Wanted.Target> unmarked =
        staged.stream().filter(target -> !isPending(target, known)).findFirst();
    return switch (wanted.ending()) {
      case STAGED -> new Step.Finished();
      case MARKED ->
          unmarked
              .<Step>map(target -> new Step.MarkTest(target.hash()))
              .orElseGet(Step.Finished::new);
      case ON_TRIAL, CONFIRMED ->
          unmarked.<Step>map(target -> new Step.MarkTest(target.hash())).orElseGet(Step.Reset::new);
    };
  }
}
