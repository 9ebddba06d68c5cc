// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;

/// The trailer of one slot on one flash: reads its fields, and writes each in one program call.
final class Trailer {
  private static final Bytes MAGIC = Bytes.ofHex("77c295f360d2ef7f3552500f2cb67980");

  /// Follows the alignment as u16 where the largest alignment is not 8.
  private static final Bytes MAGIC_TAIL = Bytes.ofHex("2de15d29410b8d77679c110f1f8a");

  private static final int FLAG_SET = 1;

  private final AreaAccess area;
  private final DeviceProfile profile;
  private final TrailerLayout layout;
  private final Bytes magic;

  Trailer(Flash flash, DeviceProfile profile, Slot slot) {
    this.area = new AreaAccess(flash, profile.area(slot));
    this.profile = profile;
    this.layout = TrailerLayout.of(profile, slot);
    this.magic = magic(profile.maxAlign());
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
    try {
      return new ByteReader(area.read(layout.swapSize(), 4), ByteOrder.LITTLE_ENDIAN)
          .u32("swap size");
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  void writeMagic() {
    int cell = TrailerLayout.alignUp(TrailerLayout.MAGIC_SIZE, profile.maxAlign());
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

  /// The upper half, the number of the image, is 0: Sealift's devices have one.
  void writeSwapInfo(SwapType type) {
    writeCell(layout.swapInfo(), Bytes.ofInts(type.code()));
  }

  void writeSwapSize(long size) {
    writeCell(layout.swapSize(), new ByteWriter(ByteOrder.LITTLE_ENDIAN).u32(size).toBytes());
  }

  void writeStatus(int entry, int value) {
    writeCell(layout.status() + entry * writeAlign(), Bytes.ofInts(value));
  }

  /// The number of status entries up to and with the last one that is written.
  int statusEntries() {
    int entries = profile.maxSectors() * profile.mode().statusEntriesPerSector();
    while (entries > 0 && area.isErased(layout.status() + (entries - 1) * writeAlign(), 1)) {
      entries--;
    }
    return entries;
  }

  /// Erases the sectors that hold the trailer, from the slot's end down.
  void erase() {
    int first = area.sectors() - profile.trailerSectors();
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
    return profile.flash().writeAlign();
  }

  private Bytes erased(int size) {
    return Bytes.filled(size, profile.flash().erasedValue());
  }
}
