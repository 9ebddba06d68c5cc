// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SlotLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An image laid down at an address, as imgtool does it: of a padded one only the cells of the
/// trailer that say something are written, not the erased flash between.
public final class HexImage {
  /// What is written of a trailer.
  public enum Trailer {
    MAGIC,
    /// The cell of image ok too, set or erased: for an image that is confirmed, or to be tested.
    IMAGE_OK_AND_MAGIC
  }

  private HexImage() {}

  /// Where the image lies whose payload lay at `input`. A header put before it moves the start
  /// down, but from 0, where the input is not linked for any place yet.
  public static long address(long input, SignOptions.HeaderRoom room) {
    return switch (room.source()) {
      case RESERVED -> input;
      case PREPENDED -> {
        if (input != 0 && input < room.size()) {
          throw new IllegalArgumentException(
              "the input lies at 0x%x, there is no room before it for a header of %d bytes"
                  .formatted(input, room.size()));
        }
        yield input == 0 ? 0 : input - room.size();
      }
    };
  }

  /// `slot` is the one the image was padded for; of an image without padding nothing is asked.
  public static HexFile of(Image image, long address, SlotLayout slot, Trailer trailer) {
    List<Segment> segments = new ArrayList<>();
    segments.add(new Segment(address, image.write().first(image.size())));
    Bytes rest = image.rest();
    if (!rest.isEmpty()) {
      long restAt = address + image.size();
      int magicAt = rest.size() - SlotLayout.MAGIC_SIZE;
      int imageOkAt = rest.size() - SlotLayout.imageOkBeforeEnd(slot.alignMax());
      if (imageOkAt < 0) {
        throw new IllegalArgumentException("there is no trailer behind the image");
      }
      segments.add(new Segment(restAt + magicAt, rest.from(magicAt)));
      if (trailer == Trailer.IMAGE_OK_AND_MAGIC) {
        segments.add(
            new Segment(restAt + imageOkAt, rest.slice(imageOkAt, imageOkAt + slot.alignMax())));
      }
    }
    return HexFile.of(segments, Optional.empty());
  }
}
