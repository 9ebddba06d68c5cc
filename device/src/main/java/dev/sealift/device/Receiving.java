// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Hazards;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.Slots.Pending;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Check;
import dev.sealift.permit.Checks;
import dev.sealift.permit.Place;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Release;
import dev.sealift.permit.UploadJudge;
import dev.sealift.permit.UploadJudge.Step;
import dev.sealift.suit.SuitDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The bytes of a permit as they come: the block tables, the page that is being put together, and
/// how much of each image is known to lie in its slot. What is known is in memory alone; after a
/// restart it is found out again from the flash itself.
final class Receiving {
  private final List<Slots> images;
  private final Checks checks;
  private final Map<Integer, Hazards> hazards = new HashMap<>();

  private Optional<AcceptedPermit> permit = Optional.empty();
  private final Map<Integer, BlockTable> tables = new HashMap<>();

  /// How many bytes from the start are right, once somebody has looked.
  private final Map<Integer, Long> verified = new HashMap<>();

  /// Whether a slot holds the whole image, once somebody has looked.
  private final Map<Integer, Boolean> whole = new HashMap<>();

  private Bytes page = Bytes.EMPTY;
  private int current;
  private long announced;

  Receiving(List<Slots> images, Checks checks) {
    this.images = List.copyOf(images);
    this.checks = checks;
    images.forEach(
        slots -> hazards.put(slots.image(), new Hazards(slots.config().alone(slots.image()))));
  }

  /// From now on for this permit. One of the same release, with newer news, changes nothing.
  void take(Optional<AcceptedPermit> next) {
    boolean same =
        next.map(AcceptedPermit::manifestDigest).equals(permit.map(AcceptedPermit::manifestDigest));
    permit = next;
    if (!same) {
      tables.clear();
      page = Bytes.EMPTY;
      forget();
    }
  }

  /// What lies in the slots has to be looked at again. The page that is being put together stays:
  /// whoever asks for a mark in the middle of an upload must not spoil it.
  void forget() {
    verified.clear();
    whole.clear();
  }

  private Slots slots(int image) {
    return images.get(image);
  }

  /// The part of the permit that belongs beside what is in use of an image.
  Optional<Release.Part> part(Slots slots) {
    return slots.target().map(target -> Trust.place(slots, target)).flatMap(place -> part(place));
  }

  private Optional<Release.Part> part(Place place) {
    return permit.stream()
        .flatMap(accepted -> accepted.release().parts().stream())
        .filter(part -> part.place().equals(place))
        .findFirst();
  }

  // Tables.

  BlockTable.Judgement table(int image, Bytes digests) {
    Optional<Release.Part> part = image < images.size() ? part(slots(image)) : Optional.empty();
    if (part.isEmpty()) {
      return new BlockTable.Judgement.Refused(Refusal.R23, "no table of image " + image);
    }
    BlockTable.Judgement judgement = BlockTable.judge(digests, part.get());
    if (judgement instanceof BlockTable.Judgement.Good(var table)) {
      tables.put(image, table);
    }
    return judgement;
  }

  long tableSizeMax(int image) {
    return image < images.size() ? part(slots(image)).map(Release.Part::tableSize).orElse(0L) : 0L;
  }

  boolean hasTable(int image) {
    return tables.containsKey(image);
  }

  // Chunks.

  /// What the slot already holds of an upload that begins, so that nothing is written twice (T51).
  long resumeAt(int image, long length) {
    current = image;
    announced = length;
    page = Bytes.EMPTY;
    // The end of an upload erases what is left of the slot, also where every byte is there already.
    whole.remove(image);
    // Whoever runs without the check of pages knows nothing of what lies there.
    if (!checks.make(Check.WEAR)
        || !hasTable(image)
        || part(slots(image)).filter(part -> part.size() == length).isEmpty()) {
      return 0;
    }
    // No more than there is to come, whatever was taken before.
    long from = slots(image).resumable(Math.toIntExact(Math.min(verified(image), length)));
    verified.put(image, from);
    return from;
  }

  /// Without a table nobody can look.
  private long verified(int image) {
    return hasTable(image) ? verified.computeIfAbsent(image, this::look) : 0;
  }

  /// Reads the slot page by page against the table, up to the first that differs.
  private long look(int image) {
    BlockTable table = tables.get(image);
    Slots slots = slots(image);
    if (table == null || slots.target().isEmpty()) {
      return 0;
    }
    Bytes content = slots.content(slots.target().get());
    long size = part(slots).map(Release.Part::size).orElse(0L);
    long good = 0;
    while (good < size) {
      int end = Math.toIntExact(Math.min(good + BlockTable.PAGE_BYTES, size));
      int number = Math.toIntExact(good / BlockTable.PAGE_BYTES);
      if (end > content.size()
          || !(table.judge(number, content.slice((int) good, end))
              instanceof BlockTable.PageJudgement.Good)) {
        return good;
      }
      good = end;
    }
    return good;
  }

