// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.CaseList.Case;
import dev.sealift.permit.CaseList.Outcome;
import dev.sealift.permit.DeviceFacts.Carrying;
import dev.sealift.permit.DeviceFacts.NonceLife;
import dev.sealift.permit.DeviceFacts.Room;
import dev.sealift.permit.TrustState.Staged;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A case as the README of `vectors/permit` writes it, in both directions.
final class VectorForm {
  /// What a device knows afterwards, as far as a bundle can teach it.
  record Learnt(
      long rootVersion,
      long epoch,
      long beacon,
      Optional<SequenceNumber> floor,
      long timeFloor,
      SortedSet<KeyId> denied,
      Optional<Bytes> answered) {
    static Learnt of(Decision decision) {
      TrustState state = decision.state();
      return new Learnt(
          state.root().version(),
          state.root().epoch(),
          state.news().map(News::number).orElse(0L),
          state.news().flatMap(News::floor),
          state.timeFloor(),
          state.denied(),
          decision.answered());
    }
  }

  /// A case as it was recorded.
  record Recorded(
      String name,
      DeviceFacts facts,
      TrustState state,
      Bytes bundle,
      Outcome outcome,
      Learnt learnt) {}

  /// What comes of a session permit: no refusal means that it is granted, with these action bits
  /// for so many seconds.
  record Answered(Optional<Refusal> refusal, Optional<Long> actions, Optional<Long> seconds) {
    static Answered of(SessionCheck.Answer answer) {
      return switch (answer) {
        case SessionCheck.Answer.Granted(var session, _) ->
            new Answered(
                Optional.empty(),
                Optional.of(Action.bits(session.actions())),
                Optional.of(session.seconds()));
        case SessionCheck.Answer.Refused(var refuse, _) ->
            new Answered(Optional.of(refuse.refusal()), Optional.empty(), Optional.empty());
      };
    }
  }

  /// A session permit as it was recorded.
  record RecordedSession(
      String name, DeviceFacts facts, TrustState state, Bytes message, Answered answered) {}

  /// Written once each, and named by their place in the list.
  private final List<Root> roots = new ArrayList<>();

  CborList roots() {
    return new CborList(
        roots.stream().<CborItem>map(root -> new CborText(root.encode().toHex())).toList());
  }

  static VectorForm of(CborFields file) throws MalformedException {
    VectorForm form = new VectorForm();
    for (CborItem root : file.list("roots")) {
      String hex = CborFields.expect(root, CborText.class, "root").value();
      form.roots.add(Root.decode(Bytes.ofHex(hex)));
    }
    return form;
  }

  CborMap write(Case one) {
    CborMap.Builder vector =
        CborMap.builder()
            .put("name", one.name())
            .put("device", device(one.facts()))
            .put("state", state(one.state()))
            .put("bundle", one.bundle().toHex());
    switch (one.outcome()) {
      case Outcome.Install _ -> vector.put("verdict", "install");
      case Outcome.Carry _ -> vector.put("verdict", "carry");
      case Outcome.Refuse(var refusal) ->
          vector.put("verdict", "refuse").put("refusal", refusal.number());
    }
    return vector.put("after", learnt(Learnt.of(one.decide(Checks.all())))).build();
  }

  private static CborMap learnt(Learnt learnt) {
    CborMap.Builder after =
        CborMap.builder()
            .put("root_version", learnt.rootVersion())
            .put("epoch", learnt.epoch())
            .put("beacon", learnt.beacon());
    learnt.floor().ifPresent(floor -> after.put("floor", number(floor)));
    after.put("time_floor", learnt.timeFloor()).put("denied", denied(learnt.denied()));
    learnt.answered().ifPresent(nonce -> after.put("answered", nonce.toHex()));
    return after.build();
  }

