// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import dev.sealift.smp.server.ImageStore;
import java.util.List;
import java.util.Optional;

/// The slots as MCUboot's serial recovery sees them: an upload goes into the primary slot, whatever
/// it brings and whatever lies there, so that a broken one leaves no image at all.
final class RecoveryImages implements ImageStore {
  private final Slots slots;
  private Optional<SlotStream> stream = Optional.empty();

  RecoveryImages(Slots slots) {
    this.slots = slots;
  }

  @Override
  public int images() {
    return 1;
  }

  @Override
  public List<Images.Slot> slots() {
    return slots
        .image(Slot.PRIMARY)
        .map(
            image ->
                List.of(
                    new Images.Slot(
                        Optional.empty(),
                        0,
                        Optional.of(DeviceImages.zephyrText(image.version())),
                        image.hash(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
        .orElse(List.of());
  }

  @Override
  public Images.SlotsReply sizes() {
    return new Images.SlotsReply(List.of());
  }

  @Override
  public int writeUnit() {
    return slots.flash().geometry().writeAlign();
  }

  @Override
  public Optional<ImageError> uploadRefusal(int image) {
    return Optional.empty();
  }

  @Override
  public long uploadSizeMax(int image) {
    return area().size();
  }

  @Override
  public int compareWithRunning(Bytes header) {
    return 1;
  }

  @Override
  public void begin(int image, Erasing erasing) {
    Flash flash = slots.flash();
    for (int at = area().start(); at < area().end(); at += flash.geometry().sectorSize()) {
      flash.eraseSector(at);
    }
    stream = Optional.of(new SlotStream(flash, area(), 0));
  }

  @Override
  public void resume(int image, long offset) {
    throw new IllegalStateException("recovery begins anew");
  }

  @Override
  public void append(Bytes data) {
    running().append(data);
  }

  @Override
  public void rewind(long offset) {
    throw new IllegalStateException("recovery takes nothing back");
  }

  @Override
  public void finish() {
    running().finish();
    stream = Optional.empty();
  }

  @Override
  public Optional<ImageError> mark(Mark mark) {
    return Optional.of(ImageError.NO_IMAGE);
  }

  @Override
  public Optional<ImageError> erase(long slot) {
    return Optional.of(ImageError.BAD_SLOT);
  }

  private FlashArea area() {
    return slots.area(Slot.PRIMARY);
  }

  private SlotStream running() {
    return stream.orElseThrow(() -> new IllegalStateException("no upload is running"));
  }
}
