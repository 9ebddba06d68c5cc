// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.cose.KeyId;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;

/// Keeps a [TrustState] in two records of flash that are written in turn, so that at every moment
/// one of them is whole. A record is
///
/// ```
/// "SLTS"  counter u32  length u16  state (CBOR)  crc32 u32     all numbers lowest byte first
/// ```
///
/// The record with the higher counter and a good checksum is the state. A new one goes into the
/// other place: whenever the power fails, the old one is still there.
public final class StateRecords {
  /// Room for one record; what is not used stays erased. A device that takes larger roots gives
  /// its records more.
  public static final int RECORD_BYTES = 4096;

  private static final Bytes MAGIC = Bytes.ofUtf8("SLTS");
  private static final long COUNTER_MAX = 0xffff_ffffL;

  private static final int ROOT = 1;
  private static final int KNOWN = 2;
  private static final int INSTALLED = 3;
  private static final int STAGED = 4;
  private static final int NEWS = 5;
  private static final int TIME_FLOOR = 6;
  private static final int SERIALS = 7;
  private static final int DENIED = 8;
  private static final int TRIES = 9;

  private StateRecords() {}

  public enum Place {
    FIRST,
    SECOND
  }

  /// What the two places hold.
  public sealed interface Found {
    record Current(TrustState state, long counter, Place place) implements Found {}

    /// Never written.
    record Blank() implements Found {}

    /// Written, and nothing of it can be read: someone has been there, or the flash is worn out.
    record Damaged() implements Found {}
  }

  /// The bytes to write, after erasing, to one of the places.
  public record Write(Place place, Bytes record) {}

  public static Found read(Bytes first, Bytes second) {
    Optional<Found.Current> one = current(first, Place.FIRST);
    Optional<Found.Current> two = current(second, Place.SECOND);
    if (one.isPresent() && two.isPresent()) {
      return one.get().counter() >= two.get().counter() ? one.get() : two.get();
    }
    Optional<Found.Current> either = one.or(() -> two);
    if (either.isPresent()) {
      return either.get();
    }
    return isErased(first) && isErased(second) ? new Found.Blank() : new Found.Damaged();
  }

  /// Where and how to write `next`. A state lower than the current one is a bug of the caller.
  public static Write next(Found found, TrustState next) {
    return switch (found) {
      case Found.Current(var state, var counter, var place) -> {
        if (!next.isAtLeast(state)) {
          throw new IllegalStateException(
              "the state would be lowered: %s after %s".formatted(next, state));
        }
        if (counter == COUNTER_MAX) {
          throw new IllegalStateException("the record counter has come to its end");
        }
        yield new Write(
            place == Place.FIRST ? Place.SECOND : Place.FIRST, record(next, counter + 1));
      }
      case Found.Blank _, Found.Damaged _ -> new Write(Place.FIRST, record(next, 1));
    };
  }

  private static Bytes record(TrustState state, long counter) {
    Bytes payload = encode(state);
    Bytes checked =
        new ByteWriter(ByteOrder.LITTLE_ENDIAN)
            .bytes(MAGIC)
            .u32(counter)
            .u16(payload.size())
            .bytes(payload)
            .toBytes();
    return new ByteWriter(ByteOrder.LITTLE_ENDIAN).bytes(checked).u32(crc(checked)).toBytes();
  }

  private static Optional<Found.Current> current(Bytes bytes, Place place) {
    try {
      ByteReader reader = new ByteReader(bytes, ByteOrder.LITTLE_ENDIAN);
      if (!reader.take(MAGIC.size(), "magic").equals(MAGIC)) {
        return Optional.empty();
      }
      long counter = reader.u32("counter");
      Bytes payload = reader.take(reader.u16("length"), "state");
      Bytes checked = bytes.first(reader.position());
      if (reader.u32("checksum") != crc(checked)) {
        return Optional.empty();
      }
      return Optional.of(new Found.Current(decode(payload), counter, place));
    } catch (MalformedException _) {
      // A record cut short or written over is no record; the other place has the state.
      return Optional.empty();
    }
  }

  private static boolean isErased(Bytes bytes) {
    return bytes.isFilledWith(0xff) || bytes.isFilledWith(0);
  }

  private static Bytes encode(TrustState state) {
    CborMap.Builder map = CborMap.builder().put(ROOT, state.root().encode());
    state.known().ifPresent(mark -> map.put(KNOWN, mark(mark)));
    state.installed().ifPresent(mark -> map.put(INSTALLED, mark(mark)));
    state
        .staged()
        .ifPresent(
            staged ->
                map.put(
                    STAGED,
                    CborList.of(
                        new CborBytes(staged.manifest().value()),
                        CborInt.of(staged.purpose().id()))));
    state.news().ifPresent(news -> map.put(NEWS, news(news)));
    map.put(TIME_FLOOR, state.timeFloor());
    if (!state.serials().isEmpty()) {
      CborMap.Builder serials = CborMap.builder();
      state
          .serials()
          .forEach(
              (deployment, serial) -> serials.put(new CborBytes(deployment), CborInt.of(serial)));
      map.put(SERIALS, serials.build());
    }
    if (!state.denied().isEmpty()) {
      map.put(
          DENIED,
          new CborList(
              state.denied().stream().<CborItem>map(id -> new CborBytes(id.value())).toList()));
    }
    state
        .tries()
        .ifPresent(
            tries ->
                map.put(
                    TRIES,
                    CborList.of(
                        new CborBytes(tries.manifest().value()), CborInt.of(tries.count()))));
    return Cbor.deterministic(map.build());
  }