  Recorded read(CborItem item) throws MalformedException {
    CborFields vector = CborFields.of(item, "vector");
    CborFields after = map(vector, "after");
    return new Recorded(
        vector.text("name"),
        device(map(vector, "device")),
        state(map(vector, "state")),
        hex(vector, "bundle"),
        outcome(vector),
        new Learnt(
            after.integer("root_version"),
            after.integer("epoch"),
            after.integer("beacon"),
            floor(after),
            after.integer("time_floor"),
            denied(after),
            after.optionalText("answered").map(Bytes::ofHex)));
  }

  private static Outcome outcome(CborFields vector) throws MalformedException {
    String verdict = vector.text("verdict");
    return switch (verdict) {
      case "install" -> new Outcome.Install();
      case "carry" -> new Outcome.Carry();
      case "refuse" -> new Outcome.Refuse(refusal(vector));
      default -> throw new MalformedException("verdict " + verdict, 0);
    };
  }

  static Refusal refusal(CborFields vector) throws MalformedException {
    return Refusal.ofNumber((int) vector.integer("refusal")).orElseThrow();
  }

  CborMap write(SessionCases.Case one) {
    CborMap.Builder vector =
        CborMap.builder()
            .put("name", one.name())
            .put("device", device(one.facts()))
            .put("state", state(one.state()))
            .put("message", one.message().toHex());
    Answered answered = Answered.of(one.decide(Checks.all()));
    vector.put("verdict", answered.refusal().isEmpty() ? "grant" : "refuse");
    answered.refusal().ifPresent(refusal -> vector.put("refusal", refusal.number()));
    answered.actions().ifPresent(actions -> vector.put("actions", actions));
    answered.seconds().ifPresent(seconds -> vector.put("seconds", seconds));
    return vector.build();
  }

  RecordedSession readSession(CborItem item) throws MalformedException {
    CborFields vector = CborFields.of(item, "session vector");
    String verdict = vector.text("verdict");
    if (!verdict.equals("grant") && !verdict.equals("refuse")) {
      throw new MalformedException("verdict " + verdict, 0);
    }
    return new RecordedSession(
        vector.text("name"),
        device(map(vector, "device")),
        state(map(vector, "state")),
        hex(vector, "message"),
        new Answered(
            verdict.equals("grant") ? Optional.empty() : Optional.of(refusal(vector)),
            vector.optionalInteger("actions"),
            vector.optionalInteger("seconds")));
  }

  // The device.

  static CborMap device(DeviceFacts facts) {
    DeviceFacts.Identity identity = facts.identity();
    CborMap.Builder device =
        CborMap.builder()
            .put("vendor", identity.vendor().bytes().toHex())
            .put("class", identity.deviceClass().bytes().toHex())
            .put("device", identity.device().bytes().toHex());
    identity.serial().ifPresent(serial -> device.put("serial", serial));
    identity.deployment().ifPresent(id -> device.put("deployment", id.bytes().toHex()));
    device.put(
        "places",
        new CborList(
            facts.places().entrySet().stream()
                .<CborItem>map(entry -> place(entry.getKey(), entry.getValue()))
                .toList()));
    facts.runningSequence().ifPresent(sequence -> device.put("running_sequence", number(sequence)));
    CborMap.Builder clock = CborMap.builder().put("floor", facts.clock().floor());
    facts.clock().heard().ifPresent(time -> clock.put("heard", time));
    facts.clock().proven().ifPresent(time -> clock.put("proven", time));
    return device
        .put("bundle_bytes_max", facts.limits().bundleBytes())
        .put("root_bytes_max", facts.limits().rootBytes())
        .put("clock", clock.build())
        .put(
            "nonces",
            new CborList(
                facts.nonces().entrySet().stream()
                    .<CborItem>map(
                        entry ->
                            CborMap.builder()
                                .put("nonce", entry.getKey().toHex())
                                .put("life", word(entry.getValue()))
                                .build())
                    .toList()))
        .put("carrying", word(facts.carrying()))
        .build();
  }

