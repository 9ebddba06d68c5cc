// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.BootMode;
import java.util.List;
import java.util.Optional;

/// What is known of a device at one moment, and what this run has already asked of it.
public record Known(List<SlotReport> slots, Gate gate, BootMode mode, Asked asked) {
  /// Whether this run has sent the device to its bootloader.
  public enum Asked {
    NOTHING,
    RESET
  }

  public Known {
    slots = List.copyOf(slots);
  }

  /// Of a device that does not say how its bootloader works.
  public Known(List<SlotReport> slots, Gate gate, Asked asked) {
    this(slots, gate, BootMode.UNKNOWN, asked);
  }

  /// Whether the next boot takes the newest image by itself, marked or not: the bootloader chooses
  /// among slots, or it is the bootloader that speaks here, and starts what it was given.
  public boolean isChosenUnmarked() {
    return speaksBootloader() || mode == BootMode.DIRECT_XIP || mode == BootMode.RAM_LOAD;
  }

  /// Nothing runs, and yet it answers: the recovery server in the bootloader.
  public boolean speaksBootloader() {
    return slots.stream().noneMatch(SlotReport::isRunning);
  }

  /// Whether an image can go in only while none runs.
  public boolean hasSingleSlot() {
    return !speaksBootloader()
        && (mode == BootMode.SINGLE_SLOT || mode == BootMode.SINGLE_SLOT_RAM_LOAD);
  }

  /// What is in use of an image.
  public Optional<SlotReport> running(int image) {
    return slots.stream().filter(slot -> slot.image() == image && slot.isRunning()).findFirst();
  }

  /// A slot that holds the image and does not run it.
  public Optional<SlotReport> resting(Bytes imageHash) {
    return slots.stream()
        .filter(slot -> !slot.isRunning() && slot.hash().equals(imageHash))
        .findFirst();
  }
}
