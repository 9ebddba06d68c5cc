// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// MCUboot's boot as a model: does to a flash what the real code does, operation by operation, so
/// that a power cut at any of them leaves what it would leave there.
public final class Bootloader {
  private final BootConfig config;

  public Bootloader(BootConfig config) {
    this.config = config;
  }

  public BootConfig config() {
    return config;
  }

  /// One start. Whatever happens is in the result; a power cut too.
  public BootResult boot(Flash flash) {
    return switch (config.mode()) {
      case Mode.Swap _, Mode.Overwrite _ -> new UpdatingStart(flash).run();
      case Mode.DirectXip _, Mode.RamLoad _, Mode.SingleSlot _ ->
          new ChoosingStart(flash, config).run();
    };
  }

  /// One start of a bootloader that brings images into the primary slots.
  private final class UpdatingStart {
    private final List<ImageUpdate> updates = new ArrayList<>();

    UpdatingStart(Flash flash) {
      for (int image = 0; image < config.images().size(); image++) {
        updates.add(new ImageUpdate(new SlotPair(flash, config, image)));
      }
    }

    BootResult run() {
      BootOutcome outcome = outcome();
      ImageUpdate first = updates.getFirst();
      return new BootResult(outcome, first.taken(), first.refused());
    }

    private BootOutcome outcome() {
      try {
        for (int image = 0; image < updates.size(); image++) {
          ImageUpdate update = updates.get(image);
          if (config.sectors(image, Slot.PRIMARY) > config.maxSectors()) {
            update.take(SwapType.NONE);
            return new BootOutcome.Refused(ImageRefusal.TOO_MANY_SECTORS);
          }
          update.prepare();
          reviewBefore(image);
        }
        Dependencies.review(updates);
        updates.forEach(ImageUpdate::perform);
        for (ImageUpdate update : updates) {
          Optional<ImageRefusal> refusal = update.refusal();
          if (refusal.isPresent()) {
            return new BootOutcome.Refused(refusal.get());
          }
        }
        return new BootOutcome.Booted(Slot.PRIMARY, updates.getFirst().primary().version());
      } catch (PowerCutException _) {
        return new BootOutcome.PowerLost();
      } catch (FlashException | StuckException e) {
        return new BootOutcome.Halted(String.valueOf(e.getMessage()));
      }
    }

    /// Images move the same way or stay. When this one is still on its way forward, an image before
    /// it that seems to ask for a revert was swapped in before the power failed: it stays.
    private void reviewBefore(int image) {
      ImageUpdate update = updates.get(image);
      boolean goesForward =
          update.wasUnderway()
              || !(update.hasTaken(SwapType.NONE) || update.hasTaken(SwapType.REVERT));
      if (goesForward) {
        for (ImageUpdate earlier : updates.subList(0, image)) {
          if (earlier.hasTaken(SwapType.REVERT)) {
            earlier.take(SwapType.NONE);
          }
        }
      }
    }
  }
}
