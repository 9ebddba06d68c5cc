// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.Optional;

/// The trailer of one slot or scratch area: reads its fields, and writes each in one program call.
final class Trailer {
  private static final Bytes MAGIC = Bytes.ofHex("77c295f360d2ef7f3552500f2cb67980");

  /// Follows the alignment as u16 where the largest alignment is not 8.
  private static final Bytes MAGIC_TAIL = Bytes.ofHex("2de15d29410b8d77679c110f1f8a");

  private static final int FLAG_SET = 1;

  private final AreaAccess area;
  private final BootConfig config;
  private final TrailerLayout layout;
  private final Bytes magic;

  Trailer(Flash flash, BootConfig config, FlashArea area) {
    this.area = new AreaAccess(flash, area);
    this.config = config;
    this.layout = TrailerLayout.of(config, area);
    this.magic = magic(config.maxAlign());
  }

  static Bytes magic(int maxAlign) {
    return maxAlign == 8
        ? MAGIC
        : new ByteWriter(ByteOrder.LITTLE_ENDIAN).u16(maxAlign).bytes(MAGIC_TAIL).toBytes();
  }

  TrailerState read() {
    return new TrailerState(
        readMagic(), decisionInfo(), readFlag(layout.copyDone()), readFlag(layout.imageOk()));
  }

  /// The code in the lower half of swap_info as the resumption of a swap reads it: as it stands.
  int resumptionInfo() {
    return area.isErased(layout.swapInfo(), 1)
        ? SwapType.NONE.code()
        : area.readByte(layout.swapInfo()) & 0x0f;
  }

  long swapSize() {
    return u32(layout.swapSize());
  }

  /// Offset mode: the unprotected TLVs of both images as they were when the swap began.
  TlvSizes tlvSizes() {
    long both = u32(layout.tlvSizes());
    return new TlvSizes((int) (both & 0xffff), (int) (both >> 16));
  }

  record TlvSizes(int primary, int secondary) {}

  /// What is kept of a slot's key; empty where there is none.
  Optional<Bytes> key(Slot slot) {
    Bytes kept = area.read(layout.key(slot), layout.keySize());
    return kept.isFilledWith(0xff) ? Optional.empty() : Optional.of(kept);
  }

  private long u32(int offset) {
    try {
      return new ByteReader(area.read(offset, 4), ByteOrder.LITTLE_ENDIAN).u32("field");
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  void writeMagic() {
    int cell = TrailerLayout.alignUp(TrailerLayout.MAGIC_SIZE, config.maxAlign());
    int pad = cell - TrailerLayout.MAGIC_SIZE;
    area.program(layout.magic() - pad, erased(pad).plus(magic));
  }

  void writeImageOk() {
    writeCell(layout.imageOk(), Bytes.ofInts(FLAG_SET));
  }

  /// Leaves an image_ok alone that is set, or is not what it should be.
  void writeImageOkIfUnset() {
    if (readFlag(layout.imageOk()) == Mark.UNSET) {
      writeImageOk();
    }
  }

  void writeCopyDone() {
    writeCell(layout.copyDone(), Bytes.ofInts(FLAG_SET));
  }

  void writeSwapInfo(SwapType type, int image) {
    writeSwapInfo(type.code(), image);
  }

  void writeSwapInfo(int code, int image) {
    writeCell(layout.swapInfo(), Bytes.ofInts(image << 4 | code));
  }

  /// The image that swap_info names.
  int swapInfoImage() {
    return area.readByte(layout.swapInfo()) >> 4;
  }

  void writeSwapSize(long size) {
    writeCell(layout.swapSize(), new ByteWriter(ByteOrder.LITTLE_ENDIAN).u32(size).toBytes());
  }

  void writeTlvSizes(TlvSizes sizes) {
    long both = (long) sizes.secondary() << 16 | sizes.primary();
    writeCell(layout.tlvSizes(), new ByteWriter(ByteOrder.LITTLE_ENDIAN).u32(both).toBytes());
  }

  /// Takes a whole cell, whatever is kept in it.
  void writeKey(Slot slot, Bytes kept) {
    area.program(layout.key(slot), kept.plus(Bytes.filled(layout.keySize() - kept.size(), 0xff)));
  }

  void writeStatus(int entry, int value) {
    writeCell(statusOffset(entry), Bytes.ofInts(value));
  }

  int statusOffset(int entry) {
    return layout.status() + entry * writeAlign();
  }

  /// The number of status entries up to and with the last one that is written.
  int statusEntries() {
    int entries = layout.statusEntries();
    while (entries > 0 && area.isErased(statusOffset(entries - 1), 1)) {
      entries--;
    }
    return entries;
  }

  /// The number of status entries as swap-scratch counts them: up to the first erased one behind
  /// one that is written.
  int statusEntriesUntilGap() {
    int entries = 0;
    while (entries < layout.statusEntries() && area.isErased(statusOffset(entries), 1)) {
      entries++;
    }
    if (entries == layout.statusEntries()) {
      return 0;
    }
    while (entries < layout.statusEntries() && !area.isErased(statusOffset(entries), 1)) {
      entries++;
    }
    return entries;
  }

  /// Erases the sectors that hold the trailer, from the slot's end down.
  void erase() {
    int first = area.sectors() - config.trailerSectors();
    for (int sector = area.sectors() - 1; sector >= first; sector--) {
      area.eraseSector(sector);
    }
  }

  private Mark readMagic() {
    if (area.isErased(layout.magic(), TrailerLayout.MAGIC_SIZE)) {
      return Mark.UNSET;
    }
    return area.read(layout.magic(), TrailerLayout.MAGIC_SIZE).equals(magic) ? Mark.GOOD : Mark.BAD;
  }

  private Mark readFlag(int offset) {
    if (area.isErased(offset, 1)) {
      return Mark.UNSET;
    }
    return area.readByte(offset) == FLAG_SET ? Mark.GOOD : Mark.BAD;
  }

  private int decisionInfo() {
    int code = resumptionInfo();
    return code > SwapType.REVERT.code() ? SwapType.NONE.code() : code;
  }

  private void writeCell(int offset, Bytes value) {
    int size = TrailerLayout.alignUp(value.size(), writeAlign());
    area.program(offset, value.plus(erased(size - value.size())));
  }

  private int writeAlign() {
    return config.flash().writeAlign();
  }

  private Bytes erased(int size) {
    return Bytes.filled(size, config.flash().erasedValue());
  }
}
