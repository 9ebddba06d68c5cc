// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.Optional;

/// What the trailers ask for, or what the bootloader made of it. The codes are MCUboot's.
public enum SwapType {
  /// Start what is in the primary slot.
  NONE(1),
  /// Swap, and swap back at the next boot unless the new image confirms itself.
  TEST(2),
  /// Swap for good.
  PERM(3),
  /// Swap back an image that did not confirm itself.
  REVERT(4),
  /// The candidate of a swap that had already begun turned out not to be valid.
  FAIL(5),
  /// The bootloader found something it has no answer to and stopped.
  PANIC(0xff);

  private final int code;

  SwapType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  static Optional<SwapType> of(int code) {
    for (SwapType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Whether images change places.
  boolean isUpgrade() {
    return this == TEST || this == PERM || this == REVERT;
  }
}
