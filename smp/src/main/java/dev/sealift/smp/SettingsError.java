// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 3.
public enum SettingsError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  KEY_TOO_LONG(2, ResultCode.INVALID, "the name is too long"),
  NOT_FOUND(3, ResultCode.NO_ENTRY, "no such setting"),
  NO_READ(4, ResultCode.NO_ENTRY, "this setting cannot be read"),
  ROOT_NOT_FOUND(5, ResultCode.UNKNOWN, "nobody keeps settings of that root"),
  NO_WRITE(6, ResultCode.UNKNOWN, "this setting cannot be written"),
  NO_DELETE(7, ResultCode.UNKNOWN, "this setting cannot be deleted"),
  NO_SAVE(8, ResultCode.UNKNOWN, "this setting cannot be saved");

  private final int code;
  private final int legacy;
  private final String words;

  SettingsError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.SETTINGS;
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
