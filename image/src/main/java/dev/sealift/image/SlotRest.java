// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import java.nio.ByteOrder;

/// What a file has behind the TLVs of its image, up to its end.
public sealed interface SlotRest {
  /// The file ends with the image.
  record Nothing() implements SlotRest {}

  /// Erased flash; `value` is what it reads.
  record Erased(int value) implements SlotRest {}

  /// Erased flash and, at the end, a trailer as a signing tool writes it.
  record Trailer(int alignMax, ImageOk imageOk) implements SlotRest {}

  /// Anything else. `offset` counts from the end of the TLVs.
  record Foreign(RefusalReason reason, String sentence, int offset) implements SlotRest {}

  /// The byte by which an application says that it works.
  enum ImageOk {
    UNSET,
    SET
  }

  static SlotRest of(Image image) {
    return of(image.rest(), image.order());
  }

  static SlotRest of(Bytes rest, ByteOrder order) {
    if (rest.isEmpty()) {
      return new Nothing();
    }
    if (isErased(rest)) {
      return new Erased(rest.at(0));
    }
    int magicAt = rest.size() - SlotLayout.MAGIC_SIZE;
    if (magicAt < 0) {
      return trailing(rest, 0);
    }
    Bytes magic = rest.from(magicAt);
    if (magic.equals(SlotLayout.MAGIC)) {
      return trailer(rest, 8);
    }
    if (SlotLayout.endsAlignedMagic(magic)) {
      int alignMax = (int) Image.number(magic.first(2), order);
      return SlotLayout.isAlignMax(alignMax) && alignMax > 8
          ? trailer(rest, alignMax)
          : new Foreign(
              RefusalReason.BAD_TRAILER,
              "the trailer says its cells have %d bytes, expected 16 or 32".formatted(alignMax),
              magicAt);
    }
    return magicAt > 0 && isErased(rest.first(magicAt))
        ? new Foreign(
            RefusalReason.BAD_TRAILER, "the last 16 bytes are not the trailer's magic", magicAt)
        : trailing(rest, 0);
  }

  private static boolean isErased(Bytes bytes) {
    return bytes.isFilledWith(0xff) || bytes.isFilledWith(0);
  }

  private static SlotRest trailer(Bytes rest, int alignMax) {
    int imageOkAt = rest.size() - SlotLayout.imageOkBeforeEnd(alignMax);
    if (imageOkAt < 0) {
      return new Foreign(RefusalReason.BAD_TRAILER, "the trailer overlaps the image", 0);
    }
    int erased = rest.at(imageOkAt + 1);
    if (erased != 0 && erased != 0xff) {
      return new Foreign(
          RefusalReason.BAD_TRAILER,
          "the cell of image ok holds more than its byte",
          imageOkAt + 1);
    }
    for (int i = 0; i < rest.size() - SlotLayout.MAGIC_SIZE; i++) {
      if (i != imageOkAt && rest.at(i) != erased) {
        return i < imageOkAt - 3 * alignMax
            ? trailing(rest, i)
            : new Foreign(
                RefusalReason.BAD_TRAILER, "the trailer holds more than image ok and its magic", i);
      }
    }
    int imageOk = rest.at(imageOkAt);
    if (imageOk == erased) {
      return new Trailer(alignMax, ImageOk.UNSET);
    }
    return imageOk == 1
        ? new Trailer(alignMax, ImageOk.SET)
        : new Foreign(
            RefusalReason.BAD_TRAILER,
            "image ok is %d, expected 1 or erased".formatted(imageOk),
            imageOkAt);
  }

  private static Foreign trailing(Bytes rest, int at) {
    boolean another = rest.from(at).startsWith(Bytes.ofHex("3db8f396"));
    return new Foreign(
        RefusalReason.TRAILING_DATA,
        another
            ? "a second image follows the first"
            : "%d bytes follow the image that are neither erased flash nor a trailer"
                .formatted(rest.size() - at),
        at);
  }
}
