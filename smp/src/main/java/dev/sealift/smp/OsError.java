// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 0.
public enum OsError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  BAD_FORMAT(2, ResultCode.INVALID, "bad format"),
  NO_ANSWER(3, ResultCode.NO_ENTRY, "the query gives no answer"),
  CLOCK_NOT_SET(4, ResultCode.NO_ENTRY, "the clock is not set"),
  CLOCK_FAILED(5, ResultCode.UNKNOWN, "the clock failed"),
  BAD_VALUE(6, ResultCode.UNKNOWN, "bad value of the query");

  private final int code;
  private final int legacy;
  private final String words;

  OsError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.OS;
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
