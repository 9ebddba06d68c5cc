// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

/// Where a file goes: to an image of the device, and there into the primary (0) or the secondary
/// slot (1).
public record DfuTarget(int image, int slot) {
  public static final int IMAGE_MAX = 0xff;
  public static final int SLOT_MAX = 1;

  public DfuTarget {
    if (image < 0 || image > IMAGE_MAX || slot < 0 || slot > SLOT_MAX) {
      throw new IllegalArgumentException(
          "images are 0 to 255 and slots 0 or 1, not %d and %d".formatted(image, slot));
    }
  }

  @Override
  public String toString() {
    return "image %d, slot %d".formatted(image, slot);
  }
}
