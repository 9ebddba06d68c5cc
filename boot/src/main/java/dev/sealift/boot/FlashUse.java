// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// What the flash did since the power came on: operations by kind, and calls it refused.
public record FlashUse(int writes, int erases, int counterRaises, int refusals) {
  static final FlashUse NONE = new FlashUse(0, 0, 0, 0);

  /// All that a power cut is counted by.
  public int operations() {
    return writes + erases + counterRaises;
  }

  FlashUse plusWrite() {
    return new FlashUse(writes + 1, erases, counterRaises, refusals);
  }

  FlashUse plusErase() {
    return new FlashUse(writes, erases + 1, counterRaises, refusals);
  }

  FlashUse plusCounterRaise() {
    return new FlashUse(writes, erases, counterRaises + 1, refusals);
  }

  FlashUse plusRefusal() {
    return new FlashUse(writes, erases, counterRaises, refusals + 1);
  }
}
