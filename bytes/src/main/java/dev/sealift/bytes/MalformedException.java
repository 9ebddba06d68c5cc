// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

/// Bytes that are not what they claim to be: says what is wrong and where. Thrown by decoders,
/// to be caught at the door where bytes become values; nobody behind the door sees it.
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final int offset;

  public MalformedException(String what, int offset) {
    super(what);
    this.what = what;
    this.offset = offset;
  }

  public MalformedException(String what, int offset, Throwable cause) {
    super(what, cause);
    this.what = what;
    this.offset = offset;
  }

  /// Where, in bytes from the start of what was being decoded.
  public int offset() {
    return offset;
  }

  /// What is wrong, always there, unlike the message of exceptions in general.
  @Override
  public String getMessage() {
    return what;
  }
}
