// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import dev.sealift.bytes.Bytes;

/// A run of bytes and where it lies: at least one byte, within 32 bits.
public record Segment(long address, Bytes data) {
  /// The first address that nobody can write.
  static final long ADDRESS_END = 0x1_0000_0000L;

  public Segment {
    if (data.isEmpty()) {
      throw new IllegalArgumentException("a segment has at least one byte");
    }
    if (address < 0 || address + data.size() > ADDRESS_END) {
      throw new IllegalArgumentException(
          "%d bytes at 0x%x pass 32 bits of address".formatted(data.size(), address));
    }
  }

  /// The address behind the last byte.
  public long end() {
    return address + data.size();
  }
}
