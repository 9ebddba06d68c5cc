// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;

/// Swap using scratch: groups of as many sectors as the scratch area holds change places through
/// it, from the highest used sector down to 0. Group g has the status entries 3g to 3g+2:
///
///     entry 3g    erase scratch; S[group] to scratch
///     entry 3g+1  erase S[group]; P[group] to S[group]
///     entry 3g+2  erase P[group]; scratch to P[group]
///
/// Before the first group the trailer is written into the scratch area, so that the type of the
/// swap outlives the erase of the primary trailer, and then into the primary slot.
///
/// When the highest group reaches into the sectors of the trailer, the primary trailer cannot be
/// kept while they are swapped: only what lies under it is copied, and status and trailer live in
/// the scratch area until the last step of the first group has moved them.
///
/// The scratch area is looked at again at the next boot. Its end is read as a trailer, though it is
/// the data of the last group by then: a fault of the real code that is kept here.
final class ScratchSwap implements Exchange {
  private static final int STEPS = 3;

  private final SlotPair slots;
  private final SwapStatus status;
  private final Trailer primaryTrailer;
  private final Trailer secondaryTrailer;
  private final Trailer scratchTrailer;
  private final AreaAccess primary;
  private final AreaAccess secondary;
  private final AreaAccess scratch;

  ScratchSwap(SlotPair slots) {
    this.slots = slots;
    this.status = new SwapStatus(slots);
    this.primaryTrailer = slots.trailer(Slot.PRIMARY);
    this.secondaryTrailer = slots.trailer(Slot.SECONDARY);
    this.primary = slots.area(Slot.PRIMARY);
    this.secondary = slots.area(Slot.SECONDARY);
    this.scratch = slots.scratch().orElseThrow();
    this.scratchTrailer = new Trailer(slots.flash(), slots.config(), scratch.area());
  }

  // Where is the status?

  private enum Source {
    NOWHERE,
    PRIMARY,
    SCRATCH
  }

  @Override
  public Interrupted interrupted() {
    return switch (source()) {
      case NOWHERE -> new Interrupted.No();
      case PRIMARY -> Interrupted.in(primaryTrailer, primaryTrailer.statusEntriesUntilGap());
      case SCRATCH -> Interrupted.in(scratchTrailer, scratchTrailer.statusEntriesUntilGap());
    };
  }

  private Source source() {
    TrailerState inPrimary = primaryTrailer.read();
    boolean scratchIsGood = scratchTrailer.read().magic() == Mark.GOOD;
    if (inPrimary.magic() == Mark.GOOD && !scratchIsGood) {
      switch (inPrimary.copyDone()) {
        case GOOD -> {
          return Source.NOWHERE;
        }
        case UNSET -> {
          return Source.PRIMARY;
        }
        case BAD -> {}
      }
    }
    if (scratchIsGood) {
      // One scratch area serves all images; its status may be another's.
      return slots.config().images().size() > 1 && scratchTrailer.swapInfoImage() != slots.image()
          ? Source.NOWHERE
          : Source.SCRATCH;
    }
    // No swap ever, or the primary trailer was erased at the beginning of one.
    return inPrimary.magic() == Mark.UNSET && inPrimary.copyDone() == Mark.UNSET
        ? Source.PRIMARY
        : Source.NOWHERE;
  }

  @Override
  public Trailer statusTrailer() {
    return scratchTrailer.read().magic() == Mark.GOOD ? scratchTrailer : primaryTrailer;
  }

  /// Sector 0 is in the last group, so only that one moves headers.
  @Override
  public Headers headers(Interrupted state) {
    Headers standing = new Headers(slots.imageAt(Slot.PRIMARY), slots.imageAt(Slot.SECONDARY));
    if (!(state instanceof Interrupted.Underway(_, int entries))) {
      return standing;
    }
    int groups = Math.ceilDiv(sectorsInUse(statusTrailer().swapSize()), scratch.sectors());
    int ofLast = entries - STEPS * (groups - 1);
    SlotImage inScratch = SlotImage.at(scratch, Slot.SECONDARY, 0);
    if (ofLast <= 0) {
      return standing;
    }
    return switch (ofLast) {
      case 1 -> new Headers(standing.primary(), inScratch);
      case 2 -> new Headers(standing.secondary(), inScratch);
      default -> new Headers(standing.secondary(), standing.primary());
    };
  }

