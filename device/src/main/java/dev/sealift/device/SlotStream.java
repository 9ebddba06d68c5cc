// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.bytes.Bytes;

/// Writes an upload into a slot as Zephyr's stream flash does with a buffer of one page: bytes wait
/// in memory until their page is whole, a sector is erased when the first page reaches it. So no
/// byte of a page touches the flash before the chunk that completes the page was let through.
final class SlotStream {
  /// The page of the block table, and the size that CONFIG_IMG_BLOCK_BUF_SIZE must have.
  static final int PAGE_SIZE = 4096;

  private final Flash flash;
  private final FlashArea area;
  private final byte[] page = new byte[PAGE_SIZE];
  private final int start;
  private int buffered;
  private int written;
  private int erasedUpTo;

  /// The image begins `start` bytes into the slot. What lies before is erased as well: a header
  /// left there would make the bootloader of offset mode refuse the image.
  SlotStream(Flash flash, FlashArea area, int start) {
    this.flash = flash;
    this.area = area;
    this.start = start;
    this.written = start;
  }

  /// Bytes taken so far, in flash or waiting.
  int taken() {
    return written - start + buffered;
  }

  void append(Bytes data) {
    if (data.size() > area.size() - start - taken()) {
      throw new IllegalStateException(
          "an upload longer than its slot came past the server's check");
    }
    int from = 0;
    while (from < data.size()) {
      int count = Math.min(PAGE_SIZE - buffered, data.size() - from);
      data.slice(from, from + count).copyTo(page, buffered);
      buffered += count;
      from += count;
      if (buffered == PAGE_SIZE) {
        flush();
      }
    }
  }

  /// Forgets what waits in memory: the page that was refused.
  void rewindToPage() {
    buffered = 0;
  }

  /// Writes the last, shorter page, and erases what is left of the slot, so that nothing of an
  /// earlier image stays behind this one (T05).
  void finish() {
    if (buffered > 0) {
      flush();
    }
    int sector = flash.geometry().sectorSize();
    for (int at = erasedUpTo; at < area.size(); at += sector) {
      eraseUnlessBlank(at, sector);
    }
    erasedUpTo = area.size();
  }

  private void flush() {
    int align = flash.geometry().writeAlign();
    int padded = Math.ceilDiv(buffered, align) * align;
    Bytes data =
        Bytes.copyOf(page, 0, buffered)
            .plus(Bytes.filled(padded - buffered, flash.geometry().erasedValue()));
    int sector = flash.geometry().sectorSize();
    while (erasedUpTo < written + padded) {
      eraseUnlessBlank(erasedUpTo, sector);
      erasedUpTo += sector;
    }
    flash.program(area.start() + written, data);
    written += buffered;
    buffered = 0;
  }

  private void eraseUnlessBlank(int offset, int sector) {
    Bytes found = flash.read(area.start() + offset, sector);
    if (!found.isFilledWith(flash.geometry().erasedValue())) {
      flash.eraseSector(area.start() + offset);
    }
  }
}
