// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Two slots that are swapped, as far as the image group shows them: versions, hashes and flags.
final class TwoSlots implements ImageStore {
  private static final int SHA256_TLV = 0x10;

  private final int unit;
  private final long slotSize;
  private Known running;
  private Optional<Known> other = Optional.empty();
  private boolean pending;
  private boolean onTrial;
  private Bytes arriving = Bytes.EMPTY;

  private record Known(String version, Optional<Bytes> hash) {}

  /// `running` is what lies in slot 0.
  TwoSlots(Images.Slot running, int unit, long slotSize) {
    this.running = new Known(running.version().orElseThrow(), running.hash());
    this.unit = unit;
    this.slotSize = slotSize;
  }

  /// The device restarts: what is pending runs.
  void restart() {
    if (pending) {
      Known before = running;
      running = other.orElseThrow();
      other = Optional.of(before);
      pending = false;
      onTrial = true;
    }
  }

  @Override
  public int images() {
    return 1;
  }

  @Override
  public List<Images.Slot> slots() {
    List<Images.Slot> slots = new ArrayList<>();
    slots.add(slot(0, running, false, !onTrial, true));
    other.ifPresent(known -> slots.add(slot(1, known, pending, onTrial, false)));
    return slots;
  }

  private static Images.Slot slot(
      long number, Known known, boolean pending, boolean confirmed, boolean active) {
    return new Images.Slot(
        Optional.empty(),
        number,
        Optional.of(known.version()),
        known.hash(),
        Optional.of(true),
        Optional.of(pending),
        Optional.of(confirmed),
        Optional.of(active),
        Optional.of(false),
        Optional.empty());
  }

  @Override
  public Images.SlotsReply sizes() {
    return new Images.SlotsReply(
        List.of(
            new Images.ImageSlots(
                0,
                List.of(
                    new Images.SlotSize(
                        0, Optional.of(slotSize), Optional.empty(), Optional.empty()),
                    new Images.SlotSize(
                        1, Optional.of(slotSize), Optional.of(0L), Optional.empty())),
                Optional.empty())));
  }

  @Override
  public int writeUnit() {
    return unit;
  }

  @Override
  public Optional<ImageError> uploadRefusal(int image) {
    return pending ? Optional.of(ImageError.NO_FREE_SLOT) : Optional.empty();
  }

  @Override
  public long uploadSizeMax(int image) {
    return slotSize;
  }

  @Override
  public int compareWithRunning(Bytes header) {
    return version(header).compareTo(running.version());
  }

  @Override
  public void begin(int image, Erasing erasing) {
    arriving = Bytes.EMPTY;
    other = Optional.empty();
  }

  @Override
  public void resume(int image, long offset) {
    throw new IllegalStateException("nobody asks for that here");
  }

  @Override
  public void append(Bytes data) {
    arriving = arriving.plus(data);
  }

  @Override
  public void rewind(long offset) {
    throw new IllegalStateException("nobody asks for that here");
  }

  @Override
  public void finish() {
    other = Optional.of(new Known(version(arriving), hash(arriving)));
  }

  @Override
  public Optional<ImageError> mark(Mark mark) {
    return switch (mark) {
      case Mark.Test(var hash) -> {
        if (other.flatMap(Known::hash).filter(hash::equals).isEmpty()) {
          yield Optional.of(ImageError.NO_IMAGE);
        }
        pending = true;
        yield Optional.empty();
      }
      case Mark.Permanent _ -> Optional.of(ImageError.NO_IMAGE);
      case Mark.Confirm _ -> {
        if (pending) {
          yield Optional.of(ImageError.CONFIRM_DENIED);
        }
        onTrial = false;
        yield Optional.empty();
      }
    };
  }

  @Override
  public Optional<ImageError> erase(long slot) {
    if (slot > 1) {
      return Optional.of(ImageError.FLASH_OPEN);
    }
    if (slot == 0 || pending) {
      return Optional.of(ImageError.NO_FREE_SLOT);
    }
    other = Optional.empty();
    return Optional.empty();
  }

  private static String version(Bytes file) {
    ByteReader in = new ByteReader(file.slice(20, 28), ByteOrder.LITTLE_ENDIAN);
    try {
      String version = "%d.%d.%d".formatted(in.u8("major"), in.u8("minor"), in.u16("revision"));
      long build = in.u32("build");
      return build == 0 ? version : version + "." + build;
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<Bytes> hash(Bytes file) {
    ByteReader header = new ByteReader(file, ByteOrder.LITTLE_ENDIAN);
    try {
      header.take(8, "magic and address");
      int headerSize = header.u16("header size");
      header.u16("protected size");
      int at = headerSize + Math.toIntExact(header.u32("image size")) + 4;
      while (at < file.size()) {
        ByteReader tlv = new ByteReader(file.from(at), ByteOrder.LITTLE_ENDIAN);
        int type = tlv.u16("type");
        int size = tlv.u16("size");
        if (type == SHA256_TLV) {
          return Optional.of(file.slice(at + 4, at + 4 + size));
        }
        at += 4 + size;
      }
      return Optional.empty();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
