// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import java.util.Optional;

/// What the application reads in its slots.
record Slots(BootConfig profile, Flash flash) {
  Bytes content(Slot slot) {
    FlashArea area = profile.area(slot);
    return flash.read(area.start(), area.size());
  }

  /// The image in a slot; none where nothing readable lies.
  Optional<Image> image(Slot slot) {
    try {
      return Optional.of(Image.read(content(slot)));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  Optional<Bytes> imageHash(Slot slot) {
    return image(slot).flatMap(Image::hash);
  }
}
