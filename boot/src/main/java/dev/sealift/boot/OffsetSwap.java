// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.Trailer.TlvSizes;

/// Swap using offset: the new image lies one sector up in the secondary slot, so every sector of
/// the old one finds its place below free. With sectors 0 to `last` in use, a swap goes up:
///
///     entry 2s    P[s] to S[s]
///     entry 2s+1  S[s+1] to P[s]
///
/// and a revert, which finds the old image at the start of the secondary slot, goes down:
///
///     entry 2e    P[last-e] to S[last-e+1]
///     entry 2e+1  S[last-e] to P[last-e]
///
/// Copies of sectors behind an image's own end are left out, their entries are not. What lies there
/// stays, on both sides.
///
/// The fault of the real code that is kept here: while the last sector is in work, the header of
/// the old image is looked for in the primary slot, where the new one already is. An old image that
/// is two sectors longer than the new one, or one that fits into a single sector, is then cut off.
final class OffsetSwap implements Exchange {
  private final SlotPair slots;
  private final SwapStatus status;
  private final Trailer primaryTrailer;
  private final Trailer secondaryTrailer;
  private final AreaAccess primary;
  private final AreaAccess secondary;

  OffsetSwap(SlotPair slots) {
    this.slots = slots;
    this.status = new SwapStatus(slots);
    this.primaryTrailer = slots.trailer(Slot.PRIMARY);
    this.secondaryTrailer = slots.trailer(Slot.SECONDARY);
    this.primary = slots.area(Slot.PRIMARY);
    this.secondary = slots.area(Slot.SECONDARY);
  }

  @Override
  public Interrupted interrupted() {
    return status.interruptedInPrimary();
  }

  @Override
  public Trailer statusTrailer() {
    return primaryTrailer;
  }

  @Override
  public Headers headers(Interrupted state) {
    return switch (state) {
      case Interrupted.Underway underway ->
          new Headers(moved(Slot.PRIMARY, underway), moved(Slot.SECONDARY, underway));
      case Interrupted.Prepared(int info) -> standing(info == SwapType.REVERT.code());
      case Interrupted.No _ -> standing(false);
    };
  }

  /// A candidate is one sector up, the old image to go back to is not. Where the right place holds
  /// no image, the other one is looked at.
  private Headers standing(boolean meansRevert) {
    boolean asksForRevert = slots.requested() == SwapType.REVERT;
    int shifted = slots.sectorSize();
    SlotImage likely = slots.imageAt(Slot.SECONDARY, meansRevert || asksForRevert ? 0 : shifted);
    return new Headers(
        slots.imageAt(Slot.PRIMARY),
        likely.hasMagic() ? likely : slots.imageAt(Slot.SECONDARY, asksForRevert ? shifted : 0));
  }

  private SlotImage moved(Slot slot, Interrupted.Underway state) {
    int last = lastSector(primaryTrailer.swapSize());
    int pair = state.entries() / 2;
    boolean halfDone = state.entries() % 2 == 1;
    int shifted = slots.sectorSize();
    if (goesDown(state.info())) {
      boolean oldIsAway = pair > last || (pair == last && halfDone);
      return switch (slot) {
        case PRIMARY ->
            oldIsAway ? slots.imageAt(Slot.SECONDARY, shifted) : slots.imageAt(Slot.PRIMARY);
        case SECONDARY ->
            pair > last ? slots.imageAt(Slot.PRIMARY) : slots.imageAt(Slot.SECONDARY, 0);
      };
    }
    return switch (slot) {
      case PRIMARY ->
          slots.imageAt((pair > 0 || halfDone) && pair < last ? Slot.SECONDARY : Slot.PRIMARY);
      case SECONDARY ->
          pair > 0 ? slots.imageAt(Slot.PRIMARY) : slots.imageAt(Slot.SECONDARY, shifted);
    };
  }

