// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 63. In version 1 Zephyr makes 3 and 4 a success, which they are not.
public enum BasicError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  FLASH_OPEN(2, ResultCode.NO_ENTRY, "flash cannot be opened"),
  FLASH_CONFIG(3, ResultCode.UNKNOWN, "flash configuration cannot be read"),
  FLASH_ERASE(4, ResultCode.UNKNOWN, "flash cannot be erased");

  private final int code;
  private final int legacy;
  private final String words;

  BasicError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.BASIC;
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
