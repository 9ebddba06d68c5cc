// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.Flash;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;

/// A programmer's cable: lays bytes into the other slot past the device's application and agent.
/// What it does is the attacker's own work, no operation of the device's flash.
public final class Cable {
  private final Flash flash;
  private final BootConfig profile;

  Cable(Flash flash, BootConfig profile) {
    this.flash = flash;
    this.profile = profile;
  }

  /// An image in an otherwise erased slot, marked to boot for good.
  void installMarked(Bytes file) {
    int start = profile.area(Slot.SECONDARY).start();
    flash.layErased(start, profile.area(Slot.SECONDARY).size());
    flash.lay(start, file);
    // MCUboot's own functions know what a mark is; they work on a copy, so that the device's flash
    // counts nothing.
    Flash copy = new Flash(flash.geometry());
    copy.restore(flash.snapshot());
    ImageMarks.Answer answer = new ImageMarks(profile).permanent(copy);
    if (answer != ImageMarks.Answer.DONE) {
      throw new IllegalStateException("the slot cannot be marked: " + answer);
    }
    flash.restore(copy.snapshot());
  }

  void lay(int offset, Bytes bytes) {
    flash.lay(profile.area(Slot.SECONDARY).start() + offset, bytes);
  }
}
