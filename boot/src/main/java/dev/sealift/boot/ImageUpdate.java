// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.Bootstrap;
import dev.sealift.boot.BootPolicy.Downgrade;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.image.SecurityCounter;
import java.util.Optional;

/// One image's way through one start of a bootloader that brings images into the primary slot.
///
/// It goes through three questions: is a swap under way (then it is completed), what do the
/// trailers ask for (then the candidate is checked), both in [#prepare]; with several images they
/// are asked of each before [#perform] changes any; and may the image start that is in the primary
/// slot then, [#refusal].
final class ImageUpdate {
  private final SlotPair slots;
  private final BootConfig config;
  private final SlotCheck check;
  private final Exchange exchange;
  private final ContentKeys keys;
  private final Trailer primaryTrailer;
  private Headers headers;
  private Interrupted interrupted = new Interrupted.No();
  private Optional<SwapType> taken = Optional.empty();
  private Optional<ImageRefusal> refused = Optional.empty();

  ImageUpdate(SlotPair slots) {
    this.slots = slots;
    this.config = slots.config();
    this.keys = new ContentKeys(config.policy().decryption());
    this.check = new SlotCheck(slots, keys);
    this.exchange = Exchange.of(slots);
    this.primaryTrailer = slots.trailer(Slot.PRIMARY);
    this.headers = exchange.headers(interrupted);
  }

  Optional<SwapType> taken() {
    return taken;
  }

  Optional<ImageRefusal> refused() {
    return refused;
  }

  SlotImage primary() {
    return headers.primary();
  }

  SlotImage secondary() {
    return headers.secondary();
  }

  boolean hasTaken(SwapType type) {
    return taken.equals(Optional.of(type));
  }

  boolean wasUnderway() {
    return interrupted instanceof Interrupted.Underway;
  }

  void take(SwapType type) {
    taken = Optional.of(type);
  }

  /// Nothing is done to this image though it was asked for.
  void drop(ImageRefusal why) {
    refused = Optional.of(why);
    take(SwapType.NONE);
  }

  // Is a swap under way, and what is asked for?

  void prepare() {
    if (config.slotsCompatible(slots.image())) {
      interrupted = exchange.interrupted();
      headers = exchange.headers(interrupted);
      if (exchange.canGoOn(headers, interrupted) || isBlankForBootstrap()) {
        decide();
        return;
      }
    }
    take(SwapType.NONE);
  }

  private boolean isBlankForBootstrap() {
    return bootstraps() && headers.primary().headerIsErased();
  }

  private boolean bootstraps() {
    return config.policy().bootstrap() == Bootstrap.FROM_SECONDARY;
  }

  private void decide() {
    switch (interrupted) {
      case Interrupted.Underway(int info, _) -> {
        complete(info);
        return;
      }
      case Interrupted.Prepared(int info) when info != SwapType.NONE.code() ->
          take(
              candidateIsGood(SwapType.NONE)
                  ? SwapType.of(info).orElse(SwapType.PANIC)
                  : SwapType.FAIL);
      case Interrupted.Prepared _, Interrupted.No _ -> {
        SwapType requested = slots.requested();
        take(requested.isUpgrade() && !candidateIsGood(requested) ? SwapType.NONE : requested);
      }
    }
    if (bootstraps() && hasTaken(SwapType.NONE)) {
      considerBootstrap();
    }
  }

