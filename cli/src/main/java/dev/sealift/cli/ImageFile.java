// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.hex.HexFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/// What a file says lies in flash: a binary, or Intel HEX, which also says where. The name tells
/// them apart, so that text is never taken for bytes, nor bytes for text.
record ImageFile(Bytes content, OptionalLong address) {
  static final int ERASED = 0xff;

  static boolean isHex(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".hex");
  }

  /// The room between the segments of HEX is filled with what erased flash reads.
  static ImageFile read(Path file, int erasedValue) throws MalformedException {
    Bytes content = Files.read(file);
    if (!isHex(file)) {
      return new ImageFile(content, OptionalLong.empty());
    }
    HexFile hex = HexFile.read(content);
    return new ImageFile(hex.flat(erasedValue), OptionalLong.of(hex.address()));
  }

  static ImageFile readOrRefuse(Path file, int erasedValue) {
    try {
      return read(file, erasedValue);
    } catch (MalformedException e) {
      throw Failure.refused("cannot use %s as Intel HEX: %s".formatted(file, e.getMessage()));
    }
  }

  /// The file taken apart, when it must be an image.
  static Image readParsed(Path file) {
    try {
      return Image.read(Files.readImage(file));
    } catch (MalformedException e) {
      throw Failure.refused(
          "%s is no MCUboot image: %s (at offset %d)".formatted(file, e.getMessage(), e.offset()));
    }
  }
}