  /// What came of the pages that a chunk completes.
  sealed interface Pages {
    record Good() implements Pages {}

    /// A page is wrong: it is dropped whole, and the upload goes on at `offset`.
    record Wrong(Refusal refusal, long offset) implements Pages {}

    /// What came before belongs to another permit than the one at hand: the upload is over.
    record Astray() implements Pages {}
  }

  /// Judges every page that this chunk completes. A wrong one is dropped whole, with the parts of
  /// it that came before: none of it has reached the flash (T03). The last page is whole when the
  /// upload is: by what was announced, not by what is permitted, or a tail that nobody has checked
  /// the size of would be written unjudged (T05).
  Pages chunk(long offset, Bytes data) {
    whole.remove(current);
    Bytes waiting = page.plus(data);
    long start = offset - page.size();
    if (start % BlockTable.PAGE_BYTES != 0) {
      page = Bytes.EMPTY;
      return new Pages.Astray();
    }
    long back = start;
    while (waiting.size() >= BlockTable.PAGE_BYTES
        || (!waiting.isEmpty() && start + waiting.size() == announced)) {
      int size = Math.min(BlockTable.PAGE_BYTES, waiting.size());
      Optional<Refusal> wrong = pageRefusal(start, waiting.first(size));
      if (wrong.isPresent()) {
        // A chunk with a wrong page is not taken at all: what it completed before goes with it.
        page = Bytes.EMPTY;
        verified.put(current, back);
        return new Pages.Wrong(wrong.get(), back);
      }
      start += size;
      waiting = waiting.from(size);
    }
    page = waiting;
    verified.put(current, start);
    return new Pages.Good();
  }

  private Optional<Refusal> pageRefusal(long start, Bytes bytes) {
    int number = Math.toIntExact(start / BlockTable.PAGE_BYTES);
    if (judge().page(current, number, bytes) instanceof Step.Refuse(var refusal, _)) {
      return Optional.of(refusal);
    }
    // Signed or not: what ends like a trailer would be one to the bootloader, in its scratch area.
    Hazards own = hazards.get(current);
    return own != null && own.endsLikeTrailer(start, bytes)
        ? Optional.of(Refusal.R22)
        : Optional.empty();
  }

  /// The image whose upload began last: chunks after the first do not say.
  int current() {
    return current;
  }

  /// The next byte of an image that is wanted.
  long offset(int image) {
    if (isWhole(image)) {
      return part(slots(image)).map(Release.Part::size).orElse(0L);
    }
    return verified(image) + (image == current ? page.size() : 0);
  }

  /// The first image that is not there in whole.
  Optional<Integer> due() {
    return permit.stream()
        .flatMap(accepted -> accepted.parts().stream())
        .map(part -> part.place().image())
        .filter(image -> !isWhole(image))
        .findFirst();
  }

  boolean isWhole(int image) {
    return whole.computeIfAbsent(image, _ -> slotRefusal(slots(image)).isEmpty());
  }

  /// Reads the slots of all images back, right before anything is made pending (T02, T05, T21).
  Optional<Refusal> slotsRefusal() {
    if (permit.isEmpty()) {
      return Optional.of(Refusal.R18);
    }
    return permit.get().parts().stream()
        .map(part -> slotRefusal(slots(part.place().image())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Refusal> slotRefusal(Slots slots) {
    Optional<Release.Part> part = part(slots);
    if (part.isEmpty() || slots.target().isEmpty()) {
      return Optional.of(Refusal.R23);
    }
    Bytes content = slots.content(slots.target().get());
    int size = Math.toIntExact(part.get().size());
    if (size > content.size()) {
      return Optional.of(Refusal.R19);
    }
    if (judge().image(part.get(), SuitDigest.of(content.first(size)))
        instanceof Step.Refuse(var refusal, _)) {
      return Optional.of(refusal);
    }
    // A mark that stands already is no tail of an image.
    int end =
        slots.pending() == Pending.NO
            ? content.size()
            : Math.min(content.size(), slots.imageSizeMax());
    return judge()
                .tail(
                    content.slice(size, Math.max(size, end)),
                    slots.flash().geometry().erasedValue())
            instanceof Step.Refuse(var refusal, _)
        ? Optional.of(refusal)
        : Optional.empty();
  }

  UploadJudge judge() {
    return UploadJudge.of(permit, tables, checks);
  }
}
