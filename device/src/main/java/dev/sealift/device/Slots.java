// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.ImageMarks.Answer;
import dev.sealift.boot.ImageMarks.Stay;
import dev.sealift.boot.Mark;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Mode.Retreat;
import dev.sealift.boot.Slot;
import dev.sealift.boot.SwapType;
import dev.sealift.boot.TrailerState;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.ImageVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// What the application reads in the slots of one image and asks of its bootloader, the same for
/// every mode: the image is in use in one slot, an update goes into the other.
record Slots(BootConfig config, Flash flash, int image, ImageMarks marks, Slot running) {
  Slots(BootConfig config, Flash flash, int image, Slot running) {
    this(config, flash, image, new ImageMarks(config, image), running);
  }

  /// Those of image 0, the one that runs the application.
  Slots(BootConfig config, Flash flash, Slot running) {
    this(config, flash, 0, running);
  }

  /// Those of every image, in order. Image 0 runs from `running`; the others are taken to be in use
  /// in their primary slot, as in Zephyr, which knows direct-XIP with one image only.
  static List<Slots> all(BootConfig config, Flash flash, Slot running) {
    return IntStream.range(0, config.images().size())
        .mapToObj(image -> new Slots(config, flash, image, image == 0 ? running : Slot.PRIMARY))
        .toList();
  }

  /// What the next boot would do with the image beside the running one.
  enum Pending {
    NO,
    TEST,
    PERMANENT
  }

  /// Where an update goes; nowhere on a device of one slot.
  Optional<Slot> target() {
    if (config.mode() instanceof Mode.SingleSlot) {
      return Optional.empty();
    }
    return Optional.of(running == Slot.PRIMARY ? Slot.SECONDARY : Slot.PRIMARY);
  }

  FlashArea area(Slot slot) {
    return config.area(image, slot);
  }

  /// In offset mode a new image lies from the second sector on, one to go back to from the first.
  int imageStart(Slot slot) {
    return slot == Slot.SECONDARY && !isOnTrial() ? config.uploadOffset() : 0;
  }

  /// All bytes from where an image in the slot begins.
  Bytes content(Slot slot) {
    FlashArea area = area(slot);
    int start = imageStart(slot);
    return flash.read(area.start() + start, area.size() - start);
  }