  private boolean goesDown(int type) {
    return type == SwapType.REVERT.code() || slots.requested() == SwapType.REVERT;
  }

  @Override
  public boolean canGoOn(Headers headers, Interrupted state) {
    return headers.primary().hasMagic()
        && (!(state instanceof Interrupted.Underway) || headers.secondary().hasMagic());
  }

  @Override
  public void run(SwapWork work) {
    int last = lastSector(work.swapSize());
    if (work.begins() && last >= slots.config().firstTrailerSector(slots.image(), Slot.PRIMARY)) {
      return;
    }
    // The real code takes the first pair of steps for the beginning, as long as it is not complete.
    if (work.interrupted().done() < 2) {
      if (work.isRevert()) {
        markRevert(work);
      }
      if (work.interrupted() instanceof Interrupted.No) {
        primaryTrailer.erase();
        status.write(primaryTrailer, work);
      }
      secondaryTrailer.erase();
    }
    if (goesDown(work.type())) {
      down(work, last);
    } else {
      up(work, last);
    }
  }

  /// Between the erase of the primary trailer and its new magic nothing there would say that a
  /// revert is meant, so the secondary trailer says it first. When it is said again in a revert
  /// that goes on, the real code has not read the sizes of the TLVs back yet.
  private void markRevert(SwapWork work) {
    if (secondaryTrailer.read().magic() == Mark.UNSET) {
      secondaryTrailer.erase();
      secondaryTrailer.writeCopyDone();
      status.write(secondaryTrailer, work.begins() ? work : work.with(new TlvSizes(0, 0)));
    }
  }

  private void up(SwapWork work, int last) {
    Copier copier = new Copier(slots, work);
    Used used = used(work);
    for (int entry = work.interrupted().done(); entry < 2 * (last + 1); entry++) {
      int sector = entry / 2;
      if (entry % 2 == 0) {
        if (sector <= used.primary()) {
          copier.sector(primary, sector, secondary, sector);
        }
        status.step(primaryTrailer, entry, 1);
      } else {
        if (sector <= used.secondary()) {
          copier.sector(secondary, sector + 1, primary, sector);
        }
        status.step(primaryTrailer, entry, 2);
      }
    }
  }

  /// At the end the first sector of the secondary slot holds the old header still, and the trailer
  /// the mark of the revert: both would be in the way of the next upload.
  private void down(SwapWork work, int last) {
    Copier copier = new Copier(slots, work);
    Used used = used(work);
    for (int entry = work.interrupted().done(); entry < 2 * (last + 1); entry++) {
      int sector = last - entry / 2;
      if (entry % 2 == 0) {
        if (sector <= used.primary()) {
          copier.sector(primary, sector, secondary, sector + 1, slots.sectorSize());
        }
        status.step(primaryTrailer, entry, 1);
      } else {
        if (sector <= used.secondary()) {
          copier.sector(secondary, sector, primary, sector);
        }
        status.step(primaryTrailer, entry, 2);
      }
    }
    secondary.eraseSector(0);
    secondaryTrailer.erase();
  }

  /// The sectors that each image has. The real code takes this count for the highest one in use, so
  /// one sector more than needed is copied.
  private record Used(int primary, int secondary) {}

  private Used used(SwapWork work) {
    TlvSizes tlvs = work.tlvSizes();
    return new Used(
        used(work.headers().primary(), tlvs.primary()),
        used(work.headers().secondary(), tlvs.secondary()));
  }

  private int used(SlotImage image, int tlvSize) {
    long size =
        image
            .header()
            .map(header -> header.tlvOffset() + header.protectedSize() + tlvSize)
            .orElse(0L);
    return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(size, (long) slots.sectorSize()));
  }

  private int lastSector(long swapSize) {
    return (int) Math.max(1, Math.ceilDiv(swapSize, (long) slots.sectorSize())) - 1;
  }

  @Override
  public void clearRequest(Interrupted state) {
    secondaryTrailer.erase();
  }
}
