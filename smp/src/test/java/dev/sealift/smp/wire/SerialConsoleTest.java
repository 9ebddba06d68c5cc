// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.wire.SerialConsole.Dialect;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SerialConsoleTest {
  private static final int MAX = 2048;

  private static Bytes packet(int size) {
    byte[] noise = new byte[size - SmpHeader.SIZE];
    new SplittableRandom(size).nextBytes(noise);
    return new SmpHeader(1, 1, 0, noise.length, 1, size & 0xff, 1)
        .write()
        .plus(Bytes.owning(noise));
  }

  private static Bytes wire(Dialect dialect, Bytes packet) {
    return Bytes.concat(
        new SerialConsole(dialect, SerialConsole.LINE_MAX).lines(packet).toArray(Bytes[]::new));
  }

  private static List<Bytes> read(Bytes... pieces) {
    return new SerialReader(MAX).add(Bytes.concat(pieces));
  }

  @Test
  void packets_of_every_size_and_writer_come_back() {
    for (Dialect dialect : Dialect.values()) {
      SerialReader reader = new SerialReader(MAX);
      for (int size = SmpHeader.SIZE; size <= 800; size++) {
        assertThat(reader.add(wire(dialect, packet(size))))
            .as("%s, %d bytes", dialect, size)
            .containsExactly(packet(size));
      }
    }
  }

  @Test
  void lines_have_at_most_127_bytes() {
    for (int size = SmpHeader.SIZE; size <= 800; size++) {
      for (Dialect dialect : List.of(Dialect.PLAIN, Dialect.ZEPHYR)) {
        assertThat(new SerialConsole(dialect, SerialConsole.LINE_MAX).lines(packet(size)))
            .allSatisfy(line -> assertThat(line.size()).isLessThanOrEqualTo(127));
      }
    }
  }

  @Property(tries = 200)
  void packets_come_back_however_the_line_was_cut_and_however_long_it_is(
      @ForAll @IntRange(min = 8, max = MAX) int size,
      @ForAll @IntRange(min = 1, max = 300) int piece,
      @ForAll @IntRange(min = 11, max = 512) int lineMax) {
    Bytes wire =
        Bytes.concat(
            new SerialConsole(Dialect.PLAIN, lineMax).lines(packet(size)).toArray(Bytes[]::new));
    SerialReader reader = new SerialReader(MAX);
    List<Bytes> arrived = new java.util.ArrayList<>();
    for (int at = 0; at < wire.size(); at += piece) {
      arrived.addAll(reader.add(wire.slice(at, Math.min(wire.size(), at + piece))));
    }
    assertThat(arrived).containsExactly(packet(size));
  }

  @Property(tries = 300)
  void damage_is_dropped_or_does_no_damage(
      @ForAll @IntRange(min = 8, max = 600) int size,
      @ForAll @IntRange(min = 0, max = 5000) int where,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    Bytes wire = wire(Dialect.PLAIN, packet(size));
    byte[] damaged = wire.toArray();
    damaged[where % damaged.length] ^= (byte) flip;
    SerialReader reader = new SerialReader(MAX);
    assertThat(reader.add(Bytes.owning(damaged)))
        .allSatisfy(packet -> assertThat(packet).isEqualTo(packet(size)));
    assertThat(reader.add(wire(Dialect.PLAIN, packet(50)))).contains(packet(50));
  }

  @Property(tries = 200)
  void noise_neither_breaks_nor_fills_it(
      @ForAll @Size(max = 20) List<@Size(max = 900) byte[]> all) {
    SerialReader reader = new SerialReader(MAX);
    all.forEach(noise -> reader.add(Bytes.of(noise)));
    assertThat(reader.add(Bytes.ofHex("0a").plus(wire(Dialect.PLAIN, packet(200)))))
        .contains(packet(200));
  }

  // The traps of the reference, one by one.

  @Test
  void a_length_that_leaves_the_crc_out_is_taken() {
    Bytes wire = wire(Dialect.ZEPHYR_1_14, packet(60));
    assertThat(wire).isNotEqualTo(wire(Dialect.PLAIN, packet(60)));
    assertThat(read(wire)).containsExactly(packet(60));
  }

  @Test
  void a_missing_crc_is_taken_where_the_packet_ends_with_its_line() {
    for (int size : List.of(91, 91 + 93, 91 + 2 * 93)) {
      List<Bytes> lines =
          new SerialConsole(Dialect.ZEPHYR_1_14, SerialConsole.LINE_MAX).lines(packet(size));
      assertThat(lines).allSatisfy(line -> assertThat(line.size()).isEqualTo(127));
      assertThat(read(lines.toArray(Bytes[]::new))).containsExactly(packet(size));
    }
  }

  @Test
  void a_missing_crc_is_refused_everywhere_else() {
    for (int size : List.of(30, 90, 92, 183, 185)) {
      Bytes stream = SerialConsole.u16(size).plus(packet(size));
      assertThat(read(asOneLine(stream))).as("%d bytes", size).isEmpty();
    }
    // A length that counts the CRC promises one, whatever the packet's size.
    assertThat(read(asOneLine(SerialConsole.u16(93).plus(packet(91))))).isEmpty();
  }

  private static Bytes asOneLine(Bytes stream) {
    return Bytes.concat(
        SerialConsole.FIRST,
        Bytes.owning(java.util.Base64.getEncoder().encode(stream.toArray())),
        Bytes.ofHex("0a"));
  }

  @Test
  void a_line_of_131_bytes_is_read() {
    for (int size : List.of(90, 90 + 93)) {
      List<Bytes> lines =
          new SerialConsole(Dialect.ZEPHYR_1_14, SerialConsole.LINE_MAX).lines(packet(size));
      assertThat(lines.getLast().size()).isEqualTo(131);
      assertThat(read(lines.toArray(Bytes[]::new))).containsExactly(packet(size));
    }
  }

  @Test
  void a_line_that_is_padded_in_the_middle_of_a_packet_is_read() {
    Bytes packet = packet(100);
    Bytes stream =
        Bytes.concat(SerialConsole.u16(102), packet, SerialConsole.u16(SerialConsole.crc(packet)));
    java.util.Base64.Encoder base64 = java.util.Base64.getEncoder();
    for (int cut = 10; cut < 104; cut++) {
      Bytes wire =
          Bytes.concat(
              SerialConsole.FIRST,
              Bytes.owning(base64.encode(stream.first(cut).toArray())),
              Bytes.ofHex("0a"),
              SerialConsole.FURTHER,
              Bytes.owning(base64.encode(stream.from(cut).toArray())),
              Bytes.ofHex("0a"));
      assertThat(read(wire)).as("cut at %d", cut).containsExactly(packet);
    }
  }

  @Test
  void other_text_on_the_line_is_passed_over() {
    Bytes prompt = Bytes.ofUtf8("uart:~$ ");
    Bytes log = Bytes.ofUtf8("[00:00:01.250,000] \u001b[1;33m<wrn> app: low\u001b[0m\r\n");
    List<Bytes> lines = SerialConsole.PLAIN.lines(packet(300));
    Bytes[] mixed = {
      log, prompt, lines.get(0), log, lines.get(1), prompt, lines.get(2), log, lines.get(3), log
    };
    assertThat(read(mixed)).containsExactly(packet(300));
    Bytes line = SerialConsole.PLAIN.lines(packet(20)).getFirst();
    Bytes withMore = line.first(line.size() - 1).plus(Bytes.ofUtf8(" <inf> more\r\n"));
    assertThat(read(withMore)).containsExactly(packet(20));
    assertThat(read(line.first(line.size() - 1).plus(Bytes.ofUtf8("\r\n"))))
        .containsExactly(packet(20));
  }

  @Test
  void a_line_that_was_lost_costs_its_packet_and_no_other() {
    List<Bytes> lines = SerialConsole.PLAIN.lines(packet(300));
    for (int lost = 0; lost < lines.size(); lost++) {
      List<Bytes> rest = new java.util.ArrayList<>(lines);
      rest.remove(lost);
      SerialReader reader = new SerialReader(MAX);
      assertThat(reader.add(Bytes.concat(rest.toArray(Bytes[]::new)))).isEmpty();
      assertThat(reader.add(wire(Dialect.PLAIN, packet(40)))).containsExactly(packet(40));
    }
  }

  @Test
  void a_line_cut_short_by_the_next_costs_its_packet_and_no_other() {
    Bytes cut = SerialConsole.PLAIN.lines(packet(60)).getFirst().first(40);
    assertThat(read(cut, wire(Dialect.PLAIN, packet(61)))).containsExactly(packet(61));
  }

  @Test
  void longer_lines_are_written_where_the_server_takes_them() {
    List<Bytes> lines = new SerialConsole(Dialect.PLAIN, 512).lines(packet(380));
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().size()).isBetween(508, 512);
    assertThat(read(lines.toArray(Bytes[]::new))).containsExactly(packet(380));
  }

  @Test
  void a_line_without_end_and_a_packet_too_large_are_dropped() {
    SerialReader reader = new SerialReader(MAX);
    for (int i = 0; i < 100; i++) {
      assertThat(reader.add(SerialConsole.FIRST.plus(Bytes.filled(9000, 'A')))).isEmpty();
    }
    assertThat(reader.add(wire(Dialect.PLAIN, packet(MAX)))).containsExactly(packet(MAX));
    assertThat(new SerialReader(99).add(wire(Dialect.PLAIN, packet(100)))).isEmpty();
    assertThat(new SerialReader(100).add(wire(Dialect.PLAIN, packet(100)))).hasSize(1);
  }

  @Test
  void what_is_cleared_is_forgotten() {
    List<Bytes> lines = SerialConsole.PLAIN.lines(packet(120));
    SerialReader reader = new SerialReader(MAX);
    reader.add(lines.getFirst());
    reader.clear();
    assertThat(reader.add(lines.getLast())).isEmpty();
  }

  @Test
  void no_packet_and_no_line_beyond_the_format_is_made() {
    assertThatThrownBy(() -> SerialConsole.PLAIN.lines(Bytes.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SerialConsole.PLAIN.lines(Bytes.filled(0xfffe, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SerialConsole(Dialect.PLAIN, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SerialReader(7)).isInstanceOf(IllegalArgumentException.class);
  }
}
