// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.ImageHeader;
import dev.sealift.suit.SuitDigest;
import java.util.Map;
import java.util.Optional;

/// Judges every byte that comes after a permit against that permit: first the request, then each
/// chunk, each page before it is written, and the whole at the end. Knows no flash and keeps no
/// place; the agent that holds the page buffer asks.
public final class UploadJudge {
  /// What the agent does with what it was given.
  public sealed interface Step {
    record Proceed() implements Step {}

    /// The chunk is not the one that is due; the answer names the one that is.
    record Rewind(long offset) implements Step {}

    record Refuse(Refusal refusal, String detail) implements Step {}
  }

  private static final Step PROCEED = new Step.Proceed();

  /// Of an MCUboot image, lowest byte first.
  private static final Bytes IMAGE_MAGIC = Bytes.ofHex("3db8f396");

  /// No image is without TLVs that are not protected.
  private static final int TLV_HEAD = 4;

  private final Optional<AcceptedPermit> permit;
  private final Map<Integer, BlockTable> tables;
  private final Checks checks;

  private UploadJudge(
      Optional<AcceptedPermit> permit, Map<Integer, BlockTable> tables, Checks checks) {
    this.permit = permit;
    this.tables = Map.copyOf(tables);
    this.checks = checks;
  }

  /// `tables` are those that were brought and checked, by the number of their image.
  public static UploadJudge of(
      Optional<AcceptedPermit> permit, Map<Integer, BlockTable> tables, Checks checks) {
    return new UploadJudge(permit, tables, checks);
  }

  private Optional<Release.Part> part(int image) {
    return permit.flatMap(accepted -> accepted.part(image));
  }

  /// Before anything is erased: an upload of `size` bytes for an image is asked for.
  public Step start(int image, long size) {
    if (permit.isEmpty()) {
      // T01, T41: without a permit not a byte.
      return required();
    }
    Optional<Release.Part> part = part(image);
    // T13, T47: the place is the permit's to name.
    if (part.isEmpty()) {
      return checks.make(Check.COMPONENT) ? otherPlace(image, permit.get()) : PROCEED;
    }
    // T05, T23: exactly the bytes that were signed, no tail.
    if (checks.make(Check.SIZE) && size != part.get().size()) {
      return new Step.Refuse(
          Refusal.R19, "%d bytes, the permit is for %d".formatted(size, part.get().size()));
    }
    // T03: without the table a page could only be judged when all are written.
    if (checks.make(Check.BLOCK_DIGEST) && !tables.containsKey(image)) {
      return new Step.Refuse(Refusal.R20, "the block table has not been brought yet");
    }
    return PROCEED;
  }

  /// A chunk of `length` bytes comes for `offset`; `due` is where the next byte belongs.
  public Step chunk(int image, long due, long offset, int length) {
    if (permit.isEmpty() && checks.make(Check.PERMIT_REQUIRED)) {
      return required();
    }
    Optional<Release.Part> part = part(image);
    // T47: an upload that turns to another image midway goes nowhere.
    if (permit.isPresent() && part.isEmpty() && checks.make(Check.COMPONENT)) {
      return otherPlace(image, permit.get());
    }
    // T23: nothing behind the end, wherever the sender thinks it is.
    if (part.isPresent() && checks.make(Check.SIZE) && offset > part.get().size() - length) {
      return new Step.Refuse(
          Refusal.R19,
          "%d bytes at %d, the image ends at %d".formatted(length, offset, part.get().size()));
    }
    // T47: chunks come in order or not at all.
    return offset == due ? PROCEED : new Step.Rewind(due);
  }

  /// A page is whole (the last one may be short) and would be written next. A wrong one is thrown
  /// away, and the upload goes on at its start.
  public Step page(int image, int page, Bytes bytes) {
    if (permit.isEmpty()) {
      return required();
    }
    if (checks.make(Check.BLOCK_DIGEST)) {
      BlockTable table = tables.get(image);
      if (table == null) {
        return new Step.Refuse(Refusal.R20, "the block table has not been brought yet");
      }
      if (table.judge(page, bytes)
          instanceof BlockTable.PageJudgement.Refused(var refusal, var detail)) {
        return new Step.Refuse(refusal, detail);
      }
    }
    // T12: signed or not, what is no image has no business in a slot.
    Optional<String> fault =
        page == 0 && checks.make(Check.FORMAT) ? fault(image, bytes) : Optional.empty();
    return fault.<Step>map(detail -> new Step.Refuse(Refusal.R22, detail)).orElse(PROCEED);
  }

  /// What the first page shows: a header of the order that devices run, and sizes that leave room
  /// for the TLVs in as many bytes as are permitted.
  private Optional<String> fault(int image, Bytes firstPage) {
    if (!firstPage.startsWith(IMAGE_MAGIC)) {
      return Optional.of("it does not begin like an MCUboot image");
    }
    try {
      ImageHeader header = ImageHeader.read(firstPage);
      long least = header.headerSize() + header.imageSize() + header.protectedSize() + TLV_HEAD;
      long permitted = part(image).map(Release.Part::size).orElse(least);
      if (header.headerSize() < ImageHeader.SIZE || least > permitted) {
        return Optional.of(
            "its header of %d bytes tells of an image of %d bytes or more, permitted are %d"
                .formatted(header.headerSize(), least, permitted));
      }
      return Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// All bytes of a part are in its slot: `written` is the digest of exactly the part's size, read
  /// back from flash right before anything is made pending (T02).
  public Step image(Release.Part part, SuitDigest written) {
    if (permit.isEmpty()) {
      return required();
    }
    return !checks.make(Check.IMAGE_DIGEST) || part.fileDigest().equals(written)
        ? PROCEED
        : new Step.Refuse(
            Refusal.R21,
            "the slot for %s holds %s, expected %s"
                .formatted(
                    part.place(), written.value().toHex(), part.fileDigest().value().toHex()));
  }

  /// The rest of the slot behind the image must be erased: bytes left there could become part of
  /// the image for a bootloader that reads on (T05).
  public Step tail(Bytes rest, int erasedValue) {
    return !checks.make(Check.IMAGE_DIGEST) || rest.isFilledWith(erasedValue)
        ? PROCEED
        : new Step.Refuse(Refusal.R21, "the slot is not erased behind the image");
  }

  /// Something else than bytes is asked for, a mark or a reset. It is the permit's effect or it
  /// does not happen (T41).
  public Step effect() {
    return permit.isEmpty() ? required() : PROCEED;
  }

  private static Step otherPlace(int image, AcceptedPermit permit) {
    return new Step.Refuse(
        Refusal.R23,
        "image %d, the permit is for %s"
            .formatted(image, permit.parts().stream().map(part -> part.place().image()).toList()));
  }

  private Step required() {
    return checks.make(Check.PERMIT_REQUIRED)
        ? new Step.Refuse(Refusal.R18, "bring a bundle first")
        : PROCEED;
  }
}
