// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// Swap using move, and how far it has come.
///
/// With `last` sectors in use, a swap has two phases. In the first the primary image is shifted up
/// by one sector, from its last sector down:
///
///     entry 0 .. last-1           P[last-e-1] to P[last-e]
///
/// In the second the slots change places, from sector 0 up, and the shifted image is the source:
///
///     entry N+2s, s = 0 .. last-1   S[s] to P[s]
///     entry N+2s+1                  P[s+1] to S[s]
///
/// After each step one status entry is written in the primary slot's trailer, N being the largest
/// number of sectors. So the number of entries says everything about where to go on; a step whose
/// entry is missing is done again from its erase.
///
/// Before the first step stand the trailers: the primary one is erased and written anew with its
/// magic last, then the secondary one is erased. A magic in the primary slot, no copy_done, and no
/// magic in the secondary slot: that is a swap under way.
final class MoveSwap implements Exchange {
  private final SlotPair slots;
  private final SwapStatus status;
  private final Trailer primaryTrailer;
  private final Trailer secondaryTrailer;
  private final AreaAccess primary;
  private final AreaAccess secondary;

  MoveSwap(SlotPair slots) {
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
    return new Headers(header(Slot.PRIMARY, state), header(Slot.SECONDARY, state));
  }

  private SlotImage header(Slot slot, Interrupted state) {
    if (!(state instanceof Interrupted.Underway(_, int entries))) {
      return slots.imageAt(slot);
    }
    int last = sectorsInUse(primaryTrailer.swapSize());
    int shifted = slots.sectorSize();
    int n = slots.config().maxSectors();
    if (entries < n) {
      return slots.imageAt(slot, slot == Slot.PRIMARY && entries >= last ? shifted : 0);
    }
    int sector = (entries - n) / 2;
    boolean newIsInPlace = (entries - n) % 2 == 1;
    if (sector == 0) {
      return slot == Slot.PRIMARY
          ? slots.imageAt(slot, shifted)
          : slots.imageAt(newIsInPlace ? Slot.PRIMARY : slot);
    }
    return slots.imageAt(sector < last ? slot.other() : slot);
  }

  /// Without an image in the primary slot there is nothing to shift, so nothing is swapped.
  @Override
  public boolean canGoOn(Headers headers, Interrupted state) {
    return headers.primary().hasMagic()
        && (!(state instanceof Interrupted.Underway) || headers.secondary().hasMagic());
  }

  /// A candidate that is too large was refused before. The running image was not: when it leaves no
  /// room for the shift, nothing is swapped, and yet the real code calls the swap done.
  @Override
  public void run(SwapWork work) {
    int last = sectorsInUse(work.swapSize());
    if (work.begins()) {
      if (last >= slots.config().firstTrailerSector(slots.image(), Slot.PRIMARY)) {
        return;
      }
      if (work.isRevert()) {
        disguiseRevert(work);
      }
      if (!(work.interrupted() instanceof Interrupted.Prepared)) {
        primaryTrailer.erase();
        status.write(primaryTrailer, work);
      }
      secondaryTrailer.erase();
    }
    run(work, last);
  }

  /// A revert has its status in the primary slot and nothing in the secondary one. Were the primary
  /// trailer erased now and the power cut, nobody would know of the revert. So the old image is
  /// first made to look as if it were asked for permanently.
  private void disguiseRevert(SwapWork work) {
    if (secondaryTrailer.read().magic() == Mark.UNSET) {
      secondaryTrailer.erase();
      secondaryTrailer.writeImageOk();
      secondaryTrailer.writeSwapSize(work.swapSize());
      secondaryTrailer.writeMagic();
    }
  }

  private void run(SwapWork work, int last) {
    Copier copier = new Copier(slots, work);
    int first = work.interrupted().done();
    int n = slots.config().maxSectors();
    for (int entry = first; entry < last; entry++) {
      int to = last - entry;
      copier.sector(primary, to - 1, primary, to);
      status.step(primaryTrailer, entry, 1);
    }
    for (int entry = Math.max(first, n); entry < n + 2 * last; entry++) {
      int sector = (entry - n) / 2;
      if ((entry - n) % 2 == 0) {
        copier.sector(secondary, sector, primary, sector);
        status.step(primaryTrailer, entry, 1);
      } else {
        copier.sector(primary, sector + 1, secondary, sector);
        status.step(primaryTrailer, entry, 2);
      }
    }
  }

  @Override
  public void clearRequest(Interrupted state) {
    secondaryTrailer.erase();
    if (state.equals(new Interrupted.Prepared(SwapType.REVERT.code()))
        || slots.requested() == SwapType.REVERT) {
      // Nothing to go back to, now and at every later boot.
      primaryTrailer.erase();
    }
  }

  private int sectorsInUse(long swapSize) {
    return (int) Math.max(1, Math.ceilDiv(swapSize, (long) slots.sectorSize()));
  }
}
