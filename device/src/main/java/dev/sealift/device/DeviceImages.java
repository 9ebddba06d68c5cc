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
import dev.sealift.smp.Images;
import dev.sealift.smp.server.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The slots of all images as the image group sees them: states with the flags that Zephyr derives
/// from the swap type, uploads into the slot beside the one in use, marks by MCUboot's own
/// functions.
///
/// A device of several images says of each slot whose it is. Any image can be confirmed by its hash
/// (a Zephyr built with ALLOW_CONFIRM_NON_ACTIVE_IMAGE_ANY); without that option only the
/// application itself confirms other images than its own.
final class DeviceImages implements ImageStore {
  private static final int SLOTS_OF_IMAGE = 2;

  private final List<Slots> images;
  private Optional<SlotStream> stream = Optional.empty();

  DeviceImages(List<Slots> images) {
    this.images = List.copyOf(images);
  }

  @Override
  public int images() {
    return images.size();
  }

  @Override
  public List<Images.Slot> slots() {
    return images.stream().flatMap(slots -> slots(slots).stream()).toList();
  }

  private List<Images.Slot> slots(Slots slots) {
    boolean onTrial = slots.isOnTrial();
    List<Images.Slot> found = new ArrayList<>();
    for (Slot slot : Slot.values()) {
      Flags flags =
          slot == slots.running()
              ? Flags.of(Pending.NO, !onTrial, true)
              : Flags.of(slots.pending(), onTrial, false);
      slots
          .image(slot)
          .ifPresent(image -> found.add(slot(imageField(slots), number(slot), image, flags)));
    }
    return found;
  }

  /// A device of one image does not say whose a slot is.
  private Optional<Long> imageField(Slots slots) {
    return images.size() == 1 ? Optional.empty() : Optional.of((long) slots.image());
  }

  private record Flags(Pending pending, Optional<Boolean> confirmed, Optional<Boolean> active) {
    static Flags of(Pending pending, boolean confirmed, boolean active) {
      return new Flags(pending, Optional.of(confirmed), Optional.of(active));
    }
  }

  private static Images.Slot slot(Optional<Long> owner, long number, Image image, Flags flags) {
    return new Images.Slot(
        owner,
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
  static String zephyrText(ImageVersion version) {
    String text = "%d.%d.%d".formatted(version.major(), version.minor(), version.revision());
    return version.build() == 0 ? text : text + "." + version.build();
  }

  @Override
  public Images.SlotsReply sizes() {
    return new Images.SlotsReply(images.stream().map(DeviceImages::sizes).toList());
  }

  private static Images.ImageSlots sizes(Slots slots) {
    List<Images.SlotSize> sizes = new ArrayList<>();
    for (Slot slot : Slot.values()) {
      boolean isTarget = slots.target().filter(slot::equals).isPresent();
      if (isTarget || slot == slots.running()) {
        sizes.add(
            new Images.SlotSize(
                number(slot),
                Optional.of((long) slots.area(slot).size()),
                isTarget ? Optional.of((long) slots.image()) : Optional.empty(),
                Optional.empty()));
      }
    }
    return new Images.ImageSlots(slots.image(), sizes, Optional.of((long) slots.imageSizeMax()));
  }

  private static long number(Slot slot) {
    return switch (slot) {
      case PRIMARY -> 0;
      case SECONDARY -> 1;
    };
  }

  @Override
  public Optional<ImageError> uploadRefusal(int image) {
    return uploadRefusal(images.get(image));
  }

  /// Neither a pending image may be overwritten, nor the one that a revert would bring back.
  private static Optional<ImageError> uploadRefusal(Slots slots) {
    return slots.target().isEmpty() || slots.pending() != Pending.NO || slots.isOnTrial()
        ? Optional.of(ImageError.NO_FREE_SLOT)
        : Optional.empty();
  }

  @Override
  public long uploadSizeMax(int image) {
    return images.get(image).uploadSizeMax();
  }

  @Override
  public int compareWithRunning(Bytes header) {
    Slots slots = images.getFirst();
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
  public int writeUnit() {
    return images.getFirst().flash().geometry().writeAlign();
  }

  @Override
  public Optional<Bytes> digest(int image, long length) {
    Slots slots = images.get(image);
    return slots
        .target()
        .filter(slot -> length <= slots.area(slot).size())
        .map(slot -> slots.content(slot).first((int) length).sha256());
  }

  @Override
  public void begin(int image, Erasing erasing) {
    if (erasing == Erasing.AT_ONCE) {
      eraseAll(images.get(image));
    }
    stream = Optional.of(images.get(image).upload());
  }

  @Override
  public void resume(int image, long offset) {
    SlotStream resumed = images.get(image).upload();
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
      case Mark.Confirm(var image) -> error(images.get(image).confirm());
    };
  }

  /// The first image that has such a file beside the one in use.
  private Optional<ImageError> mark(Bytes hash, Pending wanted) {
    for (Slots slots : images) {
      if (slots.targetImage().flatMap(Image::hash).equals(Optional.of(hash))) {
        return mark(slots, wanted);
      }
    }
    return Optional.of(
        images.stream()
                .anyMatch(slots -> slots.imageHash(slots.running()).equals(Optional.of(hash)))
            ? ImageError.TEST_OF_ACTIVE
            : ImageError.NO_IMAGE);
  }

  private static Optional<ImageError> mark(Slots slots, Pending wanted) {
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
    if (slot >= (long) SLOTS_OF_IMAGE * images.size()) {
      return Optional.of(ImageError.BAD_SLOT);
    }
    return erase(images.get((int) slot / SLOTS_OF_IMAGE), slot % SLOTS_OF_IMAGE);
  }

  private static Optional<ImageError> erase(Slots slots, long slot) {
    if (slots.target().filter(target -> number(target) == slot).isEmpty()) {
      return Optional.of(
          slot == number(slots.running()) ? ImageError.NO_FREE_SLOT : ImageError.BAD_SLOT);
    }
    Optional<ImageError> refusal = uploadRefusal(slots);
    if (refusal.isPresent()) {
      return refusal;
    }
    eraseAll(slots);
    return Optional.empty();
  }

  private static void eraseAll(Slots slots) {
    FlashArea area = slots.area(slots.target().orElseThrow());
    int sector = slots.flash().geometry().sectorSize();
    for (int at = area.start(); at < area.end(); at += sector) {
      slots.flash().eraseSector(at);
    }
  }

  private SlotStream running() {
    return stream.orElseThrow(() -> new IllegalStateException("no upload is running"));
  }
}
