// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.image.SlotLayout;
import java.util.OptionalInt;

/// The slot an image is for, as the bootloader was built for it: the options that making and
/// judging images share.
final class SlotOptions {
  private String slotSize = "";
  private String mode = "";
  private boolean overwriteOnly;
  private String align = "";
  private String maxAlign = "";
  private String maxSectors = "";
  private String sectorSize = "";
  private boolean saveEncTlv;

  void declare(Options options) {
    options.value(
        "-S --slot-size",
        "BYTES",
        "size of the slot; image and trailer must fit",
        value -> slotSize = value);
    options.value(
        "--mode",
        "MODE",
        "swap (by scratch, the default), swap-move, swap-offset, overwrite, direct-xip, ram-load or"
            + " single-slot",
        value -> mode = value);
    options.flag(
        "--overwrite-only",
        "for a bootloader that overwrites instead of swapping",
        () -> overwriteOnly = true);
    options.value("--align", "BYTES", "flash write unit, default 4", value -> align = value);
    options.value(
        "--max-align",
        "BYTES",
        "largest write unit of the bootloader's build: 8, 16 or 32",
        value -> maxAlign = value);
    options.value(
        "-M --max-sectors",
        "N",
        "sectors the bootloader's build allows for, default 128",
        value -> maxSectors = value);
    options.value(
        "--sector-size",
        "BYTES",
        "size of a flash sector: what swaps whole ones leaves less room",
        value -> sectorSize = value);
    options.flag(
        "--save-enctlv",
        "the bootloader keeps wrapped content keys while it swaps, not the keys",
        () -> saveEncTlv = true);
  }

  /// Whether anything but the mode was said, which alone says nothing about room.
  boolean isGiven() {
    return !slotSize.isEmpty() || isRefined();
  }

  private boolean isRefined() {
    return overwriteOnly
        || saveEncTlv
        || !(align.isEmpty() && maxAlign.isEmpty() && maxSectors.isEmpty() && sectorSize.isEmpty());
  }

  /// For commands to which a profile says it all.
  void requireNone() {
    if (isGiven() || !mode.isEmpty()) {
      throw Failure.usage(
          "--device says all about the slot: leave --slot-size, --mode, --align and the like out");
    }
  }

  SlotLayout layout() {
    if (slotSize.isEmpty()) {
      throw Failure.usage("give --slot-size, or --device with a profile that says it");
    }
    int alignment = align.isEmpty() ? 4 : Numbers.parseInt("--align", align, 1, 32);
    int alignmentMax =
        maxAlign.isEmpty()
            ? Math.max(8, alignment)
            : Numbers.parseInt("--max-align", maxAlign, 8, 32);
    try {
      return new SlotLayout(
          Numbers.parse("--slot-size", slotSize, 1, SlotLayout.SIZE_MAX),
          mode(),
          alignment,
          alignmentMax,
          maxSectors.isEmpty()
              ? SlotLayout.SECTORS_MAX_DEFAULT
              : Numbers.parseInt("--max-sectors", maxSectors, 1, 0xffff),
          sectorSize.isEmpty()
              ? OptionalInt.empty()
              : OptionalInt.of(
                  Numbers.parseInt("--sector-size", sectorSize, 1, (int) SlotLayout.SIZE_MAX)),
          saveEncTlv ? SlotLayout.KeptKey.TLV : SlotLayout.KeptKey.RAW);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("no such slot: " + e.getMessage());
    }
  }

  private SlotLayout.Mode mode() {
    if (overwriteOnly) {
      if (!mode.isEmpty() && !mode.startsWith("overwrite")) {
        throw Failure.usage("--overwrite-only and --mode " + mode + " exclude each other");
      }
      return SlotLayout.Mode.OVERWRITE_ONLY;
    }
    return switch (mode) {
      case "", "swap", "swap-scratch" -> SlotLayout.Mode.SWAP_SCRATCH;
      case "swap-move" -> SlotLayout.Mode.SWAP_MOVE;
      case "swap-offset" -> SlotLayout.Mode.SWAP_OFFSET;
      case "overwrite", "overwrite-only" -> SlotLayout.Mode.OVERWRITE_ONLY;
      case "direct-xip", "ram-load" -> SlotLayout.Mode.EITHER_SLOT;
      case "single-slot" -> SlotLayout.Mode.SINGLE_SLOT;
      default ->
          throw Failure.usage(
              "--mode is swap (by scratch), swap-move, swap-offset, overwrite, direct-xip, ram-load"
                  + " or single-slot, not '%s'".formatted(mode));
    };
  }
}
