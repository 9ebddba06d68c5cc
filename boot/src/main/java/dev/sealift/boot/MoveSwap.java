// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.bytes.Bytes;

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
final class MoveSwap {
  /// A copy is read and written in pieces of this size.
  static final int COPY_MAX = 1024;

  private final DeviceProfile profile;
  private final Trailer primaryTrailer;
  private final Trailer secondaryTrailer;
  private final AreaAccess primary;
  private final AreaAccess secondary;

  MoveSwap(Flash flash, DeviceProfile profile) {
    this.profile = profile;
    this.primaryTrailer = new Trailer(flash, profile, Slot.PRIMARY);
    this.secondaryTrailer = new Trailer(flash, profile, Slot.SECONDARY);
    this.primary = new AreaAccess(flash, profile.primary());
    this.secondary = new AreaAccess(flash, profile.secondary());
  }

  /// What the trailers say about a swap that was interrupted.
  sealed interface Interrupted {
    record No() implements Interrupted {}

    /// The trailers were prepared and nothing was moved yet; `info` is the type that was meant.
    record Prepared(int info) implements Interrupted {}

    /// `entries` status entries were written.
    record Underway(int info, int entries) implements Interrupted {}
  }

  Interrupted interrupted() {
    TrailerState first = primaryTrailer.read();
    TrailerState second = secondaryTrailer.read();
    if (first.magic() != Mark.GOOD
        || first.copyDone() != Mark.UNSET
        || second.magic() == Mark.GOOD) {
      return new Interrupted.No();
    }
    int info = primaryTrailer.resumptionInfo();
    int entries = primaryTrailer.statusEntries();
    return entries == 0 ? new Interrupted.Prepared(info) : new Interrupted.Underway(info, entries);
  }

  /// Where the header of the image is that belongs into `slot` when the swap is done.
  HeaderPlace headerPlace(Slot slot, int entries) {
    int last = sectorsInUse(primaryTrailer.swapSize());
    int shifted = profile.flash().sectorSize();
    int n = profile.maxSectors();
    if (entries < n) {
      return slot == Slot.PRIMARY && entries >= last
          ? new HeaderPlace(slot, shifted)
          : new HeaderPlace(slot, 0);
    }
    int sector = (entries - n) / 2;
    boolean newIsInPlace = (entries - n) % 2 == 1;
    if (sector == 0) {
      if (slot == Slot.PRIMARY) {
        return new HeaderPlace(slot, shifted);
      }
      return new HeaderPlace(newIsInPlace ? Slot.PRIMARY : slot, 0);
    }
    return new HeaderPlace(sector < last ? other(slot) : slot, 0);
  }

  record HeaderPlace(Slot slot, int offset) {}

  /// Swaps from the beginning. `prepared` trailers are left as they are.
  ///
  /// A candidate that is too large was refused before. The running image was not: when it leaves no
  /// room for the shift, nothing is swapped, and yet the real code calls the swap done.
  void start(SwapType type, long swapSize, Interrupted prepared) {
    int last = sectorsInUse(swapSize);
    if (last >= profile.firstTrailerSector(Slot.PRIMARY)) {
      return;
    }
    if (type == SwapType.REVERT) {
      disguiseRevert(swapSize);
    }
    if (!(prepared instanceof Interrupted.Prepared)) {
      boolean stays = secondaryTrailer.read().imageOk() == Mark.GOOD;
      primaryTrailer.erase();
      primaryTrailer.writeSwapInfo(type);
      if (stays) {
        primaryTrailer.writeImageOk();
      }
      primaryTrailer.writeSwapSize(swapSize);
      primaryTrailer.writeMagic();
    }
    secondaryTrailer.erase();
    run(0, last);
  }

  /// Goes on after `entries` status entries.
  void resume(int entries) {
    run(entries, sectorsInUse(primaryTrailer.swapSize()));
  }

  /// A revert has its status in the primary slot and nothing in the secondary one. Were the primary
  /// trailer erased now and the power cut, nobody would know of the revert. So the old image is
  /// first made to look as if it were asked for permanently.
  private void disguiseRevert(long swapSize) {
    if (secondaryTrailer.read().magic() == Mark.UNSET) {
      secondaryTrailer.erase();
      secondaryTrailer.writeImageOk();
      secondaryTrailer.writeSwapSize(swapSize);
      secondaryTrailer.writeMagic();
    }
  }

  private void run(int firstEntry, int last) {
    int n = profile.maxSectors();
    for (int entry = firstEntry; entry < last; entry++) {
      int to = last - entry;
      copySector(primary, to - 1, primary, to);
      writeStatus(entry, 1);
    }
    for (int entry = Math.max(firstEntry, n); entry < n + 2 * last; entry++) {
      int sector = (entry - n) / 2;
      if ((entry - n) % 2 == 0) {
        copySector(secondary, sector, primary, sector);
        writeStatus(entry, 1);
      } else {
        copySector(primary, sector + 1, secondary, sector);
        writeStatus(entry, 2);
      }
    }
  }

  /// A status entry that cannot be written is missed only if the power fails. The real code goes on
  /// without it where the image will be validated before it starts, and stops otherwise.
  private void writeStatus(int entry, int value) {
    try {
      primaryTrailer.writeStatus(entry, value);
    } catch (FlashException e) {
      if (profile.policy().primaryCheck() == PrimaryCheck.MAGIC_ONLY) {
        throw e;
      }
    }
  }

  private void copySector(AreaAccess source, int from, AreaAccess target, int to) {
    target.eraseSector(to);
    int size = profile.flash().sectorSize();
    for (int done = 0; done < size; done += COPY_MAX) {
      int length = Math.min(COPY_MAX, size - done);
      Bytes piece = source.read(from * size + done, length);
      target.program(to * size + done, piece);
    }
  }

  private int sectorsInUse(long swapSize) {
    return (int) Math.max(1, Math.ceilDiv(swapSize, (long) profile.flash().sectorSize()));
  }

  private static Slot other(Slot slot) {
    return slot == Slot.PRIMARY ? Slot.SECONDARY : Slot.PRIMARY;
  }
}