  private static CborMap place(Place place, Room room) {
    CborMap.Builder map = CborMap.builder().put("image", place.image());
    place.slot().ifPresent(slot -> map.put("slot", slot));
    return map.put("bytes", room.bytes()).put("security_counter", room.securityCounter()).build();
  }

  static DeviceFacts device(CborFields device) throws MalformedException {
    Map<Place, Room> places = new TreeMap<>();
    for (CborItem item : device.list("places")) {
      CborFields place = CborFields.of(item, "place");
      places.put(
          new Place(
              (int) place.integer("image"), place.optionalInteger("slot").map(Long::intValue)),
          new Room(place.integer("bytes"), place.integer("security_counter")));
    }
    Map<Bytes, NonceLife> nonces = new HashMap<>();
    for (CborItem item : device.list("nonces")) {
      CborFields nonce = CborFields.of(item, "nonce");
      nonces.put(hex(nonce, "nonce"), NonceLife.valueOf(upper(nonce.text("life"))));
    }
    CborFields clock = map(device, "clock");
    Optional<String> deployment = device.optionalText("deployment");
    Optional<Long> serial = device.optionalInteger("serial");
    return new DeviceFacts(
        new DeviceFacts.Identity(
            VendorId.parse(device.text("vendor")),
            ClassId.parse(device.text("class")),
            DeviceId.parse(device.text("device")),
            serial.map(OptionalLong::of).orElse(OptionalLong.empty()),
            deployment.map(DeploymentId::parse)),
        new TreeMap<>(places),
        device.optionalText("running_sequence").map(VectorForm::sequence),
        new DeviceFacts.Limits(
            (int) device.integer("bundle_bytes_max"), (int) device.integer("root_bytes_max")),
        new Clock(
            clock.integer("floor"),
            clock.optionalInteger("heard"),
            clock.optionalInteger("proven")),
        nonces,
        Carrying.valueOf(upper(device.text("carrying"))));
  }

  // The state.

  CborMap state(TrustState state) {
    if (!roots.contains(state.root())) {
      roots.add(state.root());
    }
    CborMap.Builder map = CborMap.builder().put("root", roots.indexOf(state.root()));
    state.known().ifPresent(mark -> map.put("known", mark(mark)));
    state.installed().ifPresent(mark -> map.put("installed", mark(mark)));
    state
        .staged()
        .ifPresent(
            staged ->
                map.put(
                    "staged",
                    CborMap.builder()
                        .put("manifest", staged.manifest().value().toHex())
                        .put("purpose", word(staged.purpose()))
                        .build()));
    state.news().ifPresent(news -> map.put("beacon", news(news)));
    map.put("time_floor", state.timeFloor())
        .put(
            "serials",
            new CborList(
                state.serials().entrySet().stream()
                    .<CborItem>map(
                        entry ->
                            CborMap.builder()
                                .put("deployment", entry.getKey().toHex())
                                .put("serial", entry.getValue())
                                .build())
                    .toList()))
        .put("denied", denied(state.denied()));
    state
        .tries()
        .ifPresent(
            tries ->
                map.put(
                    "tries",
                    CborMap.builder()
                        .put("manifest", tries.manifest().value().toHex())
                        .put("count", tries.count())
                        .build()));
    return map.build();
  }

