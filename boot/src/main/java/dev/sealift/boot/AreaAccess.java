// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.FlashException.Reason;
import dev.sealift.bytes.Bytes;

/// One area of a flash, by offsets; nothing outside it can be reached.
record AreaAccess(Flash flash, FlashArea area) {
  Bytes read(int offset, int length) {
    requireInside(offset, length);
    return flash.read(area.start() + offset, length);
  }

  /// See [Flash#look].
  Bytes look(int offset, int length) {
    requireInside(offset, length);
    return flash.look(area.start() + offset, length);
  }

  int readByte(int offset) {
    return look(offset, 1).at(0);
  }

  void program(int offset, Bytes data) {
    requireInside(offset, data.size());
    flash.program(area.start() + offset, data);
  }

  void eraseSector(int sector) {
    int size = flash.geometry().sectorSize();
    requireInside(sector * size, size);
    flash.eraseSector(area.start() + sector * size);
  }

  void eraseAll() {
    for (int sector = 0; sector < sectors(); sector++) {
      eraseSector(sector);
    }
  }

  boolean isErased(int offset, int length) {
    return look(offset, length).isFilledWith(flash.geometry().erasedValue());
  }

  int sectors() {
    return area.size() / flash.geometry().sectorSize();
  }

  private void requireInside(int offset, int length) {
    if (offset < 0 || length < 0 || length > area.size() - offset) {
      throw new FlashException(
          Reason.OUT_OF_BOUNDS, "%d bytes at offset 0x%x of an area".formatted(length, offset));
    }
  }
}
