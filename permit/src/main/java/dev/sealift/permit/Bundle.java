// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.cose.CoseSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The permit as it travels: a signed release and whatever else has to be shown to a device. Each
/// part is the slice it came in; anyone may put a newer part in the place of an older one.
public record Bundle(
    Bytes envelope,
    List<Bytes> certificates,
    List<Bytes> endorsements,
    Optional<Bytes> beacon,
    List<Bytes> rootUpdates,
    Optional<Hint> hint) {

  /// What a device takes unless it says otherwise.
  public static final int BYTES_MAX = 4096;

  /// Unsigned, for a device to turn away early what is not for it; it never opens a door.
  public record Hint(Bytes classTag, SequenceNumber sequence) {
    public Hint {
      if (classTag.size() != ClassId.TAG_BYTES) {
        throw new IllegalArgumentException("a class tag of %d bytes".formatted(classTag.size()));
      }
    }
  }

  private static final int VERSION = 1;
  private static final int ENVELOPE = 2;
  private static final int CERTIFICATES = 3;
  private static final int ENDORSEMENTS = 4;
  private static final int BEACON = 5;
  private static final int ROOT_UPDATES = 6;
  private static final int HINT = 7;

  private static final long VERSION_KNOWN = 1;

  public Bundle {
    certificates = List.copyOf(certificates);
    endorsements = List.copyOf(endorsements);
    rootUpdates = List.copyOf(rootUpdates);
  }

  /// A release that nobody has signed yet.
  public static Bundle of(Release release) {
    return of(SuitEnvelope.unsigned(release.manifest()));
  }

  public static Bundle of(SuitEnvelope envelope) {
    return new Bundle(
        envelope.encode(), List.of(), List.of(), Optional.empty(), List.of(), Optional.empty());
  }

  /// The same bundle with one more signature on the release.
  public Bundle signedBy(CoseSigner signer) throws MalformedException {
    return withEnvelope(openEnvelope().signedBy(signer).encode());
  }

  public Bundle withEnvelope(Bytes other) {
    return new Bundle(other, certificates, endorsements, beacon, rootUpdates, hint);
  }

  public Bundle withCertificates(List<Signed<Certificate>> others) {
    return new Bundle(envelope, encoded(others), endorsements, beacon, rootUpdates, hint);
  }

  public Bundle withEndorsements(List<Signed<Endorsement>> others) {
    return new Bundle(envelope, certificates, encoded(others), beacon, rootUpdates, hint);
  }

  public Bundle withBeacon(Signed<Beacon> other) {
    return withBeacon(other.encode());
  }

  /// With a beacon as it came.
  public Bundle withBeacon(Bytes other) {
    return withNews(Optional.of(other));
  }

  /// With that beacon, or without any.
  public Bundle withNews(Optional<Bytes> other) {
    return new Bundle(envelope, certificates, endorsements, other, rootUpdates, hint);
  }

  public Bundle withRootUpdates(List<Signed<Root>> others) {
    return new Bundle(envelope, certificates, endorsements, beacon, encoded(others), hint);
  }

  private static List<Bytes> encoded(List<? extends Signed<?>> objects) {
    return objects.stream().map(Signed::encode).toList();
  }

  public Bundle withHint(Hint given) {
    return new Bundle(
        envelope, certificates, endorsements, beacon, rootUpdates, Optional.of(given));
  }

  /// The envelope, opened one level and not yet authentic.
  public SuitEnvelope openEnvelope() throws MalformedException {
    return switch (SuitEnvelope.decode(envelope)) {
      case SuitOutcome.Accepted<SuitEnvelope>(var opened) -> opened;
      case SuitOutcome.Refused<SuitEnvelope>(var refusal) ->
          throw new MalformedException("envelope: " + refusal.detail(), 0);
    };
  }

  public Bytes encode() {
    CborMap.Builder map = CborMap.builder().put(VERSION, VERSION_KNOWN).put(ENVELOPE, envelope);
    putList(map, CERTIFICATES, certificates);
    putList(map, ENDORSEMENTS, endorsements);
    beacon.ifPresent(bytes -> map.put(BEACON, bytes));
    putList(map, ROOT_UPDATES, rootUpdates);
    hint.ifPresent(
        given ->
            map.put(
                HINT,
                CborList.of(
                    new CborBytes(given.classTag()), new CborInt(given.sequence().value()))));
    return Cbor.deterministic(map.build());
  }

  public static Bundle decode(Bytes bytes) throws MalformedException {
    return switch (judge(bytes)) {
      case Judgement.Good(var bundle) -> bundle;
      case Judgement.Refused(_, var detail) -> throw new MalformedException(detail, 0);
    };
  }

  sealed interface Judgement {
    record Good(Bundle bundle) implements Judgement {}

    record Refused(Refusal refusal, String detail) implements Judgement {}
  }

  /// Tells bytes that are no bundle from bundles of a later version.
  static Judgement judge(Bytes bytes) {
    try {
      CborFields fields = CborFields.of(Cbor.strict(bytes), "bundle");
      long version = fields.integer(VERSION);
      if (version != VERSION_KNOWN) {
        return new Judgement.Refused(
            Refusal.R2, "bundle version %d, known is %d".formatted(version, VERSION_KNOWN));
      }
      fields.onlyKeys(VERSION, ENVELOPE, CERTIFICATES, ENDORSEMENTS, BEACON, ROOT_UPDATES, HINT);
      Optional<CborList> hint = fields.optional(CborInt.of(HINT), CborList.class);
      return new Judgement.Good(
          new Bundle(
              fields.bytes(ENVELOPE),
              slices(fields, CERTIFICATES),
              slices(fields, ENDORSEMENTS),
              fields.optionalBytes(BEACON),
              slices(fields, ROOT_UPDATES),
              hint.isEmpty() ? Optional.empty() : Optional.of(hint(hint.get()))));
    } catch (MalformedException e) {
      return new Judgement.Refused(Refusal.R1, e.getMessage());
    }
  }

  private static void putList(CborMap.Builder map, int key, List<Bytes> slices) {
    if (!slices.isEmpty()) {
      map.put(key, new CborList(slices.stream().<CborItem>map(CborBytes::new).toList()));
    }
  }

  private static List<Bytes> slices(CborFields fields, int key) throws MalformedException {
    Optional<CborList> list = fields.optional(CborInt.of(key), CborList.class);
    if (list.isEmpty()) {
      return List.of();
    }
    if (list.get().size() == 0) {
      throw new MalformedException("bundle field %d is empty".formatted(key), 0);
    }
    List<Bytes> slices = new ArrayList<>();
    for (CborItem item : list.get().items()) {
      slices.add(CborFields.expect(item, CborBytes.class, "bundle field " + key).value());
    }
    return slices;
  }

  private static Hint hint(CborList parts) throws MalformedException {
    if (parts.size() != 2) {
      throw new MalformedException("hint of %d parts".formatted(parts.size()), 0);
    }
    Bytes tag = CborFields.expect(parts.get(0), CborBytes.class, "hint's class tag").value();
    CborInt sequence = CborFields.expect(parts.get(1), CborInt.class, "hint's sequence number");
    if (tag.size() != ClassId.TAG_BYTES || sequence.value().signum() < 0) {
      throw new MalformedException("hint is out of range", 0);
    }
    return new Hint(tag, SequenceNumber.of(sequence.value()));
  }
}
