// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Group 1, images. Field names as on the wire.
public final class Images {
  private Images() {}

  /// Asks what lies in the slots.
  public record State() implements Request<StateReply> {
    @Override
    public CommandKey command() {
      return Command.IMAGE_STATE.key();
    }

    @Override
    public StateReply reply(CborFields answer) throws MalformedException {
      return StateReply.of(answer);
    }
  }

  /// Asks for the image of that hash to boot next, or for the running one to stay.
  public record SetState(Optional<Bytes> hash, Optional<Boolean> confirm)
      implements Request<StateReply> {
    /// On trial at the next boot.
    public static SetState test(Bytes hash) {
      return new SetState(Optional.of(hash), Optional.empty());
    }

    /// The running image stays.
    public static SetState confirmRunning() {
      return new SetState(Optional.empty(), Optional.of(true));
    }

    static SetState of(CborFields in) throws MalformedException {
      return new SetState(in.optionalBytes("hash"), in.optionalBool("confirm"));
    }

    @Override
    public CommandKey command() {
      return Command.IMAGE_STATE_SET.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      hash.ifPresent(value -> out.put("hash", value));
      confirm.ifPresent(value -> out.put("confirm", value));
      return out.build();
    }

    @Override
    public StateReply reply(CborFields answer) throws MalformedException {
      return StateReply.of(answer);
    }
  }

  /// The slots, and MCUboot's old word on split images.
  public record StateReply(List<Slot> images, Optional<Long> splitStatus) implements Reply {
    public StateReply {
      images = List.copyOf(images);
    }

