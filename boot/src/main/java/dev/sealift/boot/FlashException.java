// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// The flash refused a call: nothing changed and no operation was counted.
public final class FlashException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /// What was wrong with the call.
  public enum Reason {
    OUT_OF_BOUNDS("outside the flash or area"),
    UNALIGNED("not in whole write units or sectors"),
    NOT_ERASED("onto bytes that are not erased"),
    COUNTER_NOT_RAISED("a security counter only rises");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  FlashException(Reason reason, String call) {
    super(call + ": " + reason.words);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
