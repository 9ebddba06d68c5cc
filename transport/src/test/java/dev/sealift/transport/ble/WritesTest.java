// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WritesTest {
  private record Case(int mtu, int wholeMax, int pieceMax) {}

  @Test
  void a_packet_of_many_writes_is_split_where_packets_on_the_air_end() {
    for (Case known :
        List.of(
            new Case(0, 20, 20),
            new Case(23, 20, 20),
            new Case(65, 62, 62),
            new Case(185, 182, 182),
            new Case(246, 243, 243),
            new Case(247, 244, 244),
            new Case(400, 397, 244),
            new Case(498, 495, 495),
            new Case(515, 512, 495),
            new Case(517, 512, 495),
            new Case(65_535, 512, 495))) {
      Writes writes = new Writes(known.mtu());
      assertThat(writes.wholeMax()).as("MTU %d", known.mtu()).isEqualTo(known.wholeMax());
      assertThat(writes.of(Bytes.filled(3000, 1)).getFirst().size())
          .as("MTU %d", known.mtu())
          .isEqualTo(known.pieceMax());
      assertThat(writes.of(Bytes.filled(known.wholeMax(), 1))).hasSize(1);
    }
  }

  @Property(tries = 200)
  void the_pieces_are_the_packet_and_none_is_too_large(
      @ForAll @IntRange(min = 23, max = 600) int mtu,
      @ForAll @IntRange(min = 1, max = 5000) int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) i;
    }
    Writes writes = new Writes(mtu);
    List<Bytes> pieces = writes.of(Bytes.owning(bytes));
    assertThat(Bytes.concat(pieces.toArray(Bytes[]::new))).isEqualTo(Bytes.owning(bytes));
    assertThat(pieces).allMatch(piece -> !piece.isEmpty() && piece.size() <= writes.wholeMax());
  }
}
