// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// Where the fields of a trailer are, as offsets from the start of the slot or scratch area it
/// ends. Mode, write unit, largest alignment, number of sectors and kept keys are all part of it,
/// so a bootloader of another build reads another trailer.
///
///     area end   magic       16 bytes, padded in front to the largest alignment
///                image_ok    each of these takes one cell of the largest alignment,
///                copy_done   of which the first write unit is written
///                swap_info
///                tlv_sizes   offset mode only: two u16
///                swap_size   u32
///                keys        decrypting builds only: primary's, then secondary's below it
///                status      entries of one write unit, from the low address up
public record TrailerLayout(
    int magic,
    int imageOk,
    int copyDone,
    int swapInfo,
    int tlvSizes,
    int swapSize,
    int keySize,
    int status,
    int statusEntries) {
  static final int MAGIC_SIZE = 16;

  /// A scratch area keeps the status of one swap step.
  private static final int SCRATCH_ENTRIES = 3;

  public static TrailerLayout of(BootConfig config, FlashArea area) {
    boolean isScratch = config.scratch().filter(area::equals).isPresent();
    int entries =
        isScratch ? SCRATCH_ENTRIES : config.maxSectors() * config.mode().statusEntriesPerSector();
    int cell = config.maxAlign();
    int magic = area.size() - MAGIC_SIZE;
    int imageOk = (magic - cell) / cell * cell;
    int copyDone = imageOk - cell;
    int swapInfo = copyDone - cell;
    boolean keepsTlvSizes = config.mode() instanceof Mode.SwapOffset;
    int tlvSizes = keepsTlvSizes ? swapInfo - cell : swapInfo;
    int swapSize = tlvSizes - cell;
    int keySize = keySize(config.policy(), cell);
    int size = isScratch ? scratchTrailerSize(config) : trailerSize(config);
    return new TrailerLayout(
        magic,
        imageOk,
        copyDone,
        swapInfo,
        tlvSizes,
        swapSize,
        keySize,
        area.size() - size,
        entries);
  }

  /// Where the key is kept that the image of this slot is encrypted with.
  int key(Slot slot) {
    return switch (slot) {
      case PRIMARY -> swapSize - keySize;
      case SECONDARY -> swapSize - 2 * keySize;
    };
  }

  /// All of a slot's trailer, status included.
  public static int trailerSize(BootConfig config) {
    return trailerSize(
        config.mode(), config.flash(), config.maxAlign(), config.maxSectors(), config.policy());
  }

  static int scratchTrailerSize(BootConfig config) {
    return trailerSize(config) - statusSize(config) + SCRATCH_ENTRIES * config.flash().writeAlign();
  }

  public static int statusSize(BootConfig config) {
    return statusSize(config.mode(), config.flash(), config.maxSectors());
  }

  static int trailerSize(
      Mode mode, FlashGeometry flash, int maxAlign, int maxSectors, BootPolicy policy) {
    int cells = mode instanceof Mode.SwapOffset ? 5 : 4;
    return statusSize(mode, flash, maxSectors)
        + cells * maxAlign
        + alignUp(MAGIC_SIZE, maxAlign)
        + 2 * keySize(policy, maxAlign);
  }

  private static int statusSize(Mode mode, FlashGeometry flash, int maxSectors) {
    return maxSectors * mode.statusEntriesPerSector() * flash.writeAlign();
  }

  private static int keySize(BootPolicy policy, int maxAlign) {
    return switch (policy.decryption()) {
      case Decryption.None _ -> 0;
      case Decryption.With with -> alignUp(with.keptSize(), maxAlign);
    };
  }

  static int alignUp(int value, int align) {
    return (value + align - 1) / align * align;
  }
}
