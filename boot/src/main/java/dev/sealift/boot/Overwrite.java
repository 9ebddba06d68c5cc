// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.Mode.Extent;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.Unpacked;

/// Overwrite: the primary slot is erased, the secondary image copied into it, and the secondary one
/// made to look empty, its middle left as it is. Nothing is kept of how far it came: after a power
/// cut the request stands, and it begins anew.
final class Overwrite implements Exchange {
  private final SlotPair slots;

  Overwrite(SlotPair slots) {
    this.slots = slots;
  }

  @Override
  public Interrupted interrupted() {
    return new Interrupted.No();
  }

  @Override
  public Trailer statusTrailer() {
    return slots.trailer(Slot.PRIMARY);
  }

  @Override
  public Headers headers(Interrupted state) {
    return new Headers(slots.imageAt(Slot.PRIMARY), slots.imageAt(Slot.SECONDARY));
  }

  @Override
  public boolean canGoOn(Headers headers, Interrupted state) {
    return true;
  }

  @Override
  public void run(SwapWork work) {
    SlotImage candidate = work.headers().secondary();
    if (candidate.header().filter(ImageHeader::isCompressed).isPresent()) {
      unpack(candidate, work);
      return;
    }
    Extent extent = extent();
    int length =
        switch (extent) {
          case USED_SECTORS -> eraseUsed((int) work.swapSize());
          case WHOLE_SLOT -> {
            slots.area(Slot.PRIMARY).eraseAll();
            yield slots.area(Slot.PRIMARY).area().size();
          }
        };
    new Copier(slots, work)
        .copy(
            slots.area(Slot.SECONDARY),
            slots.config().uploadOffset(),
            slots.area(Slot.PRIMARY),
            0,
            length);
    if (extent == Extent.USED_SECTORS) {
      slots.trailer(Slot.PRIMARY).writeMagic();
    }
  }

  /// By reading: what the image becomes is written in pieces, and the magic behind it.
  private void unpack(SlotImage candidate, SwapWork work) {
    if (!(candidate.unpacked(work.keys()) instanceof Unpacked.Whole(Image image))) {
      throw new StuckException("an image that was checked does not unpack");
    }
    Bytes bytes = image.write();
    eraseUsed(bytes.size());
    int align = slots.config().flash().writeAlign();
    int padding = TrailerLayout.alignUp(bytes.size(), align) - bytes.size();
    Bytes padded = bytes.plus(Bytes.filled(padding, slots.config().flash().erasedValue()));
    AreaAccess target = slots.area(Slot.PRIMARY);
    for (int done = 0; done < padded.size(); done += Copier.PIECE_MAX) {
      int end = Math.min(padded.size(), done + Copier.PIECE_MAX);
      target.program(done, padded.slice(done, end));
    }
    slots.trailer(Slot.PRIMARY).writeMagic();
  }

  /// Bootstrap overwrites too, in the swap modes: whole slots with scratch, used sectors otherwise.
  private Extent extent() {
    return switch (slots.config().mode()) {
      case Mode.Overwrite(Extent extent) -> extent;
      case Mode.SwapScratch _ -> Extent.WHOLE_SLOT;
      default -> Extent.USED_SECTORS;
    };
  }

  /// The real code copies one write unit more than the image has when its size is a multiple of the
  /// write unit. Where that unit is in a sector that was not erased, a strict flash stops it here.
  private int eraseUsed(int size) {
    AreaAccess target = slots.area(Slot.PRIMARY);
    for (int sector = 0; sector < Math.ceilDiv(size, slots.sectorSize()); sector++) {
      target.eraseSector(sector);
    }
    int first = slots.config().firstTrailerSector(slots.image(), Slot.PRIMARY);
    for (int sector = first; sector < target.sectors(); sector++) {
      target.eraseSector(sector);
    }
    int align = slots.config().flash().writeAlign();
    return size + align - size % align;
  }

  /// What is left to do when the counter was raised.
  void clearSecondary() {
    AreaAccess source = slots.area(Slot.SECONDARY);
    switch (slots.config().mode()) {
      case Mode.SwapMove _, Mode.SwapOffset _ -> {}
      default -> source.eraseSector(0);
    }
    source.eraseSector(source.sectors() - 1);
  }

  /// The request stays for ever.
  @Override
  public void clearRequest(Interrupted state) {}
}
