// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import java.util.Optional;

/// From what is wanted and what is known to the next step. Pure: asked again after every step, it
/// takes up an update wherever it was left.
public final class Plan {
  private Plan() {}

  public static Step next(Wanted wanted, Known known) {
    Optional<SlotReport> running = known.running();
    if (running.isPresent() && running.get().hash().equals(wanted.imageHash())) {
      return whenRunning(wanted, running.get());
    }
    Optional<SlotReport> resting = known.resting(wanted.imageHash());
    if (known.asked() == Known.Asked.RESET) {
      // Still marked: the device is on its way down. No longer marked and not running: the
      // bootloader refused it, or it ran and was reverted.
      return resting.filter(SlotReport::isPending).isPresent()
          ? new Step.AwaitBoot()
          : new Step.Stop("the device booted, but not the new image: refused or reverted");
    }
    if (running.isPresent() && running.get().use() == SlotReport.Use.RUNNING_ON_TRIAL) {
      // An upload would overwrite the image that the device falls back to.
      return new Step.Stop(
          "the device runs %s on trial; confirm it or let it revert first"
              .formatted(running.get().version()));
    }
    return switch (known.gate()) {
      case Gate.Open() ->
          resting.isPresent() ? whenStaged(wanted, resting.get()) : new Step.SendImage();
      case Gate.Guarded guarded -> whenGuarded(wanted, guarded, resting);
    };
  }

  private static Step whenRunning(Wanted wanted, SlotReport running) {
    return switch (running.use()) {
      case RUNNING_ON_TRIAL ->
          wanted.ending() == Wanted.Ending.CONFIRMED ? new Step.Confirm() : new Step.Finished();
      case RUNNING_CONFIRMED, PENDING_TEST, PENDING_PERMANENT, IDLE -> new Step.Finished();
    };
  }

  private static Step whenGuarded(Wanted wanted, Gate.Guarded gate, Optional<SlotReport> resting) {
    if (wanted.release().isEmpty()) {
      // Nothing to show at the door: the device says what it thinks of that.
      return resting.isPresent() ? whenStaged(wanted, resting.get()) : new Step.SendImage();
    }
    boolean ours = gate.release().equals(wanted.release());
    if (!ours) {
      return new Step.SendBundle();
    }
    return switch (gate.stage()) {
      case IDLE, ON_TRIAL, INSTALLED -> new Step.SendBundle();
      case ACCEPTED -> new Step.SendTable();
      case RECEIVING -> new Step.SendImage();
      case STAGED ->
          resting.isPresent() ? whenStaged(wanted, resting.get()) : new Step.SendBundle();
    };
  }

  private static Step whenStaged(Wanted wanted, SlotReport staged) {
    return switch (wanted.ending()) {
      case STAGED -> new Step.Finished();
      case MARKED -> staged.isPending() ? new Step.Finished() : new Step.MarkTest();
      case ON_TRIAL, CONFIRMED -> staged.isPending() ? new Step.Reset() : new Step.MarkTest();
    };
  }
}
