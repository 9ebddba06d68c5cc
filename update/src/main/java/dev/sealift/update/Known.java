// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/// What is known of a device at one moment, and what this run has already asked of it.
public record Known(List<SlotReport> slots, Gate gate, Asked asked) {
  /// Whether this run has sent the device to its bootloader.
  public enum Asked {
    NOTHING,
    RESET
  }

  public Known {
    slots = List.copyOf(slots);
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
