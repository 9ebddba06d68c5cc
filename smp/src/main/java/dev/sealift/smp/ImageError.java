// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

/// The errors of the image group that our server gives.
public enum ImageError {
  FLASH_CONFIG(2),
  NO_IMAGE(3),
  NO_FREE_SLOT(9),
  FLASH_WRITE(12),
  FLASH_ERASE(13),
  BAD_SLOT(14),
  OFFSET_MISSING(20),
  LENGTH_MISSING(21),
  HEADER_SHORT(22),
  MAGIC_WRONG(23),
  HASH_LENGTH(24),
  CURRENT_NEWER(27),
  ALREADY_PENDING(28),
  TOO_LARGE(30),
  OVERRUN(31),
  CONFIRM_DENIED(32),
  TEST_OF_ACTIVE(33);

  private final int code;

  ImageError(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public Answer.Reason reason() {
    return new Answer.OfGroup(Group.IMAGE.number(), code);
  }
}
