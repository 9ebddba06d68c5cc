// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// Where the fields of a slot's trailer are, as offsets from the start of the slot. Mode, write
/// unit, largest alignment and number of sectors are all part of it, so a bootloader of another
/// build reads another trailer.
///
///     slot end   magic       16 bytes, padded in front to the largest alignment
///                image_ok    each of these takes one cell of the largest alignment,
///                copy_done   of which the first write unit is written
///                swap_info
///                swap_size   u32
///                status      entries of one write unit, from the low address up
public record TrailerLayout(
    int magic, int imageOk, int copyDone, int swapInfo, int swapSize, int status) {
  static final int MAGIC_SIZE = 16;

  public static TrailerLayout of(DeviceProfile profile, Slot slot) {
    int end = profile.area(slot).size();
    int cell = profile.maxAlign();
    int magic = end - MAGIC_SIZE;
    int imageOk = (magic - cell) / cell * cell;
    int copyDone = imageOk - cell;
    int swapInfo = copyDone - cell;
    int swapSize = swapInfo - cell;
    return new TrailerLayout(
        magic, imageOk, copyDone, swapInfo, swapSize, end - trailerSize(profile));
  }

  /// All of the trailer, status included.
  public static int trailerSize(DeviceProfile profile) {
    return trailerSize(
        profile.mode(), profile.flash().writeAlign(), profile.maxAlign(), profile.maxSectors());
  }

  public static int statusSize(DeviceProfile profile) {
    return statusSize(profile.mode(), profile.flash().writeAlign(), profile.maxSectors());
  }

  static int trailerSize(Mode mode, int writeAlign, int maxAlign, int maxSectors) {
    return statusSize(mode, writeAlign, maxSectors) + 4 * maxAlign + alignUp(MAGIC_SIZE, maxAlign);
  }

  private static int statusSize(Mode mode, int writeAlign, int maxSectors) {
    return maxSectors * mode.statusEntriesPerSector() * writeAlign;
  }

  static int alignUp(int value, int align) {
    return (value + align - 1) / align * align;
  }
}
