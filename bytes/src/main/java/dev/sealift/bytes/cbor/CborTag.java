// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

/// A tagged item; `number` is 0 to 2^63-1 (the registry's entries in use are far smaller).
public record CborTag(long number, CborItem item) implements CborItem {
  public CborTag {
    if (number < 0) {
      throw new IllegalArgumentException("no CBOR tag: " + number);
    }
  }
}
