// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

/// The errors of the image group that our server gives, with the code a version 1 client gets.
public enum ImageError {
  FLASH_CONFIG(2, Answer.ResultCode.UNKNOWN),
  NO_IMAGE(3, Answer.ResultCode.NO_ENTRY),
  NO_FREE_SLOT(9, Answer.ResultCode.BAD_STATE),
  FLASH_WRITE(12, Answer.ResultCode.UNKNOWN),
  FLASH_ERASE(13, Answer.ResultCode.UNKNOWN),
  BAD_SLOT(14, Answer.ResultCode.INVALID),
  OFFSET_MISSING(20, Answer.ResultCode.INVALID),
  LENGTH_MISSING(21, Answer.ResultCode.INVALID),
  HEADER_SHORT(22, Answer.ResultCode.INVALID),
  MAGIC_WRONG(23, Answer.ResultCode.UNKNOWN),
  HASH_LENGTH(24, Answer.ResultCode.INVALID),
  CURRENT_NEWER(27, Answer.ResultCode.BAD_STATE),
  ALREADY_PENDING(28, Answer.ResultCode.BAD_STATE),
  TOO_LARGE(30, Answer.ResultCode.UNKNOWN),
  OVERRUN(31, Answer.ResultCode.UNKNOWN),
  CONFIRM_DENIED(32, Answer.ResultCode.UNKNOWN),
  TEST_OF_ACTIVE(33, Answer.ResultCode.UNKNOWN);

  private final int code;
  private final int legacy;

  ImageError(int code, int legacy) {
    this.code = code;
    this.legacy = legacy;
  }

  public int code() {
    return code;
  }

  int legacy() {
    return legacy;
  }

  Answer.Reason reason() {
    return new Answer.OfGroup(Group.IMAGE.number(), code);
  }

  static int legacyOf(int code) {
    for (ImageError error : values()) {
      if (error.code == code) {
        return error.legacy;
      }
    }
    return Answer.ResultCode.UNKNOWN;
  }
}
