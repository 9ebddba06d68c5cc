// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// A part of a flash by address and size.
public record FlashArea(int start, int size) {
  public FlashArea {
    if (start < 0 || size < 1 || start > Integer.MAX_VALUE - size) {
      throw new IllegalArgumentException("no flash area: " + start + " + " + size);
    }
  }

  /// The first address behind it.
  public int end() {
    return start + size;
  }

  public boolean contains(int address) {
    return address >= start && address < end();
  }

  public boolean overlaps(FlashArea other) {
    return start < other.end() && other.start < end();
  }
}
