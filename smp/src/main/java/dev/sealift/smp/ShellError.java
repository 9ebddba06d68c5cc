// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 9.
public enum ShellError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  TOO_LONG(2, ResultCode.INVALID, "the command is too long"),
  EMPTY(3, ResultCode.INVALID, "there is no command");

  private final int code;
  private final int legacy;
  private final String words;

  ShellError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.SHELL;
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
