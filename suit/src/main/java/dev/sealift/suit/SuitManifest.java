// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import java.math.BigInteger;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// A manifest as a value. Its form is right (version 1, known commands and parameters, indices
/// that exist); whether what it asks for is allowed is for others to say.
public record SuitManifest(
    BigInteger sequenceNumber,
    SuitCommon common,
    Optional<String> referenceUri,
    Optional<ComponentId> componentId,
    Optional<SuitVersion> version,
    Map<SuitSection, SuitMember<SuitSequence>> sections,
    Optional<SuitMember<Bytes>> coswid,
    Optional<SuitMember<Bytes>> text) {

  private static final int MANIFEST_VERSION = 1;
  private static final int SEQUENCE_NUMBER = 2;
  private static final int COMMON = 3;
  private static final int REFERENCE_URI = 4;
  private static final int COMPONENT_ID = 5;
  private static final int SET_VERSION = 6;
  static final int COSWID = 14;
  static final int TEXT = 23;

  private static final long VERSION_KNOWN = 1;

  public SuitManifest {
    if (sequenceNumber.signum() < 0 || sequenceNumber.bitLength() > 64) {
      throw new IllegalArgumentException("no sequence number: " + sequenceNumber);
    }
    Map<SuitSection, SuitMember<SuitSequence>> copy = new EnumMap<>(SuitSection.class);
    copy.putAll(sections);
    sections = Collections.unmodifiableMap(copy);
  }

  /// The sequence of a section, if the manifest has it and it is to be had.
  public Optional<SuitSequence> sequence(SuitSection section) {
    return Optional.ofNullable(sections.get(section)).flatMap(SuitMember::available);
  }

  public Bytes encode() {
    CborMap.Builder map =
        CborMap.builder()
            .put(MANIFEST_VERSION, VERSION_KNOWN)
            .put(SEQUENCE_NUMBER, new CborInt(sequenceNumber))
            .put(COMMON, common.encode());
    referenceUri.ifPresent(uri -> map.put(REFERENCE_URI, new CborText(uri)));
    componentId.ifPresent(id -> map.put(COMPONENT_ID, id.toCbor()));
    version.ifPresent(value -> map.put(SET_VERSION, value.encode()));
    sections.forEach(
        (section, member) ->
            map.put(
                section.label(),
                switch (member) {
                  case SuitMember.Inside<SuitSequence>(var sequence) ->
                      new CborBytes(sequence.encode());
                  case SuitMember.Severed<SuitSequence>(var digest, _) -> digest.toCbor();
                }));
    coswid.ifPresent(member -> map.put(COSWID, opaque(member)));
    text.ifPresent(member -> map.put(TEXT, opaque(member)));
    return Cbor.deterministic(map.build());
  }

  /// `brought` are the severable members that the envelope carries, by label.
  static SuitManifest decode(Bytes bytes, SortedMap<Integer, Bytes> brought)
      throws MalformedException, RefusedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "manifest");
    long version = fields.integer(MANIFEST_VERSION);
    if (version != VERSION_KNOWN) {
      throw RefusedException.unsupported("manifest version " + version + " is not known");
    }
    requireKnownMembers(fields);
    Members members = new Members(fields, brought);
    Map<SuitSection, SuitMember<SuitSequence>> sections = new EnumMap<>(SuitSection.class);
    for (SuitSection section : SuitSection.values()) {
      Optional<SuitMember<Bytes>> member = members.take(section.label(), section.isSeverable());
      if (member.isPresent()) {
        sections.put(section, sequence(member.get()));
      }
    }
    Optional<SuitMember<Bytes>> coswid = members.take(COSWID, true);
    Optional<SuitMember<Bytes>> text = members.take(TEXT, true);
    members.requireAllTaken();
    BigInteger sequenceNumber = fields.required(CborInt.of(SEQUENCE_NUMBER), CborInt.class).value();
    if (sequenceNumber.signum() < 0) {
      throw new MalformedException("sequence number is negative: " + sequenceNumber, 0);
    }
    Optional<CborItem> componentId = fields.item(CborInt.of(COMPONENT_ID));
    Optional<Bytes> setVersion = fields.optionalBytes(SET_VERSION);
    SuitManifest manifest =
        new SuitManifest(
            sequenceNumber,
            SuitCommon.decode(fields.bytes(COMMON)),
            fields.optional(CborInt.of(REFERENCE_URI), CborText.class).map(CborText::value),
            componentId.isEmpty()
                ? Optional.empty()
                : Optional.of(ComponentId.fromCbor(componentId.get())),
            setVersion.isEmpty()
                ? Optional.empty()
                : Optional.of(SuitVersion.decode(setVersion.get())),
            sections,
            coswid,
            text);
    SequenceRules.check(manifest);
    return manifest;
  }

  private static void requireKnownMembers(CborFields fields)
      throws MalformedException, RefusedException {
    Set<Long> known =
        new HashSet<>(
            Set.of(
                (long) MANIFEST_VERSION,
                (long) SEQUENCE_NUMBER,
                (long) COMMON,
                (long) REFERENCE_URI,
                (long) COMPONENT_ID,
                (long) SET_VERSION,
                (long) COSWID,
                (long) TEXT));
    for (SuitSection section : SuitSection.values()) {
      known.add((long) section.label());
    }
    for (CborItem key : fields.map().entries().keySet()) {
      CborInt label = CborFields.expect(key, CborInt.class, "manifest member");
      if (!label.isLong() || !known.contains(label.toLong())) {
        throw RefusedException.unsupported("manifest member " + label.value() + " is not known");
      }
    }
  }

  private static SuitMember<SuitSequence> sequence(SuitMember<Bytes> member)
      throws MalformedException, RefusedException {
    return switch (member) {
      case SuitMember.Inside<Bytes>(var bytes) ->
          new SuitMember.Inside<>(SuitSequence.decode(bytes));
      case SuitMember.Severed<Bytes>(var digest, var bytes) ->
          new SuitMember.Severed<>(
              digest,
              bytes.isEmpty() ? Optional.empty() : Optional.of(SuitSequence.decode(bytes.get())));
    };
  }

  private static CborItem opaque(SuitMember<Bytes> member) {
    return switch (member) {
      case SuitMember.Inside<Bytes>(var bytes) -> new CborBytes(bytes);
      case SuitMember.Severed<Bytes>(var digest, _) -> digest.toCbor();
    };
  }

  /// Joins what the manifest says with what the envelope brought. A brought member counts only
  /// under the digest that the signed manifest has for it; one that the manifest does not speak of
  /// was put there by nobody who signed.
  private static final class Members {
    private final CborFields fields;
    private final SortedMap<Integer, Bytes> brought;
    private final Set<Integer> taken = new HashSet<>();

    Members(CborFields fields, SortedMap<Integer, Bytes> brought) {
      this.fields = fields;
      this.brought = brought;
    }

    Optional<SuitMember<Bytes>> take(int label, boolean severable)
        throws MalformedException, RefusedException {
      Optional<CborItem> item = fields.item(CborInt.of(label));
      if (item.isEmpty()) {
        return Optional.empty();
      }
      if (item.get() instanceof CborBytes(var bytes)) {
        return Optional.of(new SuitMember.Inside<>(bytes));
      }
      if (!severable) {
        throw new MalformedException(
            "manifest member %d is a %s".formatted(label, item.get().kind()), 0);
      }
      SuitDigest digest = SuitDigest.fromCbor(item.get());
      Optional<Bytes> member = Optional.ofNullable(brought.get(label));
      if (member.isPresent() && !digest.fitsWrapped(member.get())) {
        throw new RefusedException(
            SuitStage.POLICY,
            SuitRefusal.Reason.UNAUTHENTIC,
            "severed member %d does not fit its digest in the manifest".formatted(label));
      }
      member.ifPresent(_ -> taken.add(label));
      return Optional.of(new SuitMember.Severed<>(digest, member));
    }

    void requireAllTaken() throws RefusedException {
      for (int label : brought.keySet()) {
        if (!taken.contains(label)) {
          throw new RefusedException(
              SuitStage.POLICY,
              SuitRefusal.Reason.UNAUTHENTIC,
              "the envelope brings member %d that the manifest has no digest for".formatted(label));
        }
      }
    }
  }
}
