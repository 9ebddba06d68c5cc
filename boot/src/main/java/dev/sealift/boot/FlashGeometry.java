// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// The shape of a flash: bytes in all, bytes erased at once, bytes written at once, the value of an
/// erased byte, and what it does with a write onto bytes that are not erased. A geometry that
/// exists is consistent.
public record FlashGeometry(
    int size, int sectorSize, int writeAlign, int erasedValue, Programming programming) {
  /// What nearly every flash reads after an erase.
  public static final int ERASED = 0xff;

  /// MCUboot knows no larger write unit.
  public static final int WRITE_ALIGN_MAX = 32;

  /// What a write onto bytes that are not erased does.
  public enum Programming {
    /// It fails and changes nothing, as with a flash that has error correction.
    ONLY_ERASED,
    /// Bits can only be cleared: the old value AND the new one remains.
    CLEARS_BITS
  }

  public FlashGeometry {
    if (writeAlign < 1 || writeAlign > WRITE_ALIGN_MAX || Integer.bitCount(writeAlign) != 1) {
      throw new IllegalArgumentException("no write unit: " + writeAlign);
    }
    if (sectorSize < writeAlign || sectorSize % writeAlign != 0) {
      throw new IllegalArgumentException(
          "sector of " + sectorSize + " bytes is no multiple of the write unit " + writeAlign);
    }
    if (size < sectorSize || size % sectorSize != 0) {
      throw new IllegalArgumentException(
          "flash of " + size + " bytes is no multiple of its sectors of " + sectorSize);
    }
    if (erasedValue < 0 || erasedValue > 0xff) {
      throw new IllegalArgumentException("no byte: " + erasedValue);
    }
  }

  public FlashGeometry(int size, int sectorSize, int writeAlign) {
    this(size, sectorSize, writeAlign, ERASED, Programming.ONLY_ERASED);
  }

  public FlashGeometry with(Programming other) {
    return new FlashGeometry(size, sectorSize, writeAlign, erasedValue, other);
  }

  public int sectors() {
    return size / sectorSize;
  }
}
