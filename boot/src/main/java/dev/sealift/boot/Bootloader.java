// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.Bootstrap;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.MoveSwap.HeaderPlace;
import dev.sealift.boot.MoveSwap.Interrupted;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.SecurityCounter;
import java.util.Optional;

/// MCUboot's boot as a model: does to a flash what the real code does, operation by operation, so
/// that a power cut at any of them leaves what it would leave there.
///
/// A start goes through three questions: is a swap under way (then it is completed), what do the
/// trailers ask for (then the candidate is checked and swapped in), and may the image start that is
/// in the primary slot now.
public final class Bootloader {
  private final DeviceProfile profile;
  private final SlotCheck check;

  public Bootloader(DeviceProfile profile) {
    this.profile = profile;
    this.check = new SlotCheck(profile);
  }

  public DeviceProfile profile() {
    return profile;
  }

  /// One start. Whatever happens is in the result; a power cut too.
  public BootResult boot(Flash flash) {
    return new Start(flash).run();
  }

  /// One start of the bootloader and what it knows while it runs.
  private final class Start {
    private final Flash flash;
    private final MoveSwap swap;
    private final Trailer primaryTrailer;
    private final Trailer secondaryTrailer;
    private SlotImage primary;
    private SlotImage secondary;
    private Optional<SwapType> taken = Optional.empty();
    private Optional<ImageRefusal> refused = Optional.empty();

    Start(Flash flash) {
      this.flash = flash;
      this.swap = new MoveSwap(flash, profile);
      this.primaryTrailer = new Trailer(flash, profile, Slot.PRIMARY);
      this.secondaryTrailer = new Trailer(flash, profile, Slot.SECONDARY);
      this.primary = imageAt(Slot.PRIMARY);
      this.secondary = imageAt(Slot.SECONDARY);
    }

    BootResult run() {
      return new BootResult(outcome(), taken, refused);
    }

    private BootOutcome outcome() {
      try {
        if (profile.sectors(Slot.PRIMARY) > profile.maxSectors()) {
          take(SwapType.NONE);
          return new BootOutcome.Refused(ImageRefusal.TOO_MANY_SECTORS);
        }
        Interrupted interrupted = decide();
        act(interrupted);
        return startPrimary();
      } catch (PowerCutException _) {
        return new BootOutcome.PowerLost();
      } catch (FlashException | StuckException e) {
        return new BootOutcome.Halted(String.valueOf(e.getMessage()));
      }
    }

    private void take(SwapType type) {
      taken = Optional.of(type);
    }

    private boolean hasTaken(SwapType type) {
      return taken.equals(Optional.of(type));
    }

    // Is a swap under way, and what is asked for?

    private Interrupted decide() {
      Interrupted interrupted = swap.interrupted();
      if (!profile.slotsCompatible() || !headersAreWhereTheyShouldBe(interrupted)) {
        take(SwapType.NONE);
        return interrupted;
      }
      switch (interrupted) {
        case Interrupted.Underway(int info, int entries) -> {
          swap.resume(entries);
          SwapType.of(info)
              .ifPresent(
                  type -> {
                    take(type);
                    markStays(type);
                    markDone(type);
                  });
          readHeaders();
          take(SwapType.NONE);
        }
        case Interrupted.Prepared(int info) when info != SwapType.NONE.code() ->
            take(
                candidateIsGood(interrupted)
                    ? SwapType.of(info).orElse(SwapType.PANIC)
                    : SwapType.FAIL);
        case Interrupted.Prepared _, Interrupted.No _ -> takeRequested(interrupted);
      }
      if (!(interrupted instanceof Interrupted.Underway)
          && profile.policy().bootstrap() == Bootstrap.FROM_SECONDARY
          && hasTaken(SwapType.NONE)) {
        considerBootstrap(interrupted);
      }
      return interrupted;
    }

    private void takeRequested(Interrupted interrupted) {
      SwapType requested = SwapTypeTable.decide(flash, profile);
      take(requested.isUpgrade() && !candidateIsGood(interrupted) ? SwapType.NONE : requested);
    }

