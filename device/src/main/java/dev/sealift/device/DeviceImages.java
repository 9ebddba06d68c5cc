// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.FlashArea;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.device.Slots.Pending;
import dev.sealift.image.Image;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.ImageStore;
import dev.sealift.smp.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The slots as the image group sees them: states with the flags that Zephyr derives from the swap
/// type, uploads into the slot beside the running one, marks by MCUboot's own functions.
final class DeviceImages implements ImageStore {
  private final Slots slots;
  private Optional<SlotStream> stream = Optional.empty();

  DeviceImages(Slots slots) {
    this.slots = slots;
  }

  @Override
  public List<Images.Slot> slots() {
    boolean onTrial = slots.isOnTrial();
    List<Images.Slot> found = new ArrayList<>();
    for (Slot slot : Slot.values()) {
      Flags flags =
          slot == slots.running()
              ? Flags.of(Pending.NO, !onTrial, true)
              : Flags.of(slots.pending(), onTrial, false);
      slots.image(slot).ifPresent(image -> found.add(slot(number(slot), image, flags)));
    }
    return found;
  }

  private record Flags(Pending pending, Optional<Boolean> confirmed, Optional<Boolean> active) {
    static Flags of(Pending pending, boolean confirmed, boolean active) {
      return new Flags(pending, Optional.of(confirmed), Optional.of(active));
    }
  }

  private static Images.Slot slot(long number, Image image, Flags flags) {
    return new Images.Slot(
        Optional.empty(),
        number,
        Optional.of(zephyrText(image.version())),
        image.hash(),
        Optional.of(!image.header().has(ImageFlag.NON_BOOTABLE)),
        Optional.of(flags.pending() != Pending.NO),
        flags.confirmed(),
        flags.active(),
        Optional.of(flags.pending() == Pending.PERMANENT),
        Optional.empty());
  }

  /// The build number, where there is one, stands behind a dot.
  private static String zephyrText(ImageVersion version) {
    String text = "%d.%d.%d".formatted(version.major(), version.minor(), version.revision());
    return version.build() == 0 ? text : text + "." + version.build();
  }

  @Override
  public Images.SlotsReply sizes() {
    List<Images.SlotSize> sizes = new ArrayList<>();
    for (Slot slot : Slot.values()) {
      boolean isTarget = slots.target().filter(slot::equals).isPresent();
      if (isTarget || slot == slots.running()) {
        sizes.add(
            new Images.SlotSize(
                number(slot),
                Optional.of((long) slots.area(slot).size()),
                isTarget ? Optional.of(0L) : Optional.empty(),
                Optional.empty()));
      }
    }
    return new Images.SlotsReply(
        List.of(
            new Images.ImageSlots(0, sizes, Optional.of((long) slots.config().imageSizeMax()))));
  }

  private static long number(Slot slot) {
    return switch (slot) {
      case PRIMARY -> 0;
      case SECONDARY -> 1;
    };
  }

  /// Neither a pending image may be overwritten, nor the one that a revert would bring back.
  @Override
  public Optional<ImageError> uploadRefusal() {
    return slots.target().isEmpty() || slots.pending() != Pending.NO || slots.isOnTrial()
        ? Optional.of(ImageError.NO_FREE_SLOT)
        : Optional.empty();
  }

  @Override
  public long uploadSizeMax() {
    return slots.uploadSizeMax();
  }

  @Override
  public int compareWithRunning(Bytes header) {
    Optional<ImageVersion> running = slots.image(slots.running()).map(Image::version);
    if (running.isEmpty()) {
      return 1;
    }
    try {
      return ImageHeader.read(header).version().compareWithoutBuild(running.get());
    } catch (MalformedException _) {
      // No readable version is no newer version.
      return -1;
    }
  }

  @Override
  public void begin() {
    stream = Optional.of(slots.upload());
  }

  @Override
  public void resume(long offset) {
    SlotStream resumed = slots.upload();
    resumed.resume(Math.toIntExact(offset));
    stream = Optional.of(resumed);
  }

  @Override
  public void append(Bytes data) {
    running().append(data);
  }

  @Override
  public void rewind(long offset) {
    SlotStream current = running();
    current.rewindToPage();
    if (current.taken() != offset) {
      throw new IllegalStateException(
          "rewound to %d, the stream stands at %d".formatted(offset, current.taken()));
    }
  }

  @Override
  public void finish() {
    running().finish();
    stream = Optional.empty();
  }

  @Override
  public Optional<ImageError> mark(Mark mark) {
    return switch (mark) {
      case Mark.Test(var hash) -> mark(hash, Pending.TEST);
      case Mark.Permanent(var hash) -> mark(hash, Pending.PERMANENT);
      case Mark.ConfirmRunning() -> error(slots.confirm());
    };
  }

  private Optional<ImageError> mark(Bytes hash, Pending wanted) {
    if (!slots.targetImage().flatMap(Image::hash).equals(Optional.of(hash))) {
      return Optional.of(
          slots.imageHash(slots.running()).equals(Optional.of(hash))
              ? ImageError.TEST_OF_ACTIVE
              : ImageError.NO_IMAGE);
    }
    if (slots.isOnTrial()) {
      // The other slot boots next anyway; it cannot be asked to run on trial itself.
      return wanted == Pending.PERMANENT ? Optional.empty() : already();
    }
    return switch (slots.pending()) {
      // What was asked for stays; asking for the same again changes nothing.
      case TEST -> wanted == Pending.TEST ? Optional.empty() : already();
      case NO, PERMANENT -> error(wanted == Pending.PERMANENT ? slots.permanent() : slots.test());
    };
  }

  private static Optional<ImageError> already() {
    return Optional.of(ImageError.ALREADY_PENDING);
  }

  private static Optional<ImageError> error(ImageMarks.Answer answer) {
    return switch (answer) {
      case DONE -> Optional.empty();
      case FLASH_FAILED, PENDING_MAGIC_BAD, CONFIRM_MAGIC_BAD ->
          Optional.of(ImageError.FLASH_WRITE);
    };
  }

  @Override
  public Optional<ImageError> erase(long slot) {
    if (slots.target().filter(target -> number(target) == slot).isEmpty()) {
      return Optional.of(
          slot == number(slots.running()) ? ImageError.NO_FREE_SLOT : ImageError.BAD_SLOT);
    }
    Optional<ImageError> refusal = uploadRefusal();
    if (refusal.isPresent()) {
      return refusal;
    }
    FlashArea area = slots.area(target());
    int sector = slots.flash().geometry().sectorSize();
    for (int at = area.start(); at < area.end(); at += sector) {
      slots.flash().eraseSector(at);
    }
    return Optional.empty();
  }

  private Slot target() {
    return slots.target().orElseThrow(() -> new IllegalStateException("no slot for an update"));
  }

  private SlotStream running() {
    return stream.orElseThrow(() -> new IllegalStateException("no upload is running"));
  }
}
