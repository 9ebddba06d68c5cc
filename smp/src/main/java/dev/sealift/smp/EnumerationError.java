// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 10.
public enum EnumerationError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  TOO_MANY(2, ResultCode.NO_MEMORY, "too many groups asked for"),
  NO_HEAP(3, ResultCode.NO_MEMORY, "out of memory"),
  INDEX_TOO_LARGE(4, ResultCode.INVALID, "there is no group of that index");

  private final int code;
  private final int legacy;
  private final String words;

  EnumerationError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.ENUMERATION;
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