    /// Without an image in the primary slot there is nothing to shift, so nothing is swapped.
    private boolean headersAreWhereTheyShouldBe(Interrupted interrupted) {
      if (interrupted instanceof Interrupted.Underway(_, int entries)) {
        return imageAt(swap.headerPlace(Slot.PRIMARY, entries)).hasMagic()
            && imageAt(swap.headerPlace(Slot.SECONDARY, entries)).hasMagic();
      }
      return primary.hasMagic()
          || (profile.policy().bootstrap() == Bootstrap.FROM_SECONDARY && primary.headerIsErased());
    }

    private void considerBootstrap(Interrupted interrupted) {
      if (check.refusal(primary).isEmpty()) {
        return;
      }
      boolean hasMagic = secondary.hasMagic();
      if (candidateIsGood(interrupted) && hasMagic) {
        take(SwapType.REVERT);
      }
    }

    /// Looks at the secondary slot's image; one that is refused is erased at once.
    private boolean candidateIsGood(Interrupted interrupted) {
      refused = check.refusal(secondary);
      if (refused.isEmpty()) {
        return true;
      }
      switch (refused.get()) {
        case NO_IMAGE, NOT_BOOTABLE -> {
          // There may be a trailer left without an image, as after a power cut while an image
          // was being erased. It would be in the way of the next upload.
          secondaryTrailer.erase();
          if (isRevert(interrupted)) {
            // Nothing to go back to, now and at every later boot.
            primaryTrailer.erase();
          }
        }
        default -> scrambleSecondary();
      }
      return false;
    }

    private boolean isRevert(Interrupted interrupted) {
      return (interrupted instanceof Interrupted.Prepared(int info)
              && info == SwapType.REVERT.code())
          || SwapTypeTable.decide(flash, profile) == SwapType.REVERT;
    }

    private void scrambleSecondary() {
      AreaAccess area = secondary.area();
      switch (profile.policy().scramble()) {
        case WHOLE_SLOT -> {
          for (int sector = 0; sector < area.sectors(); sector++) {
            area.eraseSector(sector);
          }
        }
        case HEADER_AND_TRAILER -> {
          area.eraseSector(0);
          secondaryTrailer.erase();
        }
      }
    }

    // Do it.

    private void act(Interrupted interrupted) {
      switch (taken.orElse(SwapType.PANIC)) {
        case NONE -> {}
        case TEST, PERM -> {
          if (isDowngrade()) {
            refused = Optional.of(ImageRefusal.DOWNGRADE);
            scrambleSecondary();
            take(SwapType.NONE);
          } else {
            update(interrupted);
          }
        }
        case REVERT -> update(interrupted);
        case FAIL -> orPanic(primaryTrailer::writeImageOkIfUnset);
        case PANIC -> {
          take(SwapType.PANIC);
          throw new StuckException("no such swap type");
        }
      }
      if (!hasTaken(SwapType.NONE)) {
        readHeaders();
      }
    }

    private boolean isDowngrade() {
      return switch (profile.policy().downgrade()) {
        case ALLOWED -> false;
        case REFUSED_BY_VERSION -> secondary.version().compareWithoutBuild(primary.version()) < 0;
        case REFUSED_BY_COUNTER -> {
          Optional<SecurityCounter> running = primary.counter();
          Optional<SecurityCounter> candidate = secondary.counter();
          yield running.isPresent()
              && (candidate.isEmpty() || candidate.get().compareTo(running.get()) < 0);
        }
      };
    }

    private void update(Interrupted interrupted) {
      SwapType type = taken.orElseThrow();
      if (profile.policy().bootstrap() == Bootstrap.FROM_SECONDARY
          && check.refusal(primary).isPresent()) {
        copyOverPrimary();
      } else {
        swap.start(type, Math.max(sizeToSwap(primary), sizeToSwap(secondary)), interrupted);
      }
      markStays(type);
      if (type == SwapType.PERM && profile.policy().rollback() == Rollback.COUNTER_IN_DEVICE) {
        raiseCounterToNewImage();
      }
      markDone(type);
    }

    private long sizeToSwap(SlotImage image) {
      if (!image.hasMagic()) {
        return 0;
      }
      return image
          .totalSize()
          .orElseThrow(() -> new StuckException("the size of an image to swap cannot be read"));
    }

