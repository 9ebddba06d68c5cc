// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

/// Where a program begins. It says nothing about the bytes; images are made without it.
public sealed interface StartAddress {
  /// Record 03, of processors with segments.
  record Segmented(int cs, int ip) implements StartAddress {
    public Segmented {
      if (cs < 0 || cs > 0xffff || ip < 0 || ip > 0xffff) {
        throw new IllegalArgumentException("CS and IP have 16 bits, not %d:%d".formatted(cs, ip));
      }
    }
  }

  /// Record 05.
  record Linear(long address) implements StartAddress {
    public Linear {
      if (address < 0 || address >= Segment.ADDRESS_END) {
        throw new IllegalArgumentException(
            "a start address has 32 bits, not as many as " + address);
      }
    }
  }
}
