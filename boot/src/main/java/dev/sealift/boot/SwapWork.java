// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// One swap to be done or to be gone on with: its type by the code in swap_info, the bytes of the
/// larger image, both headers and keys, and how far it had come.
record SwapWork(
    int type,
    long swapSize,
    Headers headers,
    ContentKeys keys,
    Trailer.TlvSizes tlvSizes,
    Interrupted interrupted) {
  boolean isRevert() {
    return type == SwapType.REVERT.code();
  }

  SwapWork with(Trailer.TlvSizes other) {
    return new SwapWork(type, swapSize, headers, keys, other, interrupted);
  }

  boolean begins() {
    return !(interrupted instanceof Interrupted.Underway);
  }
}