    /// What stays gets its image_ok before the swap is called done.
    private void markStays(SwapType type) {
      if (type == SwapType.REVERT || type == SwapType.PERM) {
        orPanic(primaryTrailer::writeImageOkIfUnset);
      }
    }

    private void markDone(SwapType type) {
      if (type.isUpgrade()) {
        orPanic(primaryTrailer::writeCopyDone);
      }
    }

    /// The image is in the primary slot now; its header was read in the secondary one.
    private void raiseCounterToNewImage() {
      Optional<SecurityCounter> counter =
          new SlotImage(primary.area(), secondary.head(), secondary.header()).counter();
      if (counter.isEmpty()) {
        take(SwapType.PANIC);
        throw new StuckException("the new image has no security counter");
      }
      raiseCounter(counter.get());
    }

    /// The secondary image over a primary slot that holds none. It stays where it was, too.
    private void copyOverPrimary() {
      int size = (int) sizeToSwap(secondary);
      AreaAccess target = primary.area();
      int sectorSize = profile.flash().sectorSize();
      for (int sector = 0; sector < Math.ceilDiv(size, sectorSize); sector++) {
        target.eraseSector(sector);
      }
      for (int sector = profile.firstTrailerSector(Slot.PRIMARY);
          sector < target.sectors();
          sector++) {
        target.eraseSector(sector);
      }
      // The real code copies one write unit more than the image has when its size is a multiple
      // of the write unit. Where that unit is in a sector that was not erased, a strict flash
      // stops it here.
      int align = profile.flash().writeAlign();
      int length = size + align - size % align;
      for (int done = 0; done < length; done += MoveSwap.COPY_MAX) {
        Bytes piece = secondary.area().read(done, Math.min(MoveSwap.COPY_MAX, length - done));
        target.program(done, piece);
      }
      primaryTrailer.writeMagic();
      if (profile.policy().rollback() == Rollback.COUNTER_IN_DEVICE) {
        raiseCounterToNewImage();
      }
      secondary.area().eraseSector(secondary.area().sectors() - 1);
    }

    private void orPanic(Runnable write) {
      try {
        write.run();
      } catch (FlashException e) {
        take(SwapType.PANIC);
        throw e;
      }
    }

    // May the image start that is in the primary slot now?

    private BootOutcome startPrimary() {
      Optional<ImageRefusal> refusal =
          switch (profile.policy().primaryCheck()) {
            case WHOLE -> check.refusal(primary);
            case MAGIC_ONLY ->
                primary.hasMagic() ? Optional.empty() : Optional.of(ImageRefusal.MAGIC_WRONG);
          };
      if (refusal.isPresent()) {
        return new BootOutcome.Refused(refusal.get());
      }
      if (profile.policy().rollback() == Rollback.COUNTER_IN_DEVICE && isThereToStay()) {
        Optional<SecurityCounter> counter = primary.counter();
        if (counter.isEmpty()) {
          return new BootOutcome.Refused(ImageRefusal.COUNTER_MISSING);
        }
        raiseCounter(counter.get());
      }
      return new BootOutcome.Booted(Slot.PRIMARY, primary.version());
    }

    /// An image on trial must not raise the counter: the one before it would be locked out.
    private boolean isThereToStay() {
      TrailerState trailer = primaryTrailer.read();
      return trailer.magic() != Mark.GOOD || trailer.imageOk() == Mark.GOOD;
    }

    private void raiseCounter(SecurityCounter value) {
      if (value.compareTo(flash.securityCounter()) > 0) {
        flash.raiseSecurityCounter(value);
      }
    }

    private void readHeaders() {
      primary = imageAt(Slot.PRIMARY);
      secondary = imageAt(Slot.SECONDARY);
    }

    private SlotImage imageAt(Slot slot) {
      return imageAt(new HeaderPlace(slot, 0));
    }

    private SlotImage imageAt(HeaderPlace place) {
      return SlotImage.at(new AreaAccess(flash, profile.area(place.slot())), place.offset());
    }
  }

  /// An assertion of the real code that does not hold.
  private static final class StuckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StuckException(String why) {
      super(why);
    }
  }
}
