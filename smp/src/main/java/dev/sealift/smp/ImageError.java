// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 1.
public enum ImageError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  FLASH_CONFIG(2, ResultCode.UNKNOWN, "flash configuration cannot be read"),
  NO_IMAGE(3, ResultCode.NO_ENTRY, "no image in the slot"),
  NO_TLVS(4, ResultCode.NO_ENTRY, "the image has no TLVs"),
  BAD_TLV(5, ResultCode.UNKNOWN, "the image has a bad TLV"),
  SEVERAL_HASHES(6, ResultCode.UNKNOWN, "the image has several hashes"),
  TLV_SIZE(7, ResultCode.UNKNOWN, "a TLV has the wrong size"),
  NO_HASH(8, ResultCode.UNKNOWN, "the image has no hash"),
  NO_FREE_SLOT(9, ResultCode.BAD_STATE, "no free slot"),
  FLASH_OPEN(10, ResultCode.UNKNOWN, "flash cannot be opened"),
  FLASH_READ(11, ResultCode.UNKNOWN, "flash cannot be read"),
  FLASH_WRITE(12, ResultCode.UNKNOWN, "flash cannot be written"),
  FLASH_ERASE(13, ResultCode.UNKNOWN, "flash cannot be erased"),
  BAD_SLOT(14, ResultCode.INVALID, "no such slot"),
  NO_MEMORY(15, ResultCode.NO_MEMORY, "out of memory"),
  CONTEXT_SET(16, ResultCode.UNKNOWN, "an upload context is set already"),
  CONTEXT_NOT_SET(17, ResultCode.UNKNOWN, "no upload context is set"),
  NO_FLASH_DEVICE(18, ResultCode.UNKNOWN, "no flash device"),
  BAD_PAGE_OFFSET(19, ResultCode.INVALID, "bad page offset"),
  OFFSET_MISSING(20, ResultCode.INVALID, "the offset is missing"),
  LENGTH_MISSING(21, ResultCode.INVALID, "the length is missing"),
  HEADER_SHORT(22, ResultCode.INVALID, "the first chunk does not hold the image header"),
  MAGIC_WRONG(23, ResultCode.UNKNOWN, "this is no MCUboot image"),
  HASH_LENGTH(24, ResultCode.INVALID, "a hash of the wrong length"),
  FLASH_ADDRESS(25, ResultCode.INVALID, "the image is built for another address"),
  VERSION_UNKNOWN(26, ResultCode.UNKNOWN, "the running version is unknown"),
  CURRENT_NEWER(27, ResultCode.BAD_STATE, "the running image is newer or the same"),
  ALREADY_PENDING(28, ResultCode.BAD_STATE, "an image is pending already"),
  VECTOR_TABLE(29, ResultCode.UNKNOWN, "the vector table looks wrong"),
  TOO_LARGE(30, ResultCode.UNKNOWN, "the image is too large"),
  OVERRUN(31, ResultCode.UNKNOWN, "more data than announced"),
  CONFIRM_DENIED(32, ResultCode.UNKNOWN, "confirming is not allowed"),
  TEST_OF_ACTIVE(33, ResultCode.UNKNOWN, "the running image cannot be set to test"),
  ACTIVE_UNKNOWN(34, ResultCode.UNKNOWN, "the active slot is unknown");

  private final int code;
  private final int legacy;
  private final String words;

  ImageError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.IMAGE;
  }

  @Override
  public int code() {
    return code;
  }

  @Override
  public String words() {
    return words;
  }

  @Override
  public int legacy() {
    return legacy;
  }
}
