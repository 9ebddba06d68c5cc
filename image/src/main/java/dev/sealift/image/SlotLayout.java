// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.encryption.ContentKeySize;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/// A slot, the trailer at its end, in which bootloader and application leave each other word, and
/// what both leave for an image.
///
/// ```
/// swap status | keys | swap size | TLV sizes | swap info | copy done | image ok | magic   <- end
/// ```
///
/// Every cell but the magic takes `alignMax` bytes; TLV sizes are there when swapping by offset,
/// keys for an encrypted image. Swap status takes two or three writes of `align` bytes for each of
/// `sectorsMax` sectors. What swaps whole sectors gives a trailer whole ones and wants one spare;
/// where the size of a sector is not known, that is left out, as imgtool always does.
public record SlotLayout(
    long size,
    Mode mode,
    int align,
    int alignMax,
    int sectorsMax,
    OptionalInt sectorSize,
    KeptKey keptKey) {
  public static final int MAGIC_SIZE = 16;
  public static final int SECTORS_MAX_DEFAULT = 128;

  /// The largest slot we take part in; flash of microcontrollers is far below.
  public static final long SIZE_MAX = 0x4000_0000L;

  public static final Bytes MAGIC = Bytes.ofHex("77c295f360d2ef7f3552500f2cb67980");
  private static final Bytes MAGIC_ALIGNED_TAIL = Bytes.ofHex("2de15d29410b8d77679c110f1f8a");

  /// The writes that the swap of a scratch area itself notes, in a trailer of its own.
  private static final int SCRATCH_WRITES = 3;

  /// How the bootloader brings an image over, as far as it matters for the room.
  public enum Mode {
    SWAP_SCRATCH,
    SWAP_MOVE,
    SWAP_OFFSET,
    OVERWRITE_ONLY,
    /// Direct-XIP and RAM load: either slot's image is started, and none moved.
    EITHER_SLOT,
    SINGLE_SLOT;

    public boolean swaps() {
      return switch (this) {
        case SWAP_SCRATCH, SWAP_MOVE, SWAP_OFFSET -> true;
        case OVERWRITE_ONLY, EITHER_SLOT, SINGLE_SLOT -> false;
      };
    }

    private int statusWrites() {
      return switch (this) {
        case SWAP_SCRATCH, SWAP_MOVE, OVERWRITE_ONLY, EITHER_SLOT -> 3;
        case SWAP_OFFSET -> 2;
        case SINGLE_SLOT -> 0;
      };
    }

    /// As in `swap-move`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /// What a bootloader that swaps keeps of the content keys of both slots meanwhile.
  public enum KeptKey {
    /// The keys themselves.
    RAW,
    /// The TLVs that hold them wrapped.
    TLV
  }

  /// Of sectors whose size is not known.
  public SlotLayout(long size, Mode mode, int align, int alignMax, int sectorsMax) {
    this(size, mode, align, alignMax, sectorsMax, OptionalInt.empty(), KeptKey.RAW);
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
    if (sectorSize.isPresent()) {
      checkSectors(size, mode, sectorsMax, sectorSize.getAsInt());
    }
  }

  private static void checkSectors(long size, Mode mode, int sectorsMax, int sectorSize) {
    if (sectorSize < 1 || size % sectorSize != 0) {
      throw new IllegalArgumentException(
          "a slot of %d bytes is not made of whole sectors of %d".formatted(size, sectorSize));
    }
    boolean counts = mode.swaps() || mode == Mode.OVERWRITE_ONLY;
    if (counts && size / sectorSize > sectorsMax) {
      throw new IllegalArgumentException(
          "the slot has %d sectors, the bootloader counts up to %d: nothing at all would boot"
              .formatted(size / sectorSize, sectorsMax));
    }
  }

  /// A swap slot written in units of `align` bytes, with as many sectors as imgtool assumes.
  public static SlotLayout swap(long size, int align) {
    return of(size, Mode.SWAP_SCRATCH, align);
  }

  public static SlotLayout overwriteOnly(long size, int align) {
    return of(size, Mode.OVERWRITE_ONLY, align);
  }

  private static SlotLayout of(long size, Mode mode, int align) {
    return new SlotLayout(size, mode, align, Math.max(8, align), SECTORS_MAX_DEFAULT);
  }

  /// All of the trailer of a slot whose image is not encrypted.
  public int trailerSize() {
    return trailerSize(0);
  }

  private int trailerSize(int keptBytes) {
    int cells = mode == Mode.SWAP_OFFSET ? 5 : 4;
    return mode.statusWrites() * sectorsMax * align
        + cells * alignMax
        + magicCell(alignMax)
        + 2 * cells(keptBytes);
  }

  /// The most bytes, TLVs included, that the bootloader takes for an image that keeps its key as
  /// this one does. Not positive where there is no room for any.
  public long imageSizeMax(Image image) {
    return imageSizeMax(keptBytes(image));
  }

  /// The same for images that are not encrypted.
  public long imageSizeMax() {
    return imageSizeMax(0);
  }

  private long imageSizeMax(int keptBytes) {
    int trailer = trailerSize(keptBytes);
    return switch (mode) {
      case OVERWRITE_ONLY, EITHER_SLOT -> size - 3L * alignMax - magicCell(alignMax);
      case SINGLE_SLOT -> size - trailer;
      case SWAP_SCRATCH -> {
        if (sectorSize.isEmpty() || trailer >= size) {
          yield size - trailer;
        }
        // The sector in which the trailer begins goes through the scratch area with the image's
        // end, and a trailer of the scratch area's own behind it.
        long sector = sectorSize.getAsInt();
        long end = ((size - trailer) / sector + 1) * sector;
        long scratchTrailer =
            trailer
                - (long) mode.statusWrites() * sectorsMax * align
                + (long) SCRATCH_WRITES * align;
        yield Math.min(size - trailer, end - scratchTrailer);
      }
      case SWAP_MOVE, SWAP_OFFSET ->
          sectorSize.isEmpty()
              ? size - trailer
              : (size / sectorSize.getAsInt() - Math.ceilDiv(trailer, sectorSize.getAsInt()) - 1)
                  * sectorSize.getAsInt();
    };
  }

  private int keptBytes(Image image) {
    if (!mode.swaps() || !image.header().isEncrypted()) {
      return 0;
    }
    return switch (keptKey) {
      case RAW -> ContentKeySize.of(image.header()).map(ContentKeySize::bytes).orElse(0);
      case TLV ->
          Decrypted.WrappedKey.entries(image).stream()
              .mapToInt(entry -> entry.tlv().value().size())
              .max()
              .orElse(0);
    };
  }

  static boolean isAlignMax(int alignMax) {
    return alignMax == 8 || alignMax == 16 || alignMax == 32;
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
