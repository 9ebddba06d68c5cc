// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.FlashArea;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Slot;
import dev.sealift.boot.SwapType;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
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
/// type, uploads into the secondary slot, marks by MCUboot's own functions.
final class DeviceImages implements ImageStore {
  private final Slots slots;
  private final ImageMarks marks;
  private Optional<SlotStream> stream = Optional.empty();

  DeviceImages(Slots slots, ImageMarks marks) {
    this.slots = slots;
    this.marks = marks;
  }

  @Override
  public List<Images.Slot> slots() {
    SwapType requested = marks.requested(slots.flash());
    List<Images.Slot> found = new ArrayList<>();
    slots.image(Slot.PRIMARY).ifPresent(image -> found.add(primary(image, requested)));
    slots.image(Slot.SECONDARY).ifPresent(image -> found.add(secondary(image, requested)));
    return found;
  }

  /// Zephyr's reading: what the next boot would do tells what the slots are.
  private static Images.Slot primary(Image image, SwapType requested) {
    boolean onTrial = requested == SwapType.REVERT;
    return slot(number(Slot.PRIMARY), image, Flags.of(Pending.NO, !onTrial, true));
  }

  private static Images.Slot secondary(Image image, SwapType requested) {
    Pending pending =
        switch (requested) {
          case TEST -> Pending.TEST;
          case PERM -> Pending.PERMANENT;
          case NONE, REVERT, FAIL, PANIC -> Pending.NO;
        };
    return slot(
        number(Slot.SECONDARY), image, Flags.of(pending, requested == SwapType.REVERT, false));
  }

  private enum Pending {
    NO,
    TEST,
    PERMANENT
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
      sizes.add(
          new Images.SlotSize(
              number(slot),
              Optional.of((long) slots.profile().area(slot).size()),
              slot == Slot.SECONDARY ? Optional.of(0L) : Optional.empty(),
              Optional.empty()));
    }
    return new Images.SlotsReply(
        List.of(
            new Images.ImageSlots(0, sizes, Optional.of((long) slots.profile().imageSizeMax()))));
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
    return switch (marks.requested(slots.flash())) {
      case TEST, PERM, REVERT -> Optional.of(ImageError.NO_FREE_SLOT);
      case NONE, FAIL, PANIC -> Optional.empty();
    };
  }

  @Override
  public long uploadSizeMax() {
    return secondary().size();
  }

  @Override
  public int compareWithRunning(Bytes header) {
    Optional<ImageVersion> running = slots.image(Slot.PRIMARY).map(Image::version);
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
    stream = Optional.of(new SlotStream(slots.flash(), secondary()));
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
      case Mark.Test(var hash) -> markSecondary(hash, SwapType.TEST);
      case Mark.Permanent(var hash) -> markSecondary(hash, SwapType.PERM);
      case Mark.ConfirmRunning() -> error(marks.confirm(slots.flash()));
    };
  }

  private Optional<ImageError> markSecondary(Bytes hash, SwapType type) {
    Optional<Bytes> secondary = slots.imageHash(Slot.SECONDARY);
    if (!secondary.equals(Optional.of(hash))) {
      return Optional.of(
          slots.imageHash(Slot.PRIMARY).equals(Optional.of(hash))
              ? ImageError.TEST_OF_ACTIVE
              : ImageError.NO_IMAGE);
    }
    return switch (marks.requested(slots.flash())) {
      // What was asked for stays; asking for the same again changes nothing.
      case TEST -> type == SwapType.TEST ? Optional.empty() : already();
      // On trial the other slot boots next anyway; it cannot be asked to run on trial itself.
      case REVERT -> type == SwapType.PERM ? Optional.empty() : already();
      case NONE, PERM, FAIL, PANIC ->
          error(type == SwapType.PERM ? marks.permanent(slots.flash()) : marks.test(slots.flash()));
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
    if (slot != 1) {
      return Optional.of(slot == 0 ? ImageError.NO_FREE_SLOT : ImageError.BAD_SLOT);
    }
    Optional<ImageError> refusal = uploadRefusal();
    if (refusal.isPresent()) {
      return refusal;
    }
    int sector = slots.flash().geometry().sectorSize();
    for (int at = secondary().start(); at < secondary().end(); at += sector) {
      slots.flash().eraseSector(at);
    }
    return Optional.empty();
  }

  private FlashArea secondary() {
    return slots.profile().secondary();
  }

  private SlotStream running() {
    return stream.orElseThrow(() -> new IllegalStateException("no upload is running"));
  }
}
