// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.smp.Answer.ResultCode;

/// The errors of group 8.
public enum FilesError implements GroupError {
  UNKNOWN(1, ResultCode.UNKNOWN, "unknown error"),
  BAD_NAME(2, ResultCode.INVALID, "not the name of a file"),
  NOT_FOUND(3, ResultCode.NO_ENTRY, "no such file"),
  IS_DIRECTORY(4, ResultCode.UNKNOWN, "this is a directory"),
  OPEN(5, ResultCode.UNKNOWN, "the file cannot be opened"),
  SEEK(6, ResultCode.UNKNOWN, "the place in the file cannot be reached"),
  READ(7, ResultCode.UNKNOWN, "the file cannot be read"),
  TRUNCATE(8, ResultCode.UNKNOWN, "the file cannot be cut"),
  DELETE(9, ResultCode.UNKNOWN, "the file cannot be deleted"),
  WRITE(10, ResultCode.UNKNOWN, "the file cannot be written"),
  BAD_OFFSET(11, ResultCode.UNKNOWN, "not the offset where the file ends"),
  PAST_END(12, ResultCode.UNKNOWN, "the offset lies behind the end of the file"),
  NO_CHECKSUM(13, ResultCode.INVALID, "no such kind of checksum"),
  NO_MOUNT_POINT(14, ResultCode.NO_ENTRY, "no file system under that name"),
  READ_ONLY(15, ResultCode.UNKNOWN, "the file system cannot be written"),
  EMPTY(16, ResultCode.UNKNOWN, "the file is empty");

  private final int code;
  private final int legacy;
  private final String words;

  FilesError(int code, int legacy, String words) {
    this.code = code;
    this.legacy = legacy;
    this.words = words;
  }

  @Override
  public Group group() {
    return Group.FILES;
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