    static StateReply of(CborFields answer) throws MalformedException {
      List<Slot> slots = new ArrayList<>();
      for (CborItem item : answer.list("images")) {
        slots.add(Slot.of(CborFields.of(item, "slot")));
      }
      return new StateReply(slots, answer.optionalInteger("splitStatus"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out =
          CborMap.builder()
              .put("images", new CborList(images.stream().<CborItem>map(Slot::fields).toList()));
      splitStatus.ifPresent(value -> out.put("splitStatus", value));
      return out.build();
    }
  }

  /// What a device says of one slot. A flag that is missing counts as false, and is kept apart from
  /// one that is there, because bootloaders in recovery leave out hash and flags.
  public record Slot(
      Optional<Long> image,
      long slot,
      Optional<String> version,
      Optional<Bytes> hash,
      Optional<Boolean> bootable,
      Optional<Boolean> pending,
      Optional<Boolean> confirmed,
      Optional<Boolean> active,
      Optional<Boolean> permanent,
      Optional<Boolean> compressed) {
    /// What a bootloader in recovery tells of it.
    public Slot bare() {
      return new Slot(
          image,
          slot,
          version,
          hash,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    static Slot of(CborFields in) throws MalformedException {
      return new Slot(
          in.optionalInteger("image"),
          in.integer("slot"),
          in.optionalText("version"),
          in.optionalBytes("hash"),
          in.optionalBool("bootable"),
          in.optionalBool("pending"),
          in.optionalBool("confirmed"),
          in.optionalBool("active"),
          in.optionalBool("permanent"),
          in.optionalBool("compressed"));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      image.ifPresent(value -> out.put("image", value));
      out.put("slot", slot);
      version.ifPresent(value -> out.put("version", value));
      hash.ifPresent(value -> out.put("hash", value));
      bootable.ifPresent(value -> out.put("bootable", value));
      pending.ifPresent(value -> out.put("pending", value));
      confirmed.ifPresent(value -> out.put("confirmed", value));
      active.ifPresent(value -> out.put("active", value));
      permanent.ifPresent(value -> out.put("permanent", value));
      compressed.ifPresent(value -> out.put("compressed", value));
      return out.build();
    }
  }

  /// One chunk of an upload. `length`, `sha`, `image` and `upgrade` belong to the chunk at offset
  /// 0; `sha` is the SHA-256 of the whole file, by which a server knows an upload again.
  public record Upload(
      Optional<Long> offset,
      Optional<Bytes> data,
      Optional<Long> length,
      Optional<Bytes> sha,
      Optional<Long> image,
      Optional<Boolean> upgrade)
      implements Request<UploadReply> {
    /// The chunk that opens an upload to image 0.
    public static Upload first(Bytes data, long length, Bytes sha) {
      return new Upload(
          Optional.of(0L),
          Optional.of(data),
          Optional.of(length),
          Optional.of(sha),
          Optional.empty(),
          Optional.empty());
    }

    /// The same for another image. Only the chunk that opens an upload says for which it is.
    public Upload to(int number) {
      return new Upload(offset, data, length, sha, Optional.of((long) number), upgrade);
    }

    /// The same with other data.
    public Upload with(Bytes other) {
      return new Upload(offset, data.map(_ -> other), length, sha, image, upgrade);
    }

    public static Upload next(long offset, Bytes data) {
      return new Upload(
          Optional.of(offset),
          Optional.of(data),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    static Upload of(CborFields in) throws MalformedException {
      return new Upload(
          in.optionalUnsigned("off"),
          in.optionalBytes("data"),
          in.optionalUnsigned("len"),
          in.optionalBytes("sha"),
          in.optionalUnsigned("image"),
          in.optionalBool("upgrade"));
    }

    @Override
    public CommandKey command() {
      return Command.IMAGE_UPLOAD.key();
    }

    /// `data` stands before `sha`: a server of 2019 refuses the other order.
    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      image.ifPresent(value -> out.put("image", value));
      length.ifPresent(value -> out.put("len", value));
      offset.ifPresent(value -> out.put("off", value));
      data.ifPresent(value -> out.put("data", value));
      sha.ifPresent(value -> out.put("sha", value));
      upgrade.ifPresent(value -> out.put("upgrade", value));
      return out.build();
    }

    @Override
    public UploadReply reply(CborFields answer) throws MalformedException {
      return UploadReply.of(answer);
    }
  }

  /// The offset the server wants next, and at the end whether the file has the announced digest.
  public record UploadReply(long offset, Optional<Boolean> match) implements Reply {
    static UploadReply of(CborFields answer) throws MalformedException {
      return new UploadReply(answer.unsigned("off"), answer.optionalBool("match"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("off", offset);
      match.ifPresent(value -> out.put("match", value));
      return out.build();
    }
  }

  /// Asks for a slot to be erased; the second one unless told.
  public record Erase(Optional<Long> slot) implements Request<Reply.Nothing> {
    static Erase of(CborFields in) throws MalformedException {
      return new Erase(in.optionalUnsigned("slot"));
    }

    @Override
    public CommandKey command() {
      return Command.IMAGE_ERASE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      slot.ifPresent(value -> out.put("slot", value));
      return out.build();
    }

    /// The whole slot, at once.
    @Override
    public Patience patience() {
      return Patience.ERASE;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Mynewt's old way to a file on the device, which no server has any more.
  public record File() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.IMAGE_FILE.key();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks whether a device of Mynewt keeps the memory of a crash: success says so.
  public record CoreList() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.IMAGE_CORE_LIST.key();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks for that memory from `offset` on.
  public record CoreLoad(long offset) implements Request<CoreLoadReply> {
    static CoreLoad of(CborFields in) throws MalformedException {
      return new CoreLoad(in.unsigned("off"));
    }

    @Override
    public CommandKey command() {
      return Command.IMAGE_CORE_LOAD.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("off", offset).build();
    }

    @Override
    public CoreLoadReply reply(CborFields answer) throws MalformedException {
      return new CoreLoadReply(
          answer.unsigned("off"), answer.bytes("data"), answer.optionalUnsigned("len"));
    }
  }

  /// Some of it; `length` is all there is.
  public record CoreLoadReply(long offset, Bytes data, Optional<Long> length) implements Reply {
    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("off", offset).put("data", data);
      length.ifPresent(value -> out.put("len", value));
      return out.build();
    }
  }

  /// Forgets that memory.
  public record CoreErase() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.IMAGE_CORE_ERASE.key();
    }

    @Override
    public Patience patience() {
      return Patience.ERASE;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks for the sizes of the slots.
  public record Slots() implements Request<SlotsReply> {
    @Override
    public CommandKey command() {
      return Command.IMAGE_SLOTS.key();
    }

    @Override
    public SlotsReply reply(CborFields answer) throws MalformedException {
      List<ImageSlots> images = new ArrayList<>();
      for (CborItem item : answer.list("images")) {
        images.add(ImageSlots.of(CborFields.of(item, "image")));
      }
      return new SlotsReply(images);
    }
  }

  /// The slots of every image.
  public record SlotsReply(List<ImageSlots> images) implements Reply {
    public SlotsReply {
      images = List.copyOf(images);
    }

    @Override
    public CborMap fields() {
      return CborMap.builder()
          .put("images", new CborList(images.stream().<CborItem>map(ImageSlots::fields).toList()))
          .build();
    }
  }

  /// The slots of one image, and the largest image they take.
  public record ImageSlots(long image, List<SlotSize> slots, Optional<Long> imageSizeMax) {
    public ImageSlots {
      slots = List.copyOf(slots);
    }

    static ImageSlots of(CborFields in) throws MalformedException {
      List<SlotSize> slots = new ArrayList<>();
      for (CborItem item : in.list("slots")) {
        slots.add(SlotSize.of(CborFields.of(item, "slot")));
      }
      return new ImageSlots(in.integer("image"), slots, in.optionalInteger("max_image_size"));
    }

    CborMap fields() {
      CborMap.Builder out =
          CborMap.builder()
              .put("image", image)
              .put("slots", new CborList(slots.stream().<CborItem>map(SlotSize::fields).toList()));
      imageSizeMax.ifPresent(value -> out.put("max_image_size", value));
      return out.build();
    }
  }

  /// One slot's size in bytes, or the error with which the server could not tell it.
  public record SlotSize(
      long slot, Optional<Long> size, Optional<Long> uploadImage, Optional<Long> code) {
    static SlotSize of(CborFields in) throws MalformedException {
      return new SlotSize(
          in.integer("slot"),
          in.optionalInteger("size"),
          in.optionalInteger("upload_image_id"),
          in.optional(new CborText("rc"), CborInt.class).map(number -> number.value().longValue()));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("slot", slot);
      size.ifPresent(value -> out.put("size", value));
      uploadImage.ifPresent(value -> out.put("upload_image_id", value));
      code.ifPresent(value -> out.put("rc", value));
      return out.build();
    }
  }
}
