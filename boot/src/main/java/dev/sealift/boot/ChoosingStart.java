// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.BootPolicy.Rollback;
import dev.sealift.boot.Mode.Retreat;
import dev.sealift.image.Dependency;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One start of a bootloader that moves no image but chooses one of each pair: direct-XIP, RAM load
/// and the single slot.
///
/// The image with the higher version is tried first, at equal versions the primary one. What fails
/// its check is erased, in the primary slot too, and the other one is tried; what is only unfit to
/// be chosen (an erased header, not bootable, made for another address) is left alone. With a
/// retreat the slot's trailer is asked before: an image that was started once without confirming
/// itself, or whose trailer is not in order, is erased with its slot.
///
/// RAM load and several images are by reading: an image is copied to its load address and checked
/// there, which needs no flash operation of its own.
final class ChoosingStart {
  private static final Comparator<ImageVersion> BY_VERSION = ImageVersion::compareWithoutBuild;

  private final Flash flash;
  private final BootConfig config;
  private Optional<ImageRefusal> lastRefusal = Optional.empty();

  ChoosingStart(Flash flash, BootConfig config) {
    this.flash = flash;
    this.config = config;
  }

  BootResult run() {
    return new BootResult(outcome(), Optional.empty(), lastRefusal);
  }

  private BootOutcome outcome() {
    try {
      List<Candidates> images = new ArrayList<>();
      for (int image = 0; image < config.images().size(); image++) {
        images.add(new Candidates(new SlotPair(flash, config, image)));
      }
      if (!choose(images)) {
        return new BootOutcome.Refused(lastRefusal.orElse(ImageRefusal.NO_IMAGE));
      }
      for (Candidates candidates : images) {
        if (!candidates.raiseCounter()) {
          return new BootOutcome.Refused(ImageRefusal.COUNTER_MISSING);
        }
      }
      SlotImage started = images.getFirst().chosen();
      return new BootOutcome.Booted(started.slot(), started.version());
    } catch (PowerCutException _) {
      return new BootOutcome.PowerLost();
    } catch (FlashException | StuckException e) {
      return new BootOutcome.Halted(String.valueOf(e.getMessage()));
    }
  }

  /// Chooses for every image, and again without a candidate whose dependencies nothing serves.
  private boolean choose(List<Candidates> images) {
    while (true) {
      for (Candidates candidates : images) {
        if (!candidates.choose()) {
          return false;
        }
      }
      Optional<Candidates> unserved =
          images.stream().filter(candidates -> !isServed(candidates.chosen(), images)).findFirst();
      if (images.size() == 1 || unserved.isEmpty()) {
        return true;
      }
      unserved.get().giveUp(ImageRefusal.DEPENDENCY);
    }
  }

  private static boolean isServed(SlotImage image, List<Candidates> images) {
    for (Dependency dependency : image.dependencies()) {
      if (dependency.imageNumber() >= images.size()
          || BY_VERSION.compare(
                  images.get(dependency.imageNumber()).chosen().version(), dependency.minimum())
              < 0) {
        return false;
      }
    }
    return true;
  }

  /// What may be started of one image.
  private final class Candidates {
    private final SlotPair slots;
    private final SlotCheck check;
    private final Map<Slot, SlotImage> available = new EnumMap<>(Slot.class);
    private Optional<SlotImage> chosen = Optional.empty();
    private boolean isConfirmed;

    Candidates(SlotPair slots) {
      this.slots = slots;
      this.check = new SlotCheck(slots, new ContentKeys(config.policy().decryption()));
      for (Slot slot : usedSlots()) {
        SlotImage image = slots.imageAt(slot);
        Optional<ImageRefusal> refusal = check.headerRefusal(image);
        if (refusal.isEmpty()) {
          available.put(slot, image);
        } else {
          lastRefusal = refusal;
        }
      }
    }

    private List<Slot> usedSlots() {
      return config.mode() instanceof Mode.SingleSlot
          ? List.of(Slot.PRIMARY)
          : List.of(Slot.values());
    }

    SlotImage chosen() {
      return chosen.orElseThrow();
    }

    void giveUp(ImageRefusal why) {
      lastRefusal = Optional.of(why);
      available.remove(chosen().slot());
      chosen = Optional.empty();
    }

