// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.ImageSlots;
import dev.sealift.boot.Mode;
import java.util.List;
import java.util.Optional;

/// How a device's flash is laid out, and how its bootloader brings in a new image.
public enum Shape {
  /// One image, swapped.
  ONE_IMAGE(1),
  /// An application and its radio, swapped together.
  TWO_IMAGES(2),
  /// Direct-XIP: each slot has an image of its own, linked for it.
  VARIANTS(1),
  /// One image, swapped; it travels encrypted and lies in clear where it runs.
  ENCRYPTED(1);

  static final int SLOT = 0x8000;
  static final int SECTOR = 4096;
  static final int ALIGN = 4;

  private static final int STORAGE = 0x6000;
  private static final int SECTORS_MAX = 8;

  private final int imageCount;

  Shape(int imageCount) {
    this.imageCount = imageCount;
  }

  int imageCount() {
    return imageCount;
  }

  private Mode mode() {
    return switch (this) {
      case ONE_IMAGE, TWO_IMAGES, ENCRYPTED -> new Mode.SwapMove();
      case VARIANTS -> new Mode.DirectXip(Mode.Retreat.UNLESS_CONFIRMED);
    };
  }

  BootConfig boot(BootPolicy policy) {
    List<ImageSlots> images = imageCount == 1 ? List.of(slots(0)) : List.of(slots(0), slots(2));
    return new BootConfig(
        mode(),
        new FlashGeometry(storage().end(), SECTOR, ALIGN),
        images,
        BootConfig.MAX_ALIGN_DEFAULT,
        SECTORS_MAX,
        policy);
  }

  private static ImageSlots slots(int first) {
    return new ImageSlots(
        new FlashArea(first * SLOT, SLOT), new FlashArea((first + 1) * SLOT, SLOT));
  }

  private FlashArea storage() {
    return new FlashArea(2 * imageCount * SLOT, STORAGE);
  }

  DeviceProfile profile(BootPolicy policy) {
    return new DeviceProfile(
        "attacked",
        "virtual",
        boot(policy),
        FlashTimings.UNKNOWN,
        Optional.of(storage()),
        Optional.empty(),
        Optional.empty(),
        new SmpBuffers(512, 4));
  }
}
