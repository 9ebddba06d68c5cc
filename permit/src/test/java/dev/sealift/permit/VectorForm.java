// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.PermitCases.Case;
import dev.sealift.suit.SuitDigest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A case as the README of `vectors/permit` writes it, in both directions.
final class VectorForm {
  private VectorForm() {}

  static CborMap write(Case one) {
    DeviceFacts facts = one.facts();
    CborMap.Builder device =
        CborMap.builder()
            .put("vendor", facts.vendor().bytes().toHex())
            .put("class", facts.deviceClass().bytes().toHex())
            .put(
                "slots",
                new CborList(
                    facts.slotBytes().entrySet().stream()
                        .<CborItem>map(
                            slot ->
                                CborMap.builder()
                                    .put("component", slot.getKey())
                                    .put("bytes", slot.getValue())
                                    .build())
                        .toList()))
            .put("security_counter", facts.securityCounter())
            .put("bundle_bytes_max", facts.bundleBytesMax());
    facts
        .runningSequence()
        .ifPresent(sequence -> device.put("running_sequence", new CborInt(sequence.value())));
    CborMap.Builder state = CborMap.builder().put("epoch", one.state().epoch());
    one.state().known().ifPresent(mark -> state.put("known", mark(mark)));
    one.state().installed().ifPresent(mark -> state.put("installed", mark(mark)));
    CborMap.Builder vector =
        CborMap.builder()
            .put("name", one.name())
            .put("root", one.root().encode().toHex())
            .put("device", device.build())
            .put("state", state.build())
            .put("bundle", one.bundle().toHex());
    one.expected()
        .ifPresentOrElse(
            refusal -> vector.put("verdict", "refuse").put("refusal", refusal.number()),
            () -> vector.put("verdict", "install"));
    return vector.build();
  }

  static Case read(CborItem item) throws MalformedException {
    CborFields vector = CborFields.of(item, "vector");
    CborFields device = CborFields.of(vector.required(new CborText("device")), "device");
    CborFields state = CborFields.of(vector.required(new CborText("state")), "state");
    SortedMap<Integer, Long> slots = new TreeMap<>();
    for (CborItem slot : device.list("slots")) {
      CborFields fields = CborFields.of(slot, "slot");
      slots.put((int) fields.integer("component"), fields.integer("bytes"));
    }
    Optional<CborInt> running = device.optional(new CborText("running_sequence"), CborInt.class);
    Optional<Long> refusal = vector.optionalInteger("refusal");
    if (refusal.isPresent() == vector.text("verdict").equals("install")) {
      throw new MalformedException("a verdict and a refusal that do not agree", 0);
    }
    return new Case(
        vector.text("name"),
        Root.decode(Bytes.ofHex(vector.text("root"))),
        new DeviceFacts(
            VendorId.parse(device.text("vendor")),
            ClassId.parse(device.text("class")),
            slots,
            device.integer("security_counter"),
            running.map(number -> SequenceNumber.of(number.value())),
            (int) device.integer("bundle_bytes_max")),
        new TrustState(
            state.integer("epoch"),
            mark(state, "known"),
            mark(state, "installed"),
            Optional.empty()),
        Bytes.ofHex(vector.text("bundle")),
        refusal.map(number -> Refusal.ofNumber(number.intValue()).orElseThrow()));
  }

  private static CborMap mark(ReleaseMark mark) {
    return CborMap.builder()
        .put("sequence", new CborInt(mark.sequence().value()))
        .put("manifest", mark.manifest().value().toHex())
        .build();
  }

  private static Optional<ReleaseMark> mark(CborFields state, String key)
      throws MalformedException {
    Optional<CborMap> map = state.optional(new CborText(key), CborMap.class);
    if (map.isEmpty()) {
      return Optional.empty();
    }
    CborFields fields = CborFields.of(map.get(), key);
    return Optional.of(
        new ReleaseMark(
            SequenceNumber.of(fields.required(new CborText("sequence"), CborInt.class).value()),
            SuitDigest.sha256(Bytes.ofHex(fields.text("manifest")))));
  }
}
