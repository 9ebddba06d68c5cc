// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.FlashGeometry.Programming;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Which faults of the real bootloader an image would meet on a device: known before a byte is
/// sent, so that whoever sends or takes it can decline. Of several images it looks at image 0; for
/// another one, [BootConfig#alone].
public final class Hazards {
  private final BootConfig config;

  public Hazards(BootConfig config) {
    this.config = config;
  }

  /// Of a whole image, trailing bytes included; `running` is the size of the image it replaces, in
  /// bytes with its TLVs, where that is known.
  public List<Hazard> of(Bytes image, OptionalLong running) {
    List<Hazard> hazards = new ArrayList<>(ofSize(image.size(), running));
    if (endsLikeTrailer(0, image)) {
      hazards.add(Hazard.TRAILER_IN_SCRATCH);
    }
    return hazards;
  }

  /// Those that sizes alone show, in bytes with TLVs.
  public List<Hazard> ofSize(long image, OptionalLong running) {
    int sector = config.flash().sectorSize();
    List<Hazard> hazards = new ArrayList<>();
    switch (config.mode()) {
      case Mode.SwapOffset _ -> {
        if (image <= sector) {
          hazards.add(Hazard.ONE_SECTOR_IN_OFFSET);
        }
        if (running.isPresent() && sectors(running.getAsLong()) >= sectors(image) + 2) {
          hazards.add(Hazard.OLD_IMAGE_LONGER_IN_OFFSET);
        } else if (config.policy().decryption() instanceof Decryption.With
            && running.isPresent()
            && running.getAsLong() != image) {
          hazards.add(Hazard.OLD_IMAGE_ENCRYPTED_IN_OFFSET);
        }
      }
      case Mode.SwapScratch _ -> {
        if (sectors(image) > config.firstTrailerSector(0, Slot.PRIMARY)) {
          hazards.add(Hazard.TRAILER_SECTOR_IN_SCRATCH);
        }
      }
      case Mode.Overwrite(Extent extent) -> {
        if (extent == Extent.USED_SECTORS
            && image % sector == 0
            && config.flash().programming() == Programming.ONLY_ERASED) {
          hazards.add(Hazard.WHOLE_SECTORS_IN_OVERWRITE);
        }
      }
      case Mode.SwapMove _, Mode.DirectXip _, Mode.RamLoad _, Mode.SingleSlot _ -> {}
    }
    if (config.mode() instanceof Mode.Swap
        && running.isPresent()
        && running.getAsLong() > config.imageSizeMax()) {
      hazards.add(Hazard.RUNNING_IMAGE_TOO_LARGE);
    }
    return hazards;
  }

  /// Whether, in scratch mode, a sector of these bytes ends with the magic of a trailer. Any sector
  /// may come to lie at the end of the scratch area. `offset` is theirs in the image.
  public boolean endsLikeTrailer(long offset, Bytes bytes) {
    if (!(config.mode() instanceof Mode.SwapScratch)) {
      return false;
    }
    int sector = config.flash().sectorSize();
    Bytes magic = Trailer.magic(config.maxAlign());
    long first = (offset / sector + 1) * sector;
    for (long end = first; end <= offset + bytes.size(); end += sector) {
      int to = (int) (end - offset);
      if (to >= magic.size() && bytes.slice(to - magic.size(), to).equals(magic)) {
        return true;
      }
    }
    return false;
  }

  private long sectors(long size) {
    return Math.ceilDiv(size, (long) config.flash().sectorSize());
  }
}