  private int sectorsInUse(long swapSize) {
    return (int)
        Math.min(
            Integer.MAX_VALUE / STEPS,
            Math.max(1, Math.ceilDiv(swapSize, (long) slots.sectorSize())));
  }

  @Override
  public boolean canGoOn(Headers headers, Interrupted state) {
    return true;
  }

  // The swap.

  /// Sectors `first` to `last`, both included, that change places together.
  private record Group(int number, int first, int last) {}

  @Override
  public void run(SwapWork work) {
    int sectors = sectorsInUse(work.swapSize());
    if (sectors > slots.sectors(Slot.PRIMARY)) {
      throw new StuckException("the size of the swap exceeds the slot");
    }
    int perGroup = scratch.sectors();
    int done = work.interrupted().done();
    int number = 0;
    for (int last = sectors - 1; last >= 0; last -= perGroup) {
      Group group = new Group(number, Math.max(0, last - perGroup + 1), last);
      if (number >= done / STEPS) {
        swap(group, work, number == done / STEPS ? done % STEPS : 0);
      }
      number++;
    }
  }

  private void swap(Group group, SwapWork work, int stepsDone) {
    Copier copier = new Copier(slots, work);
    int size = slots.sectorSize();
    int from = group.first() * size;
    int firstTrailerSector = slots.config().firstTrailerSector(slots.image(), Slot.PRIMARY);
    boolean reachesTrailer = group.last() >= firstTrailerSector;
    int end =
        reachesTrailer ? slots.config().imageSizeMax(slots.image()) : (group.last() + 1) * size;
    int length = end - from;
    Group below =
        new Group(group.number(), group.first(), Math.min(group.last(), firstTrailerSector - 1));
    boolean statusInScratch = group.number() == 0 && reachesTrailer;
    Trailer trailer = statusInScratch ? scratchTrailer : primaryTrailer;
    int entry = STEPS * group.number();
    if (stepsDone == 0) {
      scratch.eraseAll();
      if (group.number() == 0) {
        status.write(scratchTrailer, work);
        if (!statusInScratch) {
          primaryTrailer.erase();
          status.write(primaryTrailer, work);
          scratch.eraseAll();
        }
      }
      copier.copy(secondary, from, scratch, 0, length);
      status.step(trailer, entry, 1);
    }
    if (stepsDone <= 1) {
      if (group.number() == 0) {
        secondaryTrailer.erase();
      }
      erase(secondary, below);
      copier.copy(primary, from, secondary, from, length);
      status.step(trailer, entry + 1, 2);
    }
    if (statusInScratch) {
      primaryTrailer.erase();
    }
    erase(primary, below);
    copier.copy(scratch, 0, primary, from, length);
    if (statusInScratch) {
      moveTrailer(work);
    }
    status.step(primaryTrailer, entry + 2, 3);
    if (statusInScratch) {
      scratch.eraseAll();
    }
  }

  /// The two status entries in one write, then the fields, the magic last.
  private void moveTrailer(SwapWork work) {
    int align = slots.config().flash().writeAlign();
    Bytes entries = scratch.read(scratchTrailer.statusOffset(0), (STEPS - 1) * align);
    try {
      primary.program(primaryTrailer.statusOffset(0), entries);
    } catch (FlashException e) {
      status.tolerate(e);
    }
    TrailerState state = scratchTrailer.read();
    if (state.imageOk() == Mark.GOOD) {
      primaryTrailer.writeImageOk();
    }
    if (state.swapInfo() != SwapType.NONE.code()) {
      primaryTrailer.writeSwapInfo(state.swapInfo(), slots.image());
    }
    primaryTrailer.writeSwapSize(work.swapSize());
    status.writeKeys(primaryTrailer, work.keys());
    primaryTrailer.writeMagic();
  }

  private static void erase(AreaAccess area, Group group) {
    for (int sector = group.first(); sector <= group.last(); sector++) {
      area.eraseSector(sector);
    }
  }

  @Override
  public void clearRequest(Interrupted state) {
    secondaryTrailer.erase();
  }
}
