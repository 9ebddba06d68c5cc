// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.Bootloader;
import dev.sealift.boot.Flash;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import java.util.List;

/// What a factory puts into the flash of a new device: an image for each of its slots, so that the
/// device starts.
final class FactoryImage {
  private FactoryImage() {}

  static void fill(Flash flash, String name, BootConfig boot, List<Bytes> factory) {
    int images = boot.images().size();
    if (factory.size() != images) {
      throw Failure.usage(
          images == 1
              ? "%s is new and needs one firmware: give --firmware once".formatted(name)
              : "%s is new and has %d images: give --firmware for each, in their order"
                  .formatted(name, images));
    }
    for (int image = 0; image < images; image++) {
      Bytes content = factory.get(image);
      int slot = boot.area(image, Slot.PRIMARY).size();
      if (content.size() > slot) {
        throw Failure.refused(
            "the firmware has %d bytes, a slot %d".formatted(content.size(), slot));
      }
      flash.lay(boot.area(image, Slot.PRIMARY).start(), content);
      if (wantsTrailers(boot.mode())) {
        new ImageMarks(boot, image).choose(flash, Slot.PRIMARY, ImageMarks.Stay.FOR_GOOD);
      }
    }
    Flash trial = new Flash(boot.flash());
    trial.restore(flash.snapshot());
    if (!(new Bootloader(boot).boot(trial).outcome() instanceof BootOutcome.Booted)) {
      throw Failure.refused("the device does not start with this firmware")
          .hint("'sealift image verify --device PROFILE FILE' says more");
    }
  }

  /// With a retreat an image from the factory must be confirmed, or it is erased.
  private static boolean wantsTrailers(Mode mode) {
    return switch (mode) {
      case Mode.DirectXip(var retreat) -> retreat == Mode.Retreat.UNLESS_CONFIRMED;
      case Mode.RamLoad(var retreat, _) -> retreat == Mode.Retreat.UNLESS_CONFIRMED;
      case Mode.Swap _, Mode.Overwrite _, Mode.SingleSlot _ -> false;
    };
  }
}
