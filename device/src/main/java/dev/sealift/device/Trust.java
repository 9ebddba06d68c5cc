// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Mode;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.Checks;
import dev.sealift.permit.Clock;
import dev.sealift.permit.Decision;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.permit.News;
import dev.sealift.permit.PermitCheck;
import dev.sealift.permit.Place;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.SessionCheck;
import dev.sealift.permit.StateRecords;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.Verdict;
import dev.sealift.suit.SuitDigest;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/// What a device believes and remembers: it asks `permit` with all it knows of itself and of the
/// time, and keeps what it learns before it acts on it.
final class Trust {
  private final DeviceSetup setup;
  private final List<Slots> images;
  private final Checks checks;
  private final TrustStore store;
  private final Nonces nonces;
  private final Uptime uptime;
  private final IntConsumer verified;

  private TrustState state;
  /// What was known when this run began; since then its ticks have passed as well.
  private final long floorAtStart;

  private Optional<Said> heard = Optional.empty();
  private Optional<Said> proven = Optional.empty();

  /// A time that somebody said, in seconds since 1970, and when.
  private record Said(long time, Duration at) {}

  /// Reads what earlier runs remembered. A damaged store is a device without state: it starts from
  /// the root it was made with and from what the running image says of itself. `verified` is told
  /// of every signature that was verified.
  Trust(
      DeviceSetup setup,
      Root root,
      List<Slots> images,
      Checks checks,
      Nonces nonces,
      Uptime uptime,
      IntConsumer verified) {
    this.setup = setup;
    this.images = List.copyOf(images);
    this.checks = checks;
    this.nonces = nonces;
    this.uptime = uptime;
    this.verified = verified;
    this.store = new TrustStore(images.getFirst().flash(), setup.storage());
    this.state =
        switch (store.state()) {
          case StateRecords.Found.Current(var current, _, _) -> current.withProvisioned(root);
          case StateRecords.Found.Blank _, StateRecords.Found.Damaged _ -> TrustState.fresh(root);
        };
    this.floorAtStart = state.timeFloor();
  }

  TrustState state() {
    return state;
  }

  Root root() {
    return state.root();
  }

  /// Written before anything follows from it.
  void keep(TrustState next) {
    if (!next.equals(state)) {
      store.write(next);
      state = next;
    }
  }

  // Bundles.

  Optional<Verdict.Refuse> misfit(Bytes bundle) {
    return PermitCheck.misfit(bundle, facts(free()), state, checks);
  }

  /// Judges a bundle that was brought, and keeps what it teaches.
  Decision decide(Bytes bundle) {
    Decision decision = PermitCheck.decide(bundle, facts(free()), state, checks);
    verified.accept(decision.verifications());
    note(decision);
    return decision;
  }

  private void note(Decision decision) {
    Optional<News> before = state.news();
    Optional<News> after = decision.state().news();
    Duration now = uptime.now();
    if (after.isPresent() && !after.equals(before)) {
      // Of a higher number and an earlier time: time never goes back.
      long latest = Math.max(after.get().time(), heard.map(this::now).orElse(0L));
      heard = Optional.of(new Said(latest, now));
    }
    if (decision.answered().isPresent()) {
      nonces.use(decision.answered().get());
      proven = after.map(news -> new Said(news.time(), now));
    }
    keep(decision.state());
  }

  SessionCheck.Answer decideSession(Bytes message) {
    SessionCheck.Answer answer = SessionCheck.decide(message, facts(free()), state, checks);
    verified.accept(answer.verifications());
    if (answer instanceof SessionCheck.Answer.Granted granted) {
      nonces.use(granted.session().nonce());
    }
    return answer;
  }

  Optional<Verdict.Refuse> sessionMisfit(Bytes message) {
    return SessionCheck.misfit(message, facts(free()), checks);
  }

  void store(TrustStore.Shelf shelf, AcceptedPermit permit) {
    if (store.bundle(shelf).filter(permit.bundle()::equals).isEmpty()) {
      store.write(shelf, permit.bundle());
    }
  }

