// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.StateRecords.Found;
import dev.sealift.permit.StateRecords.Place;
import dev.sealift.suit.SuitDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateRecordsTest {
  private static final Bytes ERASED = Bytes.filled(StateRecords.RECORD_BYTES, 0xff);

  private final TrustState fresh = TrustState.fresh(1);
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

  /// The write begins with an erase and may stop at any byte; flash may also have kept the bytes
  /// of the record that was there before.
  @Test
  void a_cut_at_any_byte_leaves_the_old_state_or_the_new_one() {
    Bytes[] before = {ERASED, ERASED};
    for (TrustState state : List.of(fresh, first)) {
      StateRecords.Write write = StateRecords.next(StateRecords.read(before[0], before[1]), state);
      before[write.place() == Place.FIRST ? 0 : 1] = padded(write.record());
    }
    StateRecords.Write write = StateRecords.next(StateRecords.read(before[0], before[1]), second);
    int place = write.place() == Place.FIRST ? 0 : 1;
    for (int cut = 0; cut <= write.record().size(); cut++) {
      for (Bytes under : List.of(ERASED, before[place])) {
        Bytes[] after = before.clone();
        after[place] = write.record().first(cut).plus(under.from(cut));
        TrustState found = current(after);
        assertThat(found).as("cut at %d", cut).isIn(first, second);
        if (cut == write.record().size()) {
          assertThat(found).isEqualTo(second);
        }
      }
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
        new TrustState(
            1,
            second.known().map(mark -> new ReleaseMark(mark.sequence(), SuitDigest.of(ERASED))),
            second.installed(),
            Optional.empty());
    for (TrustState lower :
        List.of(first, fresh, TrustState.fresh(0), state(1, 6, 4), otherManifest)) {
      assertThatIllegalStateException().isThrownBy(() -> StateRecords.next(current, lower));
    }
  }

  @Test
  void a_state_only_rises() {
    World world = new World();
    AcceptedPermit five = world.accepted();
    AcceptedPermit six = world.accepted(world.signed(world.release(new SequenceNumber(1, 6))));
    TrustState known = world.state.accepted(six);
    assertThat(known.known()).contains(six.mark());
    assertThat(known.installed()).isEmpty();
    assertThat(known.staged()).contains(six.manifestDigest());
    assertThat(known.dropped().known()).contains(six.mark());
    assertThat(known.dropped().staged()).isEmpty();
    TrustState older = known.accepted(five);
    assertThat(older.known()).contains(six.mark());
    assertThat(older.staged()).contains(five.manifestDigest());
    TrustState installed = known.installed(six);
    assertThat(installed.installed()).contains(six.mark());
    assertThat(installed.installed(five).installed()).contains(six.mark());
    assertThat(installed.staged()).isEmpty();
  }

  private static TrustState state(long epoch, long known, long installed) {
    return new TrustState(
        epoch,
        Optional.of(mark(epoch, known)),
        Optional.of(mark(epoch, installed)),
        Optional.of(SuitDigest.of(Bytes.EMPTY)));
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