  TrustState state(CborFields state) throws MalformedException {
    SortedMap<Bytes, Long> serials = new TreeMap<>();
    for (CborItem item : state.list("serials")) {
      CborFields serial = CborFields.of(item, "serial");
      serials.put(hex(serial, "deployment"), serial.integer("serial"));
    }
    Optional<CborFields> staged = optionalMap(state, "staged");
    Optional<CborFields> beacon = optionalMap(state, "beacon");
    Optional<CborFields> tries = optionalMap(state, "tries");
    return new TrustState(
        roots.get((int) state.integer("root")),
        mark(state, "known"),
        mark(state, "installed"),
        staged.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Staged(
                    digest(staged.get(), "manifest"),
                    Staged.Purpose.valueOf(upper(staged.get().text("purpose"))))),
        beacon.isEmpty() ? Optional.empty() : Optional.of(news(beacon.get())),
        state.integer("time_floor"),
        serials,
        denied(state),
        tries.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new TrustState.Tries(
                    digest(tries.get(), "manifest"), (int) tries.get().integer("count"))));
  }

  private static CborMap news(News news) {
    CborMap.Builder map =
        CborMap.builder()
            .put("number", news.number())
            .put("time", news.time())
            .put("lifetime", news.lifetime())
            .put("root_version", news.rootVersion());
    news.floor().ifPresent(floor -> map.put("floor", number(floor)));
    news.standing()
        .ifPresent(
            standing ->
                map.put(
                    "standing",
                    CborMap.builder()
                        .put("floor", number(standing.floor()))
                        .put("latest", number(standing.latest()))
                        .put("digest_prefix", standing.digestPrefix().toHex())
                        .build()));
    news.signed().ifPresent(signed -> map.put("signed", signed.toHex()));
    return map.build();
  }

  private static News news(CborFields news) throws MalformedException {
    Optional<CborFields> standing = optionalMap(news, "standing");
    return new News(
        news.integer("number"),
        news.integer("time"),
        news.integer("lifetime"),
        news.integer("root_version"),
        floor(news),
        standing.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Beacon.Standing(
                    sequence(standing.get(), "floor"),
                    sequence(standing.get(), "latest"),
                    hex(standing.get(), "digest_prefix"))),
        news.optionalText("signed").map(Bytes::ofHex));
  }

  private static Optional<SequenceNumber> floor(CborFields fields) throws MalformedException {
    return fields.optionalText("floor").map(VectorForm::sequence);
  }

  private static CborMap mark(ReleaseMark mark) {
    return CborMap.builder()
        .put("sequence", number(mark.sequence()))
        .put("manifest", mark.manifest().value().toHex())
        .build();
  }

  private static Optional<ReleaseMark> mark(CborFields state, String key)
      throws MalformedException {
    Optional<CborFields> mark = optionalMap(state, key);
    return mark.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ReleaseMark(sequence(mark.get(), "sequence"), digest(mark.get(), "manifest")));
  }

  private static CborList denied(SortedSet<KeyId> denied) {
    return new CborList(denied.stream().<CborItem>map(id -> new CborText(id.toString())).toList());
  }

  private static SortedSet<KeyId> denied(CborFields fields) throws MalformedException {
    List<KeyId> denied = new ArrayList<>();
    for (CborItem id : fields.list("denied")) {
      denied.add(KeyId.ofHex(CborFields.expect(id, CborText.class, "key id").value()));
    }
    return new TreeSet<>(denied);
  }

  // Words and numbers.

  static CborFields map(CborFields fields, String key) throws MalformedException {
    return CborFields.of(fields.required(new CborText(key)), key);
  }

  private static Optional<CborFields> optionalMap(CborFields fields, String key)
      throws MalformedException {
    Optional<CborMap> map = fields.optional(new CborText(key), CborMap.class);
    return map.isEmpty() ? Optional.empty() : Optional.of(CborFields.of(map.get(), key));
  }

  static Bytes hex(CborFields fields, String key) throws MalformedException {
    return Bytes.ofHex(fields.text(key));
  }

  private static SuitDigest digest(CborFields fields, String key) throws MalformedException {
    return SuitDigest.sha256(hex(fields, key));
  }

  /// JSON's numbers are not wide enough, in many a reader, for all 64 bits.
  private static String number(SequenceNumber sequence) {
    return sequence.toString();
  }

  private static SequenceNumber sequence(String epochAndNumber) {
    int colon = epochAndNumber.indexOf(':');
    return new SequenceNumber(
        Long.parseLong(epochAndNumber.substring(0, colon)),
        Long.parseLong(epochAndNumber.substring(colon + 1)));
  }

  private static SequenceNumber sequence(CborFields fields, String key) throws MalformedException {
    return sequence(fields.text(key));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