  private void complete(int info) {
    Trailer status = exchange.statusTrailer();
    keys.restore(status);
    exchange.run(
        new SwapWork(info, status.swapSize(), headers, keys, tlvSizes(status), interrupted));
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

  private Trailer.TlvSizes tlvSizes(Trailer status) {
    return config.mode() instanceof Mode.SwapOffset
        ? status.tlvSizes()
        : new Trailer.TlvSizes(0, 0);
  }

  private void considerBootstrap() {
    if (check.refusal(primary()).isEmpty()) {
      return;
    }
    boolean hasMagic = secondary().hasMagic();
    if (candidateIsGood(SwapType.NONE) && hasMagic) {
      take(SwapType.REVERT);
    }
  }

  /// Looks at the secondary slot's image; one that is refused is erased at once.
  private boolean candidateIsGood(SwapType requested) {
    refused = candidateRefusal(requested);
    if (refused.isEmpty()) {
      return true;
    }
    switch (refused.get()) {
      case NO_IMAGE, NOT_BOOTABLE -> exchange.clearRequest(interrupted);
      default -> check.scramble(secondary());
    }
    return false;
  }

  private Optional<ImageRefusal> candidateRefusal(SwapType requested) {
    SlotImage image = secondary();
    Optional<ImageRefusal> none = check.absence(image);
    if (none.isPresent()) {
      return none;
    }
    boolean isNew = requested == SwapType.TEST || requested == SwapType.PERM;
    if (config.mode() instanceof Mode.SwapOffset
        && isNew
        && slots.imageAt(Slot.SECONDARY, 0).hasMagic()) {
      return Optional.of(ImageRefusal.WRONG_PLACE);
    }
    if (config.mode() instanceof Mode.Overwrite
        && config.policy().downgrade() != Downgrade.ALLOWED
        && isOlder()
        && !primary().headerIsErased()) {
      return Optional.of(ImageRefusal.DOWNGRADE);
    }
    return check.refusal(image);
  }

  // Do it.

  void perform() {
    switch (taken.orElse(SwapType.PANIC)) {
      case NONE -> {}
      case TEST, PERM -> {
        if (isDowngrade()) {
          refused = Optional.of(ImageRefusal.DOWNGRADE);
          check.scramble(secondary());
          take(SwapType.NONE);
        } else {
          update();
        }
      }
      case REVERT -> update();
      case FAIL -> {
        if (swaps()) {
          orPanic(primaryTrailer::writeImageOkIfUnset);
        }
      }
      case PANIC -> {
        take(SwapType.PANIC);
        throw new StuckException("no such swap type");
      }
    }
    if (!hasTaken(SwapType.NONE)) {
      readHeaders();
    }
  }

  private boolean swaps() {
    return config.mode() instanceof Mode.Swap;
  }

  private boolean isOlder() {
    return secondary().version().compareWithoutBuild(primary().version()) < 0;
  }

  private boolean isDowngrade() {
    if (!swaps()) {
      return false;
    }
    return switch (config.policy().downgrade()) {
      case ALLOWED -> false;
      case REFUSED_BY_VERSION -> isOlder();
      case REFUSED_BY_COUNTER -> {
        Optional<SecurityCounter> running = primary().counter();
        Optional<SecurityCounter> candidate = secondary().counter();
        yield running.isPresent()
            && (candidate.isEmpty() || candidate.get().compareTo(running.get()) < 0);
      }
    };
  }

  private void update() {
    SwapType type = taken.orElseThrow();
    if (!swaps()) {
      overwrite();
      return;
    }
    if (bootstraps() && check.refusal(primary()).isPresent()) {
      overwrite();
    } else {
      swap(type);
    }
    markStays(type);
    if (type == SwapType.PERM && countsInDevice()) {
      raiseCounterToNewImage();
    }
    markDone(type);
  }

  private void swap(SwapType type) {
    long size = Math.max(sizeToSwap(primary()), sizeToSwap(secondary()));
    Trailer.TlvSizes tlvSizes =
        new Trailer.TlvSizes(primary().unprotectedTlvSize(), secondary().unprotectedTlvSize());
    exchange.run(new SwapWork(type.code(), size, headers, keys, tlvSizes, interrupted));
  }

  /// The secondary image over whatever is in the primary slot.
  private void overwrite() {
    loadKey(secondary());
    Overwrite overwrite = new Overwrite(slots);
    overwrite.run(
        new SwapWork(
            SwapType.PERM.code(),
            sizeOf(secondary()),
            headers,
            keys,
            new Trailer.TlvSizes(0, 0),
            interrupted));
    if (countsInDevice()) {
      raiseCounterToNewImage();
    }
    overwrite.clearSecondary();
  }

  private boolean countsInDevice() {
    return config.policy().rollback() == Rollback.COUNTER_IN_DEVICE;
  }

  private long sizeToSwap(SlotImage image) {
    if (!image.hasMagic()) {
      return 0;
    }
    long size = sizeOf(image);
    loadKey(image);
    return size;
  }

  private static long sizeOf(SlotImage image) {
    return image
        .totalSize()
        .orElseThrow(() -> new StuckException("the size of an image to swap cannot be read"));
  }

  private void loadKey(SlotImage image) {
    if (image.isEncrypted() && keys.load(image).isPresent()) {
      throw new StuckException("the key of an encrypted image cannot be had");
    }
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
    Optional<SecurityCounter> counter = secondary().in(slots.area(Slot.PRIMARY)).counter();
    if (counter.isEmpty()) {
      take(SwapType.PANIC);
      throw new StuckException("the new image has no security counter");
    }
    check.raise(counter.get());
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

  Optional<ImageRefusal> refusal() {
    Optional<ImageRefusal> refusal =
        switch (config.policy().primaryCheck()) {
          case WHOLE -> check.refusal(primary());
          case MAGIC_ONLY ->
              primary().hasMagic() ? Optional.empty() : Optional.of(ImageRefusal.MAGIC_WRONG);
        };
    if (refusal.isPresent() || !countsInDevice() || !isThereToStay()) {
      return refusal;
    }
    Optional<SecurityCounter> counter = primary().counter();
    counter.ifPresent(check::raise);
    return counter.isPresent() ? Optional.empty() : Optional.of(ImageRefusal.COUNTER_MISSING);
  }

  /// An image on trial must not raise the counter: the one before it would be locked out.
  private boolean isThereToStay() {
    TrailerState trailer = primaryTrailer.read();
    return trailer.magic() != Mark.GOOD || trailer.imageOk() == Mark.GOOD;
  }

  private void readHeaders() {
    headers = exchange.headers(new Interrupted.No());
  }
}
