// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.KeyId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BeaconTest {
  private static final World WORLD = new World();
  private static final Beacon GOOD = WORLD.beacon(7);
  private static final Bytes NONCE = Bytes.filled(Beacon.NONCE_BYTES, 1);

  @Test
  void a_beacon_comes_back_with_all_it_says() throws MalformedException {
    KeyId denied = WORLD.stranger.keyId();
    for (Beacon beacon :
        List.of(
            GOOD,
            GOOD.answering(NONCE),
            BeaconDraft.of(GOOD).standings(Map.of()).beacon(),
            BeaconDraft.of(GOOD).denying(Collections.nCopies(32, denied)).beacon(),
            BeaconDraft.of(GOOD).number(Long.MAX_VALUE).time(Long.MAX_VALUE).beacon())) {
      assertThat(Beacon.decode(beacon.encode())).isEqualTo(beacon);
    }
    Signed<Beacon> signed = WORLD.fresh(7);
    assertThat(Signed.decode(signed.encode(), Beacon::decode)).isEqualTo(signed);
  }

  @Test
  void it_says_where_a_class_stands_and_nothing_of_others() {
    assertThat(GOOD.standing(WORLD.deviceClass).map(Beacon.Standing::floor))
        .contains(new SequenceNumber(1, 3));
    assertThat(GOOD.standing(ClassId.of(WORLD.vendor, "kettle"))).isEmpty();
  }

  @Test
  void an_end_beyond_all_time_is_no_overflow() {
    assertThat(GOOD.end()).isEqualTo(GOOD.time() + GOOD.lifetime());
    Beacon forever = BeaconDraft.of(GOOD).lifetime(Long.MAX_VALUE).beacon();
    assertThat(forever.end()).isEqualTo(Long.MAX_VALUE);
    assertThat(WORLD.news(World.sign(forever)).end()).isEqualTo(Long.MAX_VALUE);
  }

  /// An answer is for one device: nobody else gets anything from it.
  @Test
  void what_is_kept_for_others_is_no_answer() {
    Signed<Beacon> beacon = WORLD.fresh(7);
    assertThat(WORLD.news(beacon).signed()).contains(beacon.encode());
    assertThat(WORLD.news(World.sign(GOOD.answering(NONCE), WORLD.freshnessKey)).signed())
        .isEmpty();
  }

  @Test
  void a_floor_only_rises_with_what_is_heard() {
    SequenceNumber five = new SequenceNumber(1, 5);
    News high = floor(five);
    assertThat(high.notBelow(Optional.empty()).floor()).contains(five);
    assertThat(high.notBelow(Optional.of(new SequenceNumber(1, 4))).floor()).contains(five);
    assertThat(high.notBelow(Optional.of(new SequenceNumber(1, 6))).floor())
        .contains(new SequenceNumber(1, 6));
    News silent = WORLD.news(World.sign(BeaconDraft.of(GOOD).standings(Map.of()).beacon()));
    assertThat(silent.floor()).isEmpty();
    assertThat(silent.notBelow(Optional.of(five)).floor()).contains(five);
    assertThat(
            WORLD
                .state
                .hearing(high, Set.of())
                .flatMap(state -> state.hearing(silent, Set.of()))
                .flatMap(TrustState::news)
                .flatMap(News::floor))
        .contains(five);
  }

  private static News floor(SequenceNumber floor) {
    return WORLD.news(
        World.sign(
            BeaconDraft.of(GOOD)
                .standings(
                    Map.of(
                        WORLD.deviceClass.tag(),
                        Beacon.Standing.of(
                            floor, new ReleaseMark(floor, SuitDigest.of(Bytes.EMPTY)))))
                .beacon()));
  }

  @Test
  void a_beacon_that_makes_no_sense_cannot_be_written_down() {
    SequenceNumber one = new SequenceNumber(1, 1);
    SequenceNumber two = new SequenceNumber(1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Beacon.Standing.of(two, new ReleaseMark(one, SuitDigest.of(NONCE))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Beacon.Standing(one, two, Bytes.filled(7, 1)));
    BeaconDraft draft = BeaconDraft.of(GOOD);
    assertThatIllegalArgumentException().isThrownBy(() -> draft.number(0));
    assertThatIllegalArgumentException().isThrownBy(() -> draft.number(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> draft.time(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> draft.lifetime(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> draft.rootVersion(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> GOOD.answering(Bytes.filled(15, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> draft.denying(Collections.nCopies(33, WORLD.stranger.keyId())));
    Map<Bytes, Beacon.Standing> many = new TreeMap<>();
    IntStream.rangeClosed(0, Beacon.CLASSES_MAX)
        .forEach(
            i ->
                many.put(
                    Bytes.filled(ClassId.TAG_BYTES, i),
                    new Beacon.Standing(one, two, Bytes.filled(8, 1))));
    assertThatIllegalArgumentException().isThrownBy(() -> draft.standings(many));
  }

  @Test
  void bytes_that_are_no_beacon_are_refused() throws MalformedException {
    CborInt one = CborInt.of(1);
    CborInt below = CborInt.of(-1);
    CborItem tag = new CborBytes(WORLD.deviceClass.tag());
    CborItem prefix = new CborBytes(Bytes.filled(8, 1));
    List<Map.Entry<Integer, CborItem>> wrong =
        List.of(
            Map.entry(1, CborInt.of(0)),
            Map.entry(1, below),
            Map.entry(1, new CborInt(java.math.BigInteger.TWO.pow(63))),
            Map.entry(2, below),
            Map.entry(3, below),
            Map.entry(4, one),
            Map.entry(4, standing(new CborBytes(Bytes.ofInts(1)), CborList.of(one, one, prefix))),
            Map.entry(4, standing(one, CborList.of(one, one, prefix))),
            Map.entry(4, standing(tag, CborList.of(one, one))),
            Map.entry(4, standing(tag, CborList.of(CborInt.of(2), one, prefix))),
            Map.entry(4, standing(tag, CborList.of(below, one, prefix))),
            Map.entry(4, standing(tag, CborList.of(one, one, one))),
            Map.entry(4, standing(tag, CborList.of(one, one, new CborBytes(Bytes.EMPTY)))),
            Map.entry(5, below),
            Map.entry(6, new CborBytes(Bytes.filled(15, 1))),
            Map.entry(6, one),
            Map.entry(7, CborList.of()),
            Map.entry(7, CborList.of(one)),
            Map.entry(7, CborList.of(new CborBytes(Bytes.filled(7, 1)))),
            Map.entry(7, new CborList(Collections.nCopies(33, prefix))),
            Map.entry(8, one));
    Map<CborItem, CborItem> good = ((CborMap) Cbor.strict(GOOD.encode())).entries();
    for (Map.Entry<Integer, CborItem> field : wrong) {
      Map<CborItem, CborItem> entries = new LinkedHashMap<>(good);
      entries.put(CborInt.of(field.getKey()), field.getValue());
      Bytes bytes = Cbor.deterministic(new CborMap(entries));
      assertThatExceptionOfType(MalformedException.class)
          .as("%s", field)
          .isThrownBy(() -> Beacon.decode(bytes));
    }
  }

  private static CborMap standing(CborItem tag, CborItem parts) {
    return CborMap.builder().put(tag, parts).build();
  }
}
