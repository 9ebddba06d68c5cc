// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.DeviceSetup;

/// A programmer's cable, or malware with the same reach: lays bytes into the flash past the
/// device's application and agent. What it does is the attacker's own work, no operation of the
/// device's flash.
public final class Cable {
  private final Flash flash;
  private final DeviceSetup setup;

  Cable(Flash flash, DeviceSetup setup) {
    this.flash = flash;
    this.setup = setup;
  }

  /// An image in an otherwise erased slot, marked to boot for good.
  void installMarked(Bytes file) {
    int start = profile().area(Slot.SECONDARY).start();
    flash.layErased(start, profile().area(Slot.SECONDARY).size());
    flash.lay(start, file);
    // MCUboot's own functions know what a mark is; they work on a copy, so that the device's flash
    // counts nothing.
    Flash copy = new Flash(flash.geometry());
    copy.restore(flash.snapshot());
    ImageMarks.Answer answer = new ImageMarks(profile()).permanent(copy);
    if (answer != ImageMarks.Answer.DONE) {
      throw new IllegalStateException("the slot cannot be marked: " + answer);
    }
    flash.restore(copy.snapshot());
  }

  /// Into the slot beside the running one.
  void lay(int offset, Bytes bytes) {
    flash.lay(profile().area(Slot.SECONDARY).start() + offset, bytes);
  }

  /// Into the slot that runs.
  void layPrimary(int offset, Bytes bytes) {
    flash.lay(profile().area(Slot.PRIMARY).start() + offset, bytes);
  }

  /// One byte of the slot beside the running one becomes another.
  void flip(int offset) {
    flip(profile().area(Slot.SECONDARY), offset);
  }

  void flipPrimary(int offset) {
    flip(profile().area(Slot.PRIMARY), offset);
  }

  private void flip(FlashArea area, int offset) {
    int at = area.start() + offset;
    flash.lay(at, Bytes.ofInts(flash.peek(at, 1).at(0) ^ 1));
  }

  /// Everything that the agent remembers.
  void eraseStorage() {
    flash.layErased(setup.storage().start(), setup.storage().size());
  }

  /// Into what the agent remembers.
  void layStorage(int offset, Bytes bytes) {
    flash.lay(setup.storage().start() + offset, bytes);
  }

  Bytes storage() {
    return flash.peek(setup.storage().start(), setup.storage().size());
  }

  private BootConfig profile() {
    return setup.boot();
  }
}
