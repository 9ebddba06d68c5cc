// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.SignOptions;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.hex.HexImage;
import java.util.Locale;
import java.util.OptionalLong;

/// The content of a file as it lies in flash, and the address where it begins if the file says so:
/// Intel HEX does, which is told by the name of the file.
record ImageFile(Bytes content, OptionalLong address) {
  /// What lies between the segments of a HEX file, whatever erased flash reads.
  private static final int GAP = 0xff;

  static boolean isHex(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".hex");
  }

  static ImageFile read(String name, Folder folder) throws RefusedException {
    Bytes file = folder.read(name);
    if (!isHex(name)) {
      return new ImageFile(file, OptionalLong.empty());
    }
    try {
      HexFile hex = HexFile.read(file);
      return new ImageFile(hex.flat(GAP), OptionalLong.of(hex.address()));
    } catch (MalformedException e) {
      throw RefusedException.failed("cannot read " + name + " as Intel HEX: " + e.getMessage());
    }
  }

  /// An image made of this input as HEX, at the given address, or where the input says.
  Bytes toHex(Image image, SignOptions options, OptionalLong given, HexImage.Trailer trailer)
      throws RefusedException {
    if (given.isEmpty() && address.isEmpty()) {
      throw RefusedException.usage(
          "an Intel HEX file needs an address: the input has none, --hex-addr gives one");
    }
    try {
      long at =
          given.isPresent()
              ? given.getAsLong()
              : HexImage.address(address.getAsLong(), options.header());
      return HexImage.of(image, at, options.slot(), trailer).write();
    } catch (IllegalArgumentException e) {
      throw RefusedException.failed("no Intel HEX: " + e.getMessage());
    }
  }
}
