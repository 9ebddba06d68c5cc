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
import dev.sealift.suit.SuitDigest;
import java.nio.ByteOrder;
import java.util.Optional;
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
  /// Room for one record; what is not used stays erased.
  public static final int RECORD_BYTES = 512;

  private static final Bytes MAGIC = Bytes.ofUtf8("SLTS");
  private static final long COUNTER_MAX = 0xffff_ffffL;

  private static final int EPOCH = 1;
  private static final int KNOWN = 2;
  private static final int INSTALLED = 3;
  private static final int STAGED = 4;

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
    Bytes record =
        new ByteWriter(ByteOrder.LITTLE_ENDIAN).bytes(checked).u32(crc(checked)).toBytes();
    if (record.size() > RECORD_BYTES) {
      throw new IllegalStateException("a record of " + record.size() + " bytes");
    }
    return record;
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
    CborMap.Builder map = CborMap.builder().put(EPOCH, state.epoch());
    state.known().ifPresent(mark -> map.put(KNOWN, mark(mark)));
    state.installed().ifPresent(mark -> map.put(INSTALLED, mark(mark)));
    state.staged().ifPresent(digest -> map.put(STAGED, digest.value()));
    return Cbor.deterministic(map.build());
  }

  private static TrustState decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "trust state");
    fields.onlyKeys(EPOCH, KNOWN, INSTALLED, STAGED);
    long epoch = fields.integer(EPOCH);
    if (epoch < 0 || epoch > SequenceNumber.PART_MAX) {
      throw new MalformedException("epoch " + epoch, 0);
    }
    Optional<Bytes> staged = fields.optionalBytes(STAGED);
    return new TrustState(
        epoch,
        mark(fields, KNOWN),
        mark(fields, INSTALLED),
        staged.isEmpty() ? Optional.empty() : Optional.of(digest(staged.get())));
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
    return Optional.of(new ReleaseMark(SequenceNumber.of(sequence.value()), digest(digest)));
  }

  private static SuitDigest digest(Bytes value) throws MalformedException {
    if (value.size() != 32) {
      throw new MalformedException("digest of %d bytes".formatted(value.size()), 0);
    }
    return SuitDigest.sha256(value);
  }

  private static long crc(Bytes bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.toBuffer());
    return crc.getValue();
  }
}
