// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.StateRecords.Found;
import dev.sealift.permit.StateRecords.Place;
import dev.sealift.permit.TrustState.Staged;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.KeyId;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class StateRecordsTest {
  private static final World WORLD = new World();
  private static final Bytes ERASED = Bytes.filled(StateRecords.RECORD_BYTES, 0xff);

  private final TrustState fresh = TrustState.fresh(root(1));
  private final TrustState first = state(1, 5, 5);
  private final TrustState second = state(1, 6, 5);

  @Test
  void a_state_comes_back_from_its_record() {
    for (TrustState state : List.of(fresh, first, second, state(3, 0xffff_ffffL, 1))) {
      StateRecords.Write write = StateRecords.next(new Found.Blank(), state);
      assertThat(write.place()).isEqualTo(Place.FIRST);
      assertThat(StateRecords.read(padded(write.record()), ERASED))
          .isEqualTo(new Found.Current(state, 1, Place.FIRST));
      assertThat(write.record().size()).isLessThanOrEqualTo(StateRecords.RECORD_BYTES);
    }
  }

  @Test
  void records_are_written_in_turn_and_the_later_one_counts() {
    Bytes[] places = {ERASED, ERASED};
    List<Place> order = new ArrayList<>();
    for (TrustState state : List.of(fresh, first, second, second, state(2, 0, 0))) {
      StateRecords.Write write = StateRecords.next(StateRecords.read(places[0], places[1]), state);
      order.add(write.place());
      places[write.place() == Place.FIRST ? 0 : 1] = padded(write.record());
      assertThat(current(places)).isEqualTo(state);
    }
    assertThat(order)
        .containsExactly(Place.FIRST, Place.SECOND, Place.FIRST, Place.SECOND, Place.FIRST);
  }

  /// A life of a device: each step raises something else. The root is a small one, as each cut
  /// reads it again.
  private static List<TrustState> life() {
    CoseKeyPair key = CoseKeyPair.generate(CoseAlgorithm.ED25519, World.RANDOM);
    Root one =
        new Root(
            1,
            1,
            Map.of(Role.ROOT, new Root.Grant(1, List.of(0), Optional.empty())),
            List.of(key.publicKey()),
            List.of(Set.of(Role.ROOT)),
            WORLD.root.terms());
    Release release = WORLD.release();
    TrustState fresh = TrustState.fresh(one);
    AcceptedPermit permit = World.accepted(WORLD.signed(release, key), WORLD.facts, fresh);
    TrustState heard =
        fresh.hearing(WORLD.news(WORLD.fresh(7)), Set.of(WORLD.stranger.keyId())).orElseThrow();
    TrustState accepted = heard.accepted(permit);
    TrustState trying = accepted.trying(permit);
    TrustState second = trying.trusting(RootDraft.after(one).root());
    TrustState installed = second.installed(permit);
    TrustState epoch = installed.trusting(RootDraft.after(second.root()).epoch(2).root());
    return List.of(fresh, heard, accepted, trying, second, installed, epoch);
  }

  /// The write begins with an erase and may stop at any byte; flash may also have kept the bytes
  /// of the record that was there before. Whatever is found then, writing again succeeds.
  @Test
  void a_cut_at_any_byte_leaves_the_old_state_or_the_new_one() {
    Bytes[] places = {ERASED, ERASED};
    List<TrustState> life = life();
    for (int step = 0; step < life.size(); step++) {
      TrustState next = life.get(step);
      StateRecords.Write write = StateRecords.next(StateRecords.read(places[0], places[1]), next);
      int place = write.place() == Place.FIRST ? 0 : 1;
      for (int cut = 0; step > 0 && cut <= write.record().size(); cut++) {
        for (Bytes under : List.of(ERASED, places[place])) {
          Bytes[] after = places.clone();
          after[place] = write.record().first(cut).plus(under.from(cut));
          TrustState found = current(after);
          assertThat(found).as("step %d cut at %d", step, cut).isIn(life.get(step - 1), next);
          if (cut == write.record().size()) {
            assertThat(found).isEqualTo(next);
          }
        }
      }
      Bytes[] torn = places.clone();
      torn[place] = write.record().first(write.record().size() / 2).plus(ERASED);
      StateRecords.Write again = StateRecords.next(StateRecords.read(torn[0], torn[1]), next);
      assertThat(again).isEqualTo(write);
      places[place] = padded(write.record());
    }
  }

  @Test
  void nothing_and_nonsense_are_told_apart() {
    assertThat(StateRecords.read(ERASED, ERASED)).isEqualTo(new Found.Blank());
    assertThat(StateRecords.read(Bytes.filled(512, 0), ERASED)).isEqualTo(new Found.Blank());
    assertThat(StateRecords.read(Bytes.filled(512, 0x55), ERASED)).isEqualTo(new Found.Damaged());
    Bytes record = StateRecords.next(new Found.Blank(), first).record();
    for (int at = 0; at < record.size(); at++) {
      byte[] damaged = record.toArray();
      damaged[at] ^= 0x10;
      assertThat(StateRecords.read(ERASED, Bytes.owning(damaged))).isEqualTo(new Found.Damaged());
    }
  }

  @Test
  void a_lower_state_is_never_written() {
    Found current = new Found.Current(second, 7, Place.FIRST);
    TrustState otherManifest =
        state(
            1,
            second.known().map(mark -> new ReleaseMark(mark.sequence(), SuitDigest.of(ERASED))),
            second.installed());
    for (TrustState lower :
        List.of(first, fresh, TrustState.fresh(root(0)), state(1, 6, 4), otherManifest)) {
      assertThatIllegalStateException().isThrownBy(() -> StateRecords.next(current, lower));
    }
  }

  /// What beacons, operators and roots have said is not lost either, but for a higher epoch.
  @Test
  void what_was_heard_is_never_forgotten_but_for_a_higher_epoch() {
    TrustState rich =
        new TrustState(
            WORLD.managed,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(WORLD.news(WORLD.fresh(7))),
            World.NOW + 9,
            new TreeMap<>(Map.of(WORLD.deployment.bytes(), 4L)),
            new TreeSet<>(Set.of(WORLD.stranger.keyId())),
            Optional.empty());
    Found current = new Found.Current(rich, 7, Place.FIRST);
    TrustState bare = TrustState.fresh(WORLD.managed);
    for (TrustState lower :
        List.of(
            bare,
            heard(bare, WORLD.news(WORLD.fresh(8))),
            heard(rich, WORLD.news(WORLD.fresh(6))),
            with(rich, new TreeMap<>(Map.of(WORLD.deployment.bytes(), 3L)), rich.denied()),
            with(rich, rich.serials(), new TreeSet<>()))) {
      assertThatIllegalStateException().isThrownBy(() -> StateRecords.next(current, lower));
    }
    TrustState forgiving = rich.trusting(RootDraft.after(WORLD.managed).epoch(2).root());
    assertThat(forgiving.news()).isEmpty();
    assertThat(forgiving.serials()).isEmpty();
    assertThat(forgiving.denied()).isEmpty();
    assertThat(forgiving.timeFloor()).isEqualTo(World.NOW);
    assertThat(StateRecords.next(current, forgiving).place()).isEqualTo(Place.SECOND);
    assertThatIllegalStateException()
        .isThrownBy(() -> StateRecords.next(new Found.Current(forgiving, 8, Place.SECOND), rich));
  }

  private static TrustState heard(TrustState state, News news) {
    return new TrustState(
        state.root(),
        state.known(),
        state.installed(),
        state.staged(),
        Optional.of(news),
        state.timeFloor(),
        state.serials(),
        state.denied(),
        state.tries());
  }

  private static TrustState with(
      TrustState state, SortedMap<Bytes, Long> serials, SortedSet<KeyId> denied) {
    return new TrustState(
        state.root(),
        state.known(),
        state.installed(),
        state.staged(),
        state.news(),
        state.timeFloor(),
        serials,
        denied,
        state.tries());
  }

  @Test
  void a_firmware_may_bring_a_newer_root_but_no_older_one() {
    Root two = RootDraft.after(WORLD.root).root();
    TrustState state = TrustState.fresh(two);
    assertThat(WORLD.state.withProvisioned(two).root()).isEqualTo(two);
    assertThat(state.withProvisioned(WORLD.root)).isEqualTo(state);
    assertThat(
            TrustState.fresh(RootDraft.of(two).epoch(2).root())
                .withProvisioned(RootDraft.after(two).root())
                .root()
                .version())
        .isEqualTo(2);
  }

  @Test
  void time_only_goes_forward() {
    assertThat(WORLD.state.notBefore(World.NOW + 5).timeFloor()).isEqualTo(World.NOW + 5);
    assertThat(WORLD.state.notBefore(World.NOW + 5).notBefore(World.NOW))
        .isEqualTo(WORLD.state.notBefore(World.NOW + 5));
  }

  @Test
  void tries_are_counted_for_one_release() {
    AcceptedPermit five = WORLD.accepted();
    AcceptedPermit six = WORLD.accepted(WORLD.signed(WORLD.release(new SequenceNumber(1, 6))));
    TrustState twice = WORLD.state.accepted(five).trying(five).trying(five);
    assertThat(twice.tries().map(TrustState.Tries::count)).contains(2);
    assertThat(twice.accepted(five).tries().map(TrustState.Tries::count)).contains(2);
    assertThat(twice.dropped().tries()).isEqualTo(twice.tries());
    assertThat(twice.carrying(six).tries()).isEqualTo(twice.tries());
    assertThat(twice.accepted(six).tries()).isEmpty();
    assertThat(twice.trying(six).tries().map(TrustState.Tries::count)).contains(1);
    assertThat(twice.installed(five).tries()).isEmpty();
  }

  /// A record whose checksum is right may still say what no state says: it is none, and the other
  /// one counts.
  @Test
  void a_record_that_says_nonsense_is_none() throws MalformedException {
    Bytes good = StateRecords.next(new Found.Blank(), first).record();
    CborMap state = (CborMap) Cbor.strict(good.slice(10, good.size() - 4));
    CborItem bytes = new CborBytes(Bytes.ofInts(1));
    List<Map.Entry<Long, CborItem>> wrong =
        List.of(
            Map.entry(1L, bytes),
            Map.entry(2L, CborList.of()),
            Map.entry(2L, CborList.of(CborInt.of(-1), bytes)),
            Map.entry(2L, CborList.of(CborInt.of(1), bytes)),
            Map.entry(4L, CborList.of(new CborBytes(Bytes.filled(32, 1)), CborInt.of(2))),
            Map.entry(4L, CborList.of(bytes)),
            Map.entry(5L, CborMap.EMPTY),
            Map.entry(6L, CborInt.of(-1)),
            Map.entry(7L, CborMap.builder().put(bytes, bytes).build()),
            Map.entry(8L, CborList.of(bytes)),
            Map.entry(9L, CborList.of(bytes, CborInt.of(1))),
            Map.entry(10L, CborInt.of(1)));
    for (Map.Entry<Long, CborItem> field : wrong) {
      Map<CborItem, CborItem> entries = new LinkedHashMap<>(state.entries());
      entries.put(CborInt.of(field.getKey()), field.getValue());
      Bytes record = record(Cbor.deterministic(new CborMap(entries)));
      assertThat(StateRecords.read(record, ERASED)).as("%s", field).isEqualTo(new Found.Damaged());
      assertThat(StateRecords.read(record, good))
          .isEqualTo(new Found.Current(first, 1, Place.SECOND));
    }
  }

  private static Bytes record(Bytes payload) {
    Bytes checked =
        new ByteWriter(ByteOrder.LITTLE_ENDIAN)
            .bytes(Bytes.ofUtf8("SLTS"))
            .u32(99)
            .u16(payload.size())
            .bytes(payload)
            .toBytes();
    CRC32 crc = new CRC32();
    crc.update(checked.toBuffer());
    return new ByteWriter(ByteOrder.LITTLE_ENDIAN).bytes(checked).u32(crc.getValue()).toBytes();
  }

  /// All that a device can ever have to remember fits its record, at the width of the largest
  /// numbers.
  @Test
  void the_fullest_state_there_can_be_fits_a_record() {
    ReleaseMark mark =
        new ReleaseMark(
            new SequenceNumber(SequenceNumber.PART_MAX, SequenceNumber.PART_MAX),
            SuitDigest.of(Bytes.EMPTY));
    SortedMap<Bytes, Long> serials = new TreeMap<>();
    for (int i = 0; i < TrustState.SERIALS_MAX; i++) {
      serials.put(Bytes.filled(16, i), Long.MAX_VALUE);
    }
    SortedSet<KeyId> denied = new TreeSet<>();
    for (int i = 0; i < TrustState.DENIED_MAX; i++) {
      denied.add(new KeyId(Bytes.filled(KeyId.SIZE, i)));
    }
    TrustState full =
        new TrustState(
            largest(),
            Optional.of(mark),
            Optional.of(mark),
            Optional.of(new Staged(mark.manifest(), Staged.Purpose.CARRY)),
            Optional.of(
                new News(
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Optional.of(mark.sequence()),
                    Optional.of(Beacon.Standing.of(mark.sequence(), mark)),
                    Optional.of(Bytes.filled(Beacon.BYTES_MAX, 7)))),
            Long.MAX_VALUE,
            serials,
            denied,
            Optional.of(new TrustState.Tries(mark.manifest(), Integer.MAX_VALUE)));
    StateRecords.Write write = StateRecords.next(new Found.Blank(), full);
    assertThat(write.record().size()).isLessThanOrEqualTo(StateRecords.RECORD_BYTES);
    assertThat(StateRecords.read(padded(write.record()), ERASED))
        .isEqualTo(new Found.Current(full, 1, Place.FIRST));
  }

  /// A root of exactly as many bytes as a device takes.
  private static Root largest() {
    Root small = WORLD.managed;
    int missing =
        Root.BYTES_MAX - RootDraft.of(small).scope(Role.OPERATE, uri(300)).root().encode().size();
    Root large = RootDraft.of(small).scope(Role.OPERATE, uri(300 + missing)).root();
    assertThat(large.encode().size()).isEqualTo(Root.BYTES_MAX);
    return large;
  }

  private static Scope uri(int length) {
    return ScopeDraft.ANY.uris("x".repeat(length)).scope();
  }

  @Test
  void a_state_only_rises() {
    AcceptedPermit five = WORLD.accepted();
    AcceptedPermit six = WORLD.accepted(WORLD.signed(WORLD.release(new SequenceNumber(1, 6))));
    TrustState known = WORLD.state.accepted(six);
    assertThat(known.known()).contains(six.mark());
    assertThat(known.installed()).isEmpty();
    assertThat(known.staged()).contains(staged(six));
    assertThat(known.dropped().known()).contains(six.mark());
    assertThat(known.dropped().staged()).isEmpty();
    TrustState older = known.accepted(five);
    assertThat(older.known()).contains(six.mark());
    assertThat(older.staged()).contains(staged(five));
    TrustState installed = known.installed(six);
    assertThat(installed.installed()).contains(six.mark());
    assertThat(installed.installed(five).installed()).contains(six.mark());
    assertThat(installed.staged()).isEmpty();
  }

  private static TrustState state(long epoch, long known, long installed) {
    return state(epoch, Optional.of(mark(epoch, known)), Optional.of(mark(epoch, installed)));
  }

  private static TrustState state(
      long epoch, Optional<ReleaseMark> known, Optional<ReleaseMark> installed) {
    return new TrustState(
        root(epoch),
        known,
        installed,
        Optional.of(new Staged(SuitDigest.of(Bytes.EMPTY), Staged.Purpose.INSTALL)),
        Optional.empty(),
        World.NOW,
        new TreeMap<>(),
        new TreeSet<>(),
        Optional.empty());
  }

  /// The root changes with every epoch.
  private static Root root(long epoch) {
    return RootDraft.of(WORLD.root).version(1 + epoch).epoch(epoch).root();
  }

  private static Staged staged(AcceptedPermit permit) {
    return new Staged(permit.manifestDigest(), Staged.Purpose.INSTALL);
  }

  private static ReleaseMark mark(long epoch, long number) {
    return new ReleaseMark(
        new SequenceNumber(epoch, number), SuitDigest.of(Bytes.ofUtf8("manifest " + number)));
  }

  private static Bytes padded(Bytes record) {
    return record.plus(ERASED.from(record.size()));
  }

  private static TrustState current(Bytes[] places) {
    return switch (StateRecords.read(places[0], places[1])) {
      case Found.Current(var state, _, _) -> state;
      case Found.Blank _, Found.Damaged _ -> throw new AssertionError("no state");
    };
  }
}
