// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.encryption.ContentKeySize;
import java.nio.ByteOrder;

/// A slot and the trailer at its end, in which bootloader and application leave each other word.
///
/// ```
/// swap status | swap size | swap info | copy done | image ok | magic      <- end of the slot
/// ```
///
/// Every cell but the magic takes `alignMax` bytes; swap status takes three writes of `align` bytes
/// for each of `sectorsMax` sectors. Overwrite-only slots have copy done, image ok and magic.
public record SlotLayout(long size, Trailer trailer, int align, int alignMax, int sectorsMax) {
  public static final int MAGIC_SIZE = 16;
  public static final int SECTORS_MAX_DEFAULT = 128;

  /// The largest slot we take part in; flash of microcontrollers is far below.
  public static final long SIZE_MAX = 0x4000_0000L;

  public static final Bytes MAGIC = Bytes.ofHex("77c295f360d2ef7f3552500f2cb67980");
  private static final Bytes MAGIC_ALIGNED_TAIL = Bytes.ofHex("2de15d29410b8d77679c110f1f8a");

  private static final int STATUS_WRITES = 3;

  /// What the upgrade mode keeps in the trailer.
  public enum Trailer {
    SWAP,
    OVERWRITE_ONLY
  }

  public SlotLayout {
    if (size < 1 || size > SIZE_MAX) {
      throw new IllegalArgumentException("a slot has 1 byte to 1 GiB, not " + size);
    }
    if (Integer.bitCount(align) != 1 || align < 1 || align > 32) {
      throw new IllegalArgumentException("alignment must be 1, 2, 4, 8, 16 or 32, is " + align);
    }
    if (!isAlignMax(alignMax)) {
      throw new IllegalArgumentException("maximum alignment must be 8, 16 or 32, is " + alignMax);
    }
    if (sectorsMax < 1 || sectorsMax > 0xffff) {
      throw new IllegalArgumentException("sectors must be 1 to 65535, are " + sectorsMax);
    }
  }

  static boolean isAlignMax(int alignMax) {
    return alignMax == 8 || alignMax == 16 || alignMax == 32;
  }

  /// A swap slot written in units of `align` bytes, with as many sectors as imgtool assumes.
  public static SlotLayout swap(long size, int align) {
    return new SlotLayout(size, Trailer.SWAP, align, Math.max(8, align), SECTORS_MAX_DEFAULT);
  }

  public static SlotLayout overwriteOnly(long size, int align) {
    return new SlotLayout(
        size, Trailer.OVERWRITE_ONLY, align, Math.max(8, align), SECTORS_MAX_DEFAULT);
  }

  public int trailerSize() {
    return switch (trailer) {
      case SWAP -> sectorsMax * STATUS_WRITES * align + 4 * alignMax + magicCell(alignMax);
      case OVERWRITE_ONLY -> 2 * alignMax + magicCell(alignMax);
    };
  }

  /// With the content keys of both slots, which a bootloader that swaps keeps there for an
  /// encrypted image.
  int trailerSize(ImageHeader header) {
    int keys =
        switch (trailer) {
          case SWAP -> ContentKeySize.of(header).map(key -> 2 * cells(key.bytes())).orElse(0);
          case OVERWRITE_ONLY -> 0;
        };
    return trailerSize() + keys;
  }

  private int cells(int bytes) {
    return (bytes + alignMax - 1) / alignMax * alignMax;
  }

  /// The last 16 bytes of a slot that holds an image to be booted. The alignment of those above 8
  /// is a number in the image's byte order.
  public static Bytes magic(int alignMax, ByteOrder order) {
    return alignMax == 8
        ? MAGIC
        : new ByteWriter(order).u16(alignMax).bytes(MAGIC_ALIGNED_TAIL).toBytes();
  }

  static boolean endsAlignedMagic(Bytes magic) {
    return magic.from(2).equals(MAGIC_ALIGNED_TAIL);
  }

  /// How far the image-ok byte lies before the end of the slot.
  public static int imageOkBeforeEnd(int alignMax) {
    return magicCell(alignMax) + alignMax;
  }

  private static int magicCell(int alignMax) {
    return (MAGIC_SIZE + alignMax - 1) / alignMax * alignMax;
  }
}
