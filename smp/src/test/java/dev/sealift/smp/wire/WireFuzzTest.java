// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.SmpHeader;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class WireFuzzTest {
  private static final int MAX = 600;

  @Test
  void any_bytes_on_a_console_are_passed_over_or_are_whole_packets() {
    assertThat(Fuzzing.fuzz(ConsoleTarget.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  @Test
  void any_pieces_are_dropped_or_are_whole_packets() {
    assertThat(Fuzzing.fuzz(PiecesTarget.class, Duration.ofSeconds(15))).isGreaterThan(10_000);
  }

  private static void check(List<Bytes> packets) {
    for (Bytes packet : packets) {
      int told = packet.at(2) << 8 | packet.at(3);
      if (packet.size() > MAX || packet.size() != SmpHeader.SIZE + told) {
        throw new AssertionError("no whole packet: " + packet);
      }
    }
  }

  /// Every other run is given a beginning, which a fuzzer hardly finds by itself.
  public static final class ConsoleTarget {
    private ConsoleTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes all = Bytes.of(data);
      SerialReader reader = new SerialReader(MAX);
      check(reader.add(all));
      reader.add(SerialConsole.FIRST);
      check(reader.add(all));
      // Whatever it was, the next packet is found.
      Bytes next = new SmpHeader(1, 1, 0, 0, 0, 0, 0).write();
      List<Bytes> found =
          reader.add(Bytes.ofHex("0a").plus(SerialConsole.PLAIN.lines(next).getFirst()));
      if (!found.contains(next)) {
        throw new AssertionError("the next packet was lost");
      }
    }
  }

  public static final class PiecesTarget {
    private PiecesTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes all = Bytes.of(data);
      PacketAssembler assembler = new PacketAssembler(MAX);
      int cut = all.isEmpty() ? 0 : Math.min(all.at(0), all.size());
      check(assembler.add(all.first(cut)));
      check(assembler.add(all.from(cut)));
      if (assembler.pending() >= MAX) {
        throw new AssertionError("pending " + assembler.pending());
      }
    }
  }
}