  /// The image in a slot; none where nothing readable lies.
  Optional<Image> image(Slot slot) {
    if (slot != running && target().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Image.read(content(slot)));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  Optional<Bytes> imageHash(Slot slot) {
    return image(slot).flatMap(Image::hash);
  }

  Optional<Image> targetImage() {
    return target().flatMap(this::image);
  }

  /// The running image with its TLVs, in bytes.
  OptionalLong runningSize() {
    return image(running).stream().mapToLong(Image::size).findFirst();
  }

  /// Whether the running image has still to confirm itself, so that the one before it can come
  /// back.
  boolean isOnTrial() {
    return switch (config.mode()) {
      case Mode.Swap _ -> marks.requested(flash) == SwapType.REVERT;
      // There is nothing to go back to.
      case Mode.Overwrite _, Mode.SingleSlot _ -> false;
      case Mode.DirectXip(Retreat retreat) -> retreats(retreat) && wasStartedUnconfirmed();
      case Mode.RamLoad(Retreat retreat, _) -> retreats(retreat) && wasStartedUnconfirmed();
    };
  }

  private static boolean retreats(Retreat retreat) {
    return retreat == Retreat.UNLESS_CONFIRMED;
  }

  private boolean wasStartedUnconfirmed() {
    TrailerState trailer = marks.trailer(flash, running);
    return trailer.copyDone() == Mark.GOOD && trailer.imageOk() != Mark.GOOD;
  }

  Pending pending() {
    return switch (config.mode()) {
      case Mode.Swap _, Mode.Overwrite _ ->
          switch (marks.requested(flash)) {
            case TEST -> Pending.TEST;
            case PERM -> Pending.PERMANENT;
            case NONE, REVERT, FAIL, PANIC -> Pending.NO;
          };
      case Mode.SingleSlot _ -> Pending.NO;
      case Mode.DirectXip(Retreat retreat) -> chosenNext(retreat);
      case Mode.RamLoad(Retreat retreat, _) -> chosenNext(retreat);
    };
  }

  private Pending chosenNext(Retreat retreat) {
    Slot other = target().orElseThrow();
    Optional<ImageVersion> theirs = image(other).map(Image::version);
    Optional<ImageVersion> ours = image(running).map(Image::version);
    if (theirs.isEmpty() || ours.isEmpty()) {
      return Pending.NO;
    }
    int newer = theirs.get().compareWithoutBuild(ours.get());
    if (newer < 0 || (newer == 0 && other == Slot.SECONDARY)) {
      return Pending.NO;
    }
    if (!retreats(retreat)) {
      return Pending.PERMANENT;
    }
    TrailerState trailer = marks.trailer(flash, other);
    if (trailer.magic() != Mark.GOOD) {
      return Pending.NO;
    }
    return trailer.imageOk() == Mark.GOOD ? Pending.PERMANENT : Pending.TEST;
  }

  /// Makes what lies in the target slot unreadable, where anything does: its first sectors go.
  void discardTarget() {
    if (targetImage().isEmpty()) {
      return;
    }
    FlashArea area = area(target().orElseThrow());
    int sector = flash.geometry().sectorSize();
    int end = Math.min(area.end(), area.start() + uploadStart() + sector);
    for (int at = area.start(); at < end; at += sector) {
      flash.eraseSector(at);
    }
  }

  /// A new upload into the target slot.
  SlotStream upload() {
    Slot slot = target().orElseThrow(() -> new IllegalStateException("no slot for an update"));
    return new SlotStream(flash, area(slot), uploadStart());
  }

  /// How far an upload may be taken for done whose first `verified` bytes lie in the target slot,
  /// in whole pages or all of it. See [SlotStream#resumable].
  int resumable(int verified) {
    return upload().resumable(verified);
  }

  /// The largest image that the bootloader takes.
  int imageSizeMax() {
    return config.imageSizeMax(image);
  }

  /// The largest file that an upload can bring; nothing fits on a device of one slot.
  int uploadSizeMax() {
    return target().map(slot -> area(slot).size() - uploadStart()).orElse(0);
  }

  private int uploadStart() {
    return target().equals(Optional.of(Slot.SECONDARY)) ? config.uploadOffset() : 0;
  }

  /// Asks for the image beside the running one to be tried at the next boot.
  Answer test() {
    return choosesByTrailer()
        ? marks.choose(flash, target().orElseThrow(), Stay.TRIAL)
        : choosesByVersion() ? Answer.DONE : marks.test(flash);
  }

  /// Asks for it for good.
  Answer permanent() {
    return choosesByTrailer()
        ? marks.choose(flash, target().orElseThrow(), Stay.FOR_GOOD)
        : choosesByVersion() ? Answer.DONE : marks.permanent(flash);
  }

  Answer confirm() {
    return choosesByTrailer()
        ? marks.choose(flash, running, Stay.FOR_GOOD)
        : choosesByVersion() ? Answer.DONE : marks.confirm(flash);
  }

  private boolean choosesByTrailer() {
    return switch (config.mode()) {
      case Mode.DirectXip(Retreat retreat) -> retreats(retreat);
      case Mode.RamLoad(Retreat retreat, _) -> retreats(retreat);
      case Mode.Swap _, Mode.Overwrite _, Mode.SingleSlot _ -> false;
    };
  }

  /// The higher version boots, whatever anybody marks.
  private boolean choosesByVersion() {
    return switch (config.mode()) {
      case Mode.DirectXip(Retreat retreat) -> !retreats(retreat);
      case Mode.RamLoad(Retreat retreat, _) -> !retreats(retreat);
      case Mode.SingleSlot _ -> true;
      case Mode.Swap _, Mode.Overwrite _ -> false;
    };
  }
}