    /// Keeps what was chosen before.
    boolean choose() {
      while (chosen.isEmpty()) {
        Optional<SlotImage> highest =
            available.values().stream()
                .reduce((a, b) -> BY_VERSION.compare(b.version(), a.version()) > 0 ? b : a);
        if (highest.isEmpty()) {
          return false;
        }
        chosen = highest;
        Optional<ImageRefusal> refusal = refusal(highest.get());
        if (refusal.isPresent()) {
          giveUp(refusal.get());
        }
      }
      return true;
    }

    private Optional<ImageRefusal> refusal(SlotImage image) {
      return addressRefusal(image)
          .or(() -> trailerRefusal(image))
          .or(() -> ramRefusal(image))
          .or(() -> contentRefusal(image));
    }

    private Optional<ImageRefusal> addressRefusal(SlotImage image) {
      ImageHeader header = image.header().orElseThrow();
      return config.mode() instanceof Mode.DirectXip
              && header.has(ImageFlag.ROM_FIXED)
              && header.loadAddress() != image.area().area().start()
          ? Optional.of(ImageRefusal.WRONG_ADDRESS)
          : Optional.empty();
    }

    /// The mark that an image was started is set before its check: if that fails, the slot goes
    /// with its trailer.
    private Optional<ImageRefusal> trailerRefusal(SlotImage image) {
      if (!retreats()) {
        return Optional.empty();
      }
      Trailer trailer = slots.trailer(image.slot());
      TrailerState state = trailer.read();
      boolean wasOnTrial = state.copyDone() == Mark.GOOD && state.imageOk() != Mark.GOOD;
      if (state.magic() != Mark.GOOD || wasOnTrial) {
        image.area().eraseAll();
        return Optional.of(wasOnTrial ? ImageRefusal.ON_TRIAL_BEFORE : ImageRefusal.TRAILER_BAD);
      }
      isConfirmed = state.imageOk() == Mark.GOOD;
      if (state.copyDone() != Mark.GOOD) {
        try {
          trailer.writeCopyDone();
        } catch (FlashException _) {
          // The real code goes on: the image is only not known as started.
        }
      }
      return Optional.empty();
    }

    private boolean retreats() {
      return switch (config.mode()) {
        case Mode.DirectXip(Retreat retreat) -> retreat == Retreat.UNLESS_CONFIRMED;
        case Mode.RamLoad(Retreat retreat, _) -> retreat == Retreat.UNLESS_CONFIRMED;
        default -> false;
      };
    }

    private Optional<ImageRefusal> ramRefusal(SlotImage image) {
      if (!(config.mode() instanceof Mode.RamLoad(_, FlashArea ram))) {
        return Optional.empty();
      }
      ImageHeader header = image.header().orElseThrow();
      long start = header.loadAddress();
      long size = image.totalSize().orElse(Long.MAX_VALUE / 2);
      if (!header.has(ImageFlag.RAM_LOAD) || start < ram.start() || start + size > ram.end()) {
        image.area().eraseAll();
        return Optional.of(ImageRefusal.NOT_FOR_RAM);
      }
      return Optional.empty();
    }

    private Optional<ImageRefusal> contentRefusal(SlotImage image) {
      if (config.mode() instanceof Mode.SingleSlot) {
        return config.policy().primaryCheck() == PrimaryCheck.WHOLE
            ? check.refusal(image)
            : check.absence(image);
      }
      Optional<ImageRefusal> absence = check.absence(image);
      if (absence.isPresent()) {
        return absence;
      }
      Optional<ImageRefusal> refusal = check.refusal(image);
      if (refusal.isPresent()) {
        check.scramble(image);
      }
      return refusal;
    }

    /// Whether the image that is started has what the device remembers of it.
    boolean raiseCounter() {
      if (config.policy().rollback() != Rollback.COUNTER_IN_DEVICE
          || config.mode() instanceof Mode.SingleSlot
          || (retreats() && !isConfirmed)) {
        return true;
      }
      Optional<SecurityCounter> counter = chosen().counter();
      counter.ifPresent(check::raise);
      return counter.isPresent();
    }
  }
}
