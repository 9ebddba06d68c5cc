// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.SmpHeader;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PacketAssemblerTest {
  private static final int MAX = 512;

  private final PacketAssembler assembler = new PacketAssembler(MAX);

  private static Bytes packet(int payload) {
    return new SmpHeader(1, 1, 0, payload, 1, 7, 1).write().plus(Bytes.filled(payload, 0x55));
  }

  @Property
  void packets_come_back_however_they_were_cut(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 504) Integer> payloads,
      @ForAll @IntRange(min = 1, max = 600) int piece) {
    Bytes stream = Bytes.EMPTY;
    List<Bytes> packets = new ArrayList<>();
    for (int payload : payloads) {
      packets.add(packet(payload));
      stream = stream.plus(packet(payload));
    }
    PacketAssembler fresh = new PacketAssembler(MAX);
    List<Bytes> arrived = new ArrayList<>();
    for (int at = 0; at < stream.size(); at += piece) {
      arrived.addAll(fresh.add(stream.slice(at, Math.min(stream.size(), at + piece))));
    }
    assertThat(arrived).isEqualTo(packets);
    assertThat(fresh.pending()).isZero();
  }

  @Property
  void noise_never_piles_up(@ForAll @Size(max = 40) List<@Size(max = 700) byte[]> pieces) {
    PacketAssembler fresh = new PacketAssembler(MAX);
    for (byte[] piece : pieces) {
      assertThat(fresh.add(Bytes.of(piece)))
          .allSatisfy(packet -> assertThat(packet.size()).isBetween(SmpHeader.SIZE, MAX));
      assertThat(fresh.pending()).isLessThan(MAX);
    }
  }

  @Test
  void a_packet_in_waiting_is_counted_and_can_be_forgotten() {
    assertThat(assembler.add(packet(100).first(30))).isEmpty();
    assertThat(assembler.pending()).isEqualTo(30);
    assembler.clear();
    assertThat(assembler.pending()).isZero();
    assertThat(assembler.add(packet(9))).containsExactly(packet(9));
  }

  @Test
  void what_cannot_be_a_header_is_dropped_with_its_piece() {
    for (Bytes nonsense :
        List.of(
            Bytes.ofUtf8("\r\n*** Booting Zephyr OS ***\r\n"),
            packet(0).first(1).plus(Bytes.ofHex("01000000000000")),
            Bytes.ofHex("2900000000000000").plus(packet(3)),
            packet(MAX - SmpHeader.SIZE + 1))) {
      assertThat(assembler.add(nonsense)).as(nonsense.toString()).isEmpty();
      assertThat(assembler.pending()).isZero();
      assertThat(assembler.add(packet(20))).containsExactly(packet(20));
    }
  }

  @Test
  void what_came_whole_before_the_nonsense_is_kept() {
    assertThat(assembler.add(packet(5).plus(Bytes.filled(40, 0xff)))).containsExactly(packet(5));
    assertThat(assembler.pending()).isZero();
  }

  @Test
  void the_largest_packet_fits_and_no_size_beyond_the_protocol_is_taken() {
    assertThat(assembler.add(packet(MAX - SmpHeader.SIZE))).hasSize(1);
    assertThatThrownBy(() -> new PacketAssembler(7)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PacketAssembler(0x1_0008))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
