// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 2.
public enum StatisticsError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  NO_GROUP(2, ResultCode.NO_ENTRY, "no such group of statistics"),
  NO_NAME(3, ResultCode.NO_ENTRY, "no such statistic"),
  SIZE(4, ResultCode.INVALID, "a statistic of a size that cannot be told"),
  ABORTED(5, ResultCode.UNKNOWN, "the walk was aborted");

  private final int code;
  private final int legacy;
  private final String words;

  StatisticsError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.STATISTICS;
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
