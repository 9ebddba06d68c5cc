// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.SuitDigest;
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

  private final Optional<AcceptedPermit> permit;
  private final Optional<BlockTable> table;
  private final Checks checks;

  private UploadJudge(Optional<AcceptedPermit> permit, Optional<BlockTable> table, Checks checks) {
    this.permit = permit;
    this.table = table;
    this.checks = checks;
  }

  public static UploadJudge of(
      Optional<AcceptedPermit> permit, Optional<BlockTable> table, Checks checks) {
    return new UploadJudge(permit, table, checks);
  }

  /// Before anything is erased: an upload of `size` bytes for `component` is asked for.
  public Step start(int component, long size) {
    if (permit.isEmpty()) {
      // T01, T41: without a permit not a byte.
      return required();
    }
    Release release = permit.get().release();
    // T13, T47: the place is the permit's to name.
    if (checks.make(Check.COMPONENT) && component != release.component()) {
      return new Step.Refuse(
          Refusal.R23,
          "component %d, the permit is for %d".formatted(component, release.component()));
    }
    // T05, T23: exactly the bytes that were signed, no tail.
    if (checks.make(Check.SIZE) && size != release.size()) {
      return new Step.Refuse(
          Refusal.R19, "%d bytes, the permit is for %d".formatted(size, release.size()));
    }
    // T03: without the table a page could only be judged when all are written.
    if (checks.make(Check.BLOCK_DIGEST) && table.isEmpty()) {
      return new Step.Refuse(Refusal.R20, "the block table has not been brought yet");
    }
    return PROCEED;
  }

  /// A chunk of `length` bytes comes for `offset`; `due` is where the next byte belongs.
  public Step chunk(long due, long offset, int length) {
    if (permit.isEmpty() && checks.make(Check.PERMIT_REQUIRED)) {
      return required();
    }
    // T23: nothing behind the end, wherever the sender thinks it is.
    if (permit.isPresent()
        && checks.make(Check.SIZE)
        && offset > permit.get().release().size() - length) {
      return new Step.Refuse(
          Refusal.R19,
          "%d bytes at %d, the image ends at %d"
              .formatted(length, offset, permit.get().release().size()));
    }
    // T47: chunks come in order or not at all.
    return offset == due ? PROCEED : new Step.Rewind(due);
  }

  /// A page is whole (the last one may be short) and would be written next. A wrong one is thrown
  /// away, and the upload goes on at its start.
  public Step page(int page, Bytes bytes) {
    if (permit.isEmpty()) {
      return required();
    }
    if (!checks.make(Check.BLOCK_DIGEST)) {
      return PROCEED;
    }
    if (table.isEmpty()) {
      return new Step.Refuse(Refusal.R20, "the block table has not been brought yet");
    }
    return switch (table.get().judge(page, bytes)) {
      case BlockTable.PageJudgement.Good _ -> PROCEED;
      case BlockTable.PageJudgement.Refused(var refusal, var detail) ->
          new Step.Refuse(refusal, detail);
    };
  }

  /// All bytes are in the slot: `written` is the digest of exactly the permit's size, read back
  /// from flash right before anything is made pending (T02).
  public Step image(SuitDigest written) {
    if (permit.isEmpty()) {
      return required();
    }
    return !checks.make(Check.IMAGE_DIGEST) || written.equals(permit.get().release().fileDigest())
        ? PROCEED
        : new Step.Refuse(
            Refusal.R21,
            "the slot holds %s, expected %s"
                .formatted(
                    written.value().toHex(), permit.get().release().fileDigest().value().toHex()));
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

  private Step required() {
    return checks.make(Check.PERMIT_REQUIRED)
        ? new Step.Refuse(Refusal.R18, "bring a bundle first")
        : PROCEED;
  }
}
