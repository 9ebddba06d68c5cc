// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.hex.HexImage;
import java.nio.file.Path;
import java.util.Optional;

/// A signed image on its way into a file whose name asks for Intel HEX.
record HexOutput(long address, SignOptions options) {
  private static final long ADDRESS_MAX = 0xffff_ffffL;

  /// Asked before anybody signs; empty for a binary. `hexAddr` is the text of `--hex-addr`.
  static Optional<HexOutput> asked(
      Path output, String hexAddr, ImageFile input, SignOptions options) {
    if (!ImageFile.isHex(output)) {
      if (!hexAddr.isEmpty()) {
        throw Failure.usage(
            "--hex-addr is for an output in Intel HEX, and %s is not called .hex"
                .formatted(output));
      }
      return Optional.empty();
    }
    if (!hexAddr.isEmpty()) {
      return Optional.of(
          new HexOutput(Numbers.parse("--hex-addr", hexAddr, 0, ADDRESS_MAX), options));
    }
    if (input.address().isEmpty()) {
      throw Failure.usage("Intel HEX needs to know where the image lies: the input does not say")
          .hint("give --hex-addr ADDRESS, the start of the slot");
    }
    try {
      return Optional.of(
          new HexOutput(HexImage.address(input.address().getAsLong(), options.header()), options));
    } catch (IllegalArgumentException e) {
      throw Failure.usage("%s; --hex-addr says where it goes".formatted(e.getMessage()));
    }
  }

  Bytes write(Image image) {
    SlotLayout slot = options.slot();
    boolean marked =
        options.padding() == SignOptions.Padding.CONFIRMED
            && slot.mode() != SlotLayout.Mode.OVERWRITE_ONLY;
    try {
      return HexImage.of(
              image,
              address,
              slot,
              marked ? HexImage.Trailer.IMAGE_OK_AND_MAGIC : HexImage.Trailer.MAGIC)
          .write();
    } catch (IllegalArgumentException e) {
      throw Failure.usage("no Intel HEX can be made of that: " + e.getMessage());
    }
  }
}
