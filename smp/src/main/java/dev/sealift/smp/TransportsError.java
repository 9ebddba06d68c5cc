// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 11, which is an experiment and has no others yet.
public enum TransportsError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error");

  private final int code;
  private final int legacy;
  private final String words;

  TransportsError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.TRANSPORTS;
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