  private static TrustState decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "trust state");
    fields.onlyKeys(ROOT, KNOWN, INSTALLED, STAGED, NEWS, TIME_FLOOR, SERIALS, DENIED, TRIES);
    Optional<CborList> staged = fields.optional(CborInt.of(STAGED), CborList.class);
    Optional<CborMap> news = fields.optional(CborInt.of(NEWS), CborMap.class);
    Optional<CborList> tries = fields.optional(CborInt.of(TRIES), CborList.class);
    try {
      return new TrustState(
          Root.decode(fields.bytes(ROOT)),
          mark(fields, KNOWN),
          mark(fields, INSTALLED),
          staged.isEmpty() ? Optional.empty() : Optional.of(staged(staged.get())),
          news.isEmpty() ? Optional.empty() : Optional.of(news(news.get())),
          Beacon.unsigned(fields, TIME_FLOOR, "time floor"),
          serials(fields),
          denied(fields),
          tries.isEmpty() ? Optional.empty() : Optional.of(tries(tries.get())));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("trust state: " + e.getMessage(), 0, e);
    }
  }

  private static TrustState.Staged staged(CborList parts) throws MalformedException {
    requireParts(parts, 2, "staged release");
    Optional<TrustState.Staged.Purpose> purpose =
        TrustState.Staged.Purpose.ofId(number(parts.get(1)));
    if (purpose.isEmpty()) {
      throw new MalformedException("purpose " + number(parts.get(1)), 0);
    }
    return new TrustState.Staged(
        Beacon.sha256(CborFields.expect(parts.get(0), CborBytes.class, "digest").value()),
        purpose.get());
  }

  private static TrustState.Tries tries(CborList parts) throws MalformedException {
    requireParts(parts, 2, "tries");
    return new TrustState.Tries(
        Beacon.sha256(CborFields.expect(parts.get(0), CborBytes.class, "digest").value()),
        Math.clamp(number(parts.get(1)), 0, Integer.MAX_VALUE));
  }

  private static SortedMap<Bytes, Long> serials(CborFields fields) throws MalformedException {
    SortedMap<Bytes, Long> serials = new TreeMap<>();
    Optional<CborMap> map = fields.optional(CborInt.of(SERIALS), CborMap.class);
    for (var entry : map.map(CborMap::entries).orElse(Map.of()).entrySet()) {
      serials.put(
          CborFields.expect(entry.getKey(), CborBytes.class, "deployment").value(),
          number(entry.getValue()));
    }
    return serials;
  }

  private static SortedSet<KeyId> denied(CborFields fields) throws MalformedException {
    SortedSet<KeyId> denied = new TreeSet<>();
    Optional<CborList> list = fields.optional(CborInt.of(DENIED), CborList.class);
    for (CborItem item : list.map(CborList::items).orElse(List.of())) {
      denied.add(Beacon.keyId(item));
    }
    return denied;
  }

  // The same numbers as in a beacon; 8 is the beacon itself, 9 the floor.

  private static CborItem news(News news) {
    CborMap.Builder map =
        CborMap.builder().put(1, news.number()).put(2, news.time()).put(3, news.lifetime());
    news.standing().ifPresent(standing -> map.put(4, standing.toCbor()));
    map.put(5, news.rootVersion());
    news.signed().ifPresent(signed -> map.put(8, signed));
    news.floor().ifPresent(floor -> map.put(9, new CborInt(floor.value())));
    return map.build();
  }

  private static News news(CborMap map) throws MalformedException {
    CborFields fields = CborFields.of(map, "news");
    fields.onlyKeys(1, 2, 3, 4, 5, 8, 9);
    Optional<CborItem> standing = fields.item(CborInt.of(4));
    Optional<CborItem> floor = fields.item(CborInt.of(9));
    return new News(
        fields.integer(1),
        fields.integer(2),
        fields.integer(3),
        fields.integer(5),
        floor.isEmpty() ? Optional.empty() : Optional.of(Scope.sequence(floor.get())),
        standing.isEmpty()
            ? Optional.empty()
            : Optional.of(Beacon.Standing.fromCbor(standing.get())),
        fields.optionalBytes(8));
  }

  private static void requireParts(CborList parts, int count, String what)
      throws MalformedException {
    if (parts.size() != count) {
      throw new MalformedException("%s of %d parts".formatted(what, parts.size()), 0);
    }
  }

  private static long number(CborItem item) throws MalformedException {
    return CborFields.toLong(CborFields.expect(item, CborInt.class, "number"), "number");
  }

  private static CborItem mark(ReleaseMark mark) {
    return CborList.of(
        new CborInt(mark.sequence().value()), new CborBytes(mark.manifest().value()));
  }

  private static Optional<ReleaseMark> mark(CborFields fields, int key) throws MalformedException {
    Optional<CborList> parts = fields.optional(CborInt.of(key), CborList.class);
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    if (parts.get().size() != 2) {
      throw new MalformedException("mark of %d parts".formatted(parts.get().size()), 0);
    }
    CborInt sequence = CborFields.expect(parts.get().get(0), CborInt.class, "sequence number");
    if (sequence.value().signum() < 0) {
      throw new MalformedException("sequence number " + sequence.value(), 0);
    }
    Bytes digest = CborFields.expect(parts.get().get(1), CborBytes.class, "digest").value();
    return Optional.of(new ReleaseMark(SequenceNumber.of(sequence.value()), Beacon.sha256(digest)));
  }

  private static long crc(Bytes bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.toBuffer());
    return crc.getValue();
  }
}
