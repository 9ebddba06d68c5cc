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
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is newest, said by the freshness key: for each class of devices the lowest release that may
/// still be installed and the latest there is, and which keys are no longer trusted. With a nonce
/// it is the answer to one device. Allows nothing by itself. `time` is in seconds since 1970,
/// `lifetime` in seconds.
///
/// ```
/// { 1: number, 2: time, 3: lifetime, 4: {+ class tag: [floor, latest, digest prefix]},
///   5: root version, ? 6: nonce, ? 7: [+ key id] }
/// ```
public record Beacon(
    long number,
    long time,
    long lifetime,
    SortedMap<Bytes, Standing> classes,
    long rootVersion,
    Optional<Bytes> nonce,
    List<KeyId> denied)
    implements SignedObject {
  public static final int NONCE_BYTES = 16;
  /// Signed, as a device keeps it for others: some twenty classes. Answers to a nonce are kept by
  /// nobody, and may be longer.
  public static final int BYTES_MAX = 1024;

  public static final int CLASSES_MAX = 64;
  public static final int DENIED_MAX = 32;

  /// Of the digest of the latest manifest.
  public static final int PREFIX_BYTES = 8;

  /// The lowest sequence that may be installed, the latest there is, and how its manifest's digest
  /// begins.
  public record Standing(SequenceNumber floor, SequenceNumber latest, Bytes digestPrefix) {
    public Standing {
      if (digestPrefix.size() != PREFIX_BYTES) {
        throw new IllegalArgumentException(
            "a digest's prefix of %d bytes, not %d".formatted(digestPrefix.size(), PREFIX_BYTES));
      }
      if (floor.compareTo(latest) > 0) {
        throw new IllegalArgumentException(
            "floor %s is above the latest, %s".formatted(floor, latest));
      }
    }

    public static Standing of(SequenceNumber floor, ReleaseMark latest) {
      return new Standing(floor, latest.sequence(), latest.manifest().value().first(PREFIX_BYTES));
    }

    CborItem toCbor() {
      return CborList.of(
          new CborInt(floor.value()), new CborInt(latest.value()), new CborBytes(digestPrefix));
    }

    static Standing fromCbor(CborItem item) throws MalformedException {
      List<CborItem> parts = CborFields.expect(item, CborList.class, "class's standing").items();
      if (parts.size() != 3) {
        throw new MalformedException("standing of %d parts".formatted(parts.size()), 0);
      }
      try {
        return new Standing(
            Scope.sequence(parts.get(0)),
            Scope.sequence(parts.get(1)),
            CborFields.expect(parts.get(2), CborBytes.class, "digest prefix").value());
      } catch (IllegalArgumentException e) {
        throw new MalformedException("beacon: " + e.getMessage(), 0, e);
      }
    }
  }

  private static final int NUMBER = 1;
  private static final int TIME = 2;
  private static final int LIFETIME = 3;
  private static final int CLASSES = 4;
  private static final int ROOT_VERSION = 5;
  private static final int NONCE = 6;
  private static final int DENIED = 7;

  public Beacon {
    requireUnsigned("number", number);
    requireUnsigned("time", time);
    requireUnsigned("lifetime", lifetime);
    requireUnsigned("root version", rootVersion);
    classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
    denied = List.copyOf(denied);
    if (number == 0 || classes.size() > CLASSES_MAX || denied.size() > DENIED_MAX) {
      throw new IllegalArgumentException(
          "beacon %d of %d classes and %d keys".formatted(number, classes.size(), denied.size()));
    }
    if (nonce.filter(bytes -> bytes.size() != NONCE_BYTES).isPresent()) {
      throw new IllegalArgumentException("a nonce has %d bytes".formatted(NONCE_BYTES));
    }
  }

  /// The same news as the answer to one device's nonce.
  public Beacon answering(Bytes given) {
    return new Beacon(number, time, lifetime, classes, rootVersion, Optional.of(given), denied);
  }

  public Optional<Standing> standing(ClassId deviceClass) {
    return Optional.ofNullable(classes.get(deviceClass.tag()));
  }

  /// Until when it is news.
  public long end() {
    return time > Long.MAX_VALUE - lifetime ? Long.MAX_VALUE : time + lifetime;
  }

  @Override
  public SignedKind kind() {
    return SignedKind.BEACON;
  }

  @Override
  public Bytes encode() {
    CborMap.Builder byClass = CborMap.builder();
    classes.forEach((tag, standing) -> byClass.put(new CborBytes(tag), standing.toCbor()));
    CborMap.Builder map =
        CborMap.builder()
            .put(NUMBER, number)
            .put(TIME, time)
            .put(LIFETIME, lifetime)
            .put(CLASSES, byClass.build())
            .put(ROOT_VERSION, rootVersion);
    nonce.ifPresent(bytes -> map.put(NONCE, bytes));
    if (!denied.isEmpty()) {
      map.put(
          DENIED,
          new CborList(denied.stream().<CborItem>map(id -> new CborBytes(id.value())).toList()));
    }
    return Cbor.deterministic(map.build());
  }

  public static Beacon decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "beacon");
    fields.onlyKeys(NUMBER, TIME, LIFETIME, CLASSES, ROOT_VERSION, NONCE, DENIED);
    SortedMap<Bytes, Standing> classes = new TreeMap<>();
    for (var entry : fields.required(CborInt.of(CLASSES), CborMap.class).entries().entrySet()) {
      Bytes tag = CborFields.expect(entry.getKey(), CborBytes.class, "class tag").value();
      if (tag.size() != ClassId.TAG_BYTES) {
        throw new MalformedException("class tag of %d bytes".formatted(tag.size()), 0);
      }
      classes.put(tag, Standing.fromCbor(entry.getValue()));
    }
    List<KeyId> denied = new ArrayList<>();
    Optional<CborList> list = fields.optional(CborInt.of(DENIED), CborList.class);
    if (list.isPresent() && list.get().size() == 0) {
      throw new MalformedException("beacon denies nobody and says so", 0);
    }
    for (CborItem item : list.map(CborList::items).orElse(List.of())) {
      denied.add(keyId(item));
    }
    try {
      return new Beacon(
          unsigned(fields, NUMBER, "number"),
          unsigned(fields, TIME, "time"),
          unsigned(fields, LIFETIME, "lifetime"),
          classes,
          unsigned(fields, ROOT_VERSION, "root version"),
          fields.optionalBytes(NONCE),
          denied);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("beacon: " + e.getMessage(), 0, e);
    }
  }

  static KeyId keyId(CborItem item) throws MalformedException {
    Bytes id = CborFields.expect(item, CborBytes.class, "key id").value();
    if (id.size() != KeyId.SIZE) {
      throw new MalformedException("key id of %d bytes".formatted(id.size()), 0);
    }
    return new KeyId(id);
  }

  static void requireUnsigned(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("%s is below zero: %d".formatted(what, value));
    }
  }

  static long unsigned(CborFields fields, int key, String what) throws MalformedException {
    long value = fields.integer(key);
    if (value < 0) {
      throw new MalformedException("%s is below zero: %d".formatted(what, value), 0);
    }
    return value;
  }

  static Optional<Long> optionalUnsigned(CborFields fields, int key, String what)
      throws MalformedException {
    return fields.item(CborInt.of(key)).isEmpty()
        ? Optional.empty()
        : Optional.of(unsigned(fields, key, what));
  }

  static SuitDigest sha256(Bytes value) throws MalformedException {
    if (value.size() != 32) {
      throw new MalformedException("digest of %d bytes".formatted(value.size()), 0);
    }
    return SuitDigest.sha256(value);
  }
}
