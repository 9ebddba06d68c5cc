// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import java.util.Optional;

/// How a bootloader gets a new image to run, with MCUboot's own numbers, which the command
/// "bootloader info" tells.
public enum BootMode {
  UNKNOWN(-1),
  SINGLE_SLOT(0),
  SWAP_SCRATCH(1),
  OVERWRITE(2),
  SWAP_MOVE(3),
  DIRECT_XIP(4),
  DIRECT_XIP_REVERT(5),
  RAM_LOAD(6),
  FIRMWARE_LOADER(7),
  SINGLE_SLOT_RAM_LOAD(8),
  SWAP_OFFSET(9);

  private final int number;

  BootMode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public static Optional<BootMode> ofNumber(long number) {
    for (BootMode mode : values()) {
      if (mode.number == number) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
