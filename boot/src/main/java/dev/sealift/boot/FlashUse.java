// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// What the flash did since the power came on: operations by kind, calls it refused, and how many
/// bytes went in and out. [FlashTimings] says how long that takes.
public record FlashUse(
    int writes, int erases, int counterRaises, int refusals, long bytesWritten, long bytesRead) {
  static final FlashUse NONE = new FlashUse(0, 0, 0, 0, 0, 0);

  /// All that a power cut is counted by.
  public int operations() {
    return writes + erases + counterRaises;
  }

  /// What was done after `earlier`, when the power has not failed since.
  public FlashUse since(FlashUse earlier) {
    return new FlashUse(
        writes - earlier.writes,
        erases - earlier.erases,
        counterRaises - earlier.counterRaises,
        refusals - earlier.refusals,
        bytesWritten - earlier.bytesWritten,
        bytesRead - earlier.bytesRead);
  }

  FlashUse plusWrite(int bytes) {
    return new FlashUse(
        writes + 1, erases, counterRaises, refusals, bytesWritten + bytes, bytesRead);
  }

  FlashUse plusErase() {
    return new FlashUse(writes, erases + 1, counterRaises, refusals, bytesWritten, bytesRead);
  }

  FlashUse plusCounterRaise() {
    return new FlashUse(writes, erases, counterRaises + 1, refusals, bytesWritten, bytesRead);
  }

  FlashUse plusRefusal() {
    return new FlashUse(writes, erases, counterRaises, refusals + 1, bytesWritten, bytesRead);
  }

  FlashUse withBytesRead(long bytes) {
    return new FlashUse(writes, erases, counterRaises, refusals, bytesWritten, bytes);
  }
}