  /// The stored bundle, judged anew (T04), if it is the one that the state names. Where the free
  /// slot is another one than when it came, its own slot is in use now.
  Optional<AcceptedPermit> stored(TrustStore.Shelf shelf, SuitDigest named) {
    Optional<Bytes> bundle = store.bundle(shelf);
    for (Map<Place, DeviceFacts.Room> places : List.of(free(), all())) {
      Optional<AcceptedPermit> permit =
          bundle.map(bytes -> decideAgain(bytes, places)).flatMap(Trust::accepted);
      if (permit.filter(found -> found.manifestDigest().equals(named)).isPresent()) {
        return permit;
      }
    }
    return Optional.empty();
  }

  private Verdict decideAgain(Bytes bundle, Map<Place, DeviceFacts.Room> places) {
    Decision decision = PermitCheck.decideAgain(bundle, facts(places), state, checks);
    verified.accept(decision.verifications());
    return decision.verdict();
  }

  /// What this device would say of a permit now that it may know more than when it accepted it.
  Optional<Verdict.Refuse> refusesNow(AcceptedPermit permit) {
    return decideAgain(permit.bundle(), free()) instanceof Verdict.Refuse refuse
        ? Optional.of(refuse)
        : Optional.empty();
  }

  private static Optional<AcceptedPermit> accepted(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Install(var permit) -> Optional.of(permit);
      case Verdict.Carry(var permit, _) -> Optional.of(permit);
      case Verdict.Refuse _ -> Optional.empty();
    };
  }

  // What the device knows.

  private DeviceFacts facts(Map<Place, DeviceFacts.Room> places) {
    Slots own = images.getFirst();
    Optional<Image> running = own.image(own.running());
    Optional<SequenceNumber> sequence =
        running
            .filter(image -> image.sequence().isPresent())
            .map(image -> SequenceNumber.of(BigInteger.valueOf(image.sequence().getAsLong())));
    return new DeviceFacts(
        setup.identity(),
        new TreeMap<>(places),
        sequence,
        DeviceFacts.Limits.USUAL,
        clock(),
        nonces.known(uptime.now()),
        setup.carrying());
  }

  /// Where an update may go.
  private SortedMap<Place, DeviceFacts.Room> free() {
    SortedMap<Place, DeviceFacts.Room> places = new TreeMap<>();
    for (Slots slots : images) {
      slots.target().ifPresent(target -> places.put(place(slots, target), room(slots)));
    }
    return places;
  }

  private SortedMap<Place, DeviceFacts.Room> all() {
    SortedMap<Place, DeviceFacts.Room> places = new TreeMap<>();
    for (Slots slots : images) {
      for (Slot slot : Slot.values()) {
        places.put(place(slots, slot), room(slots));
      }
    }
    return places;
  }

  /// In a mode that runs images where they lie, a place is one slot; else it is the image.
  static Place place(Slots slots, Slot slot) {
    return slots.config().mode() instanceof Mode.DirectXip
        ? Place.ofSlot(slots.image(), slot == Slot.PRIMARY ? 0 : 1)
        : Place.ofImage(slots.image());
  }

  private static DeviceFacts.Room room(Slots slots) {
    return new DeviceFacts.Room(slots.imageSizeMax(), slots.flash().securityCounter().value());
  }

  Clock clock() {
    long floor = Math.max(state.timeFloor(), floorAtStart + uptime.now().toSeconds());
    return new Clock(floor, heard.map(this::now), proven.map(this::now));
  }

  private long now(Said said) {
    return said.time() + uptime.since(said.at()).toSeconds();
  }

  /// Whether what was heard last is no news any more, as far as this device can tell (T18).
  boolean isStale() {
    return state.news().filter(news -> clock().atLeast() > news.end()).isPresent();
  }

  /// How often a release may still be started unconfirmed.
  int triesLeft(SuitDigest release) {
    int tried =
        state
            .tries()
            .filter(tries -> tries.manifest().equals(release))
            .map(TrustState.Tries::count)
            .orElse(0);
    return Math.max(0, root().terms().tries() - tried);
  }

  /// Somebody has proved to this device, since it started, what time it is.
  boolean hadContact() {
    return proven.isPresent();
  }

  /// A server's time over a link that it trusts.
  void serverTime(long time) {
    proven = Optional.of(new Said(time, uptime.now()));
    keep(state.notBefore(time));
  }
}
