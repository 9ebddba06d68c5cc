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

  /// How far an upload may be taken for done whose first `verified` bytes lie in the slot: whole
  /// pages, or all of it. All of them where a sector ends there or what is left of it is blank;
  /// else one must go back to where that sector begins, or its erase would take good bytes along.
  int resumable(int verified) {
    int from = verified;
    while (from > 0 && !isBlank(start + from, sectorEnd(start + from))) {
      int sectorStart = sectorEnd(start + from) - flash.geometry().sectorSize();
      from = Math.max(0, sectorStart - start) / PAGE_SIZE * PAGE_SIZE;
    }
    return from;
  }

  /// Stands at `offset` as if all before it had been appended. Only where [#resumable] says so, and
  /// before anything is.
  void resume(int offset) {
    if (taken() > 0 || resumable(offset) != offset) {
      throw new IllegalStateException("an upload cannot go on from " + offset);
    }
    eraseUpTo(start);
    written = start + offset;
    erasedUpTo = sectorEnd(written);
  }

  /// The first sector boundary at or behind an offset into the slot.
  private int sectorEnd(int offset) {
    int sector = flash.geometry().sectorSize();
    return Math.ceilDiv(offset, sector) * sector;
  }

  private boolean isBlank(int from, int to) {
    return flash.read(area.start() + from, to - from).isFilledWith(flash.geometry().erasedValue());
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
    eraseUpTo(area.size());
  }

  private void flush() {
    int align = flash.geometry().writeAlign();
    int padded = Math.ceilDiv(buffered, align) * align;
    Bytes data =
        Bytes.copyOf(page, 0, buffered)
            .plus(Bytes.filled(padded - buffered, flash.geometry().erasedValue()));
    eraseUpTo(written + padded);
    flash.program(area.start() + written, data);
    written += buffered;
    buffered = 0;
  }

  private void eraseUpTo(int end) {
    int sector = flash.geometry().sectorSize();
    for (; erasedUpTo < end; erasedUpTo += sector) {
      if (!isBlank(erasedUpTo, erasedUpTo + sector)) {
        flash.eraseSector(area.start() + erasedUpTo);
      }
    }
  }
}
