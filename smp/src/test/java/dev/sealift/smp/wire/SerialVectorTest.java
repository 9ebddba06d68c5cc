// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.wire.SerialConsole.Dialect;
import dev.sealift.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Recorded console lines: read as packets, and written again to the same bytes.
class SerialVectorTest {
  private record Recorded(String where, Bytes packet, Bytes wire) {
    boolean isWrittenBy(SerialConsole writer) {
      return Bytes.concat(writer.lines(packet).toArray(Bytes[]::new)).equals(wire);
    }

    int longestLine() {
      return 1 + wire.toUtf8().lines().mapToInt(String::length).max().orElseThrow();
    }
  }

  /// What one side of one session wrote.
  private record Voice(String name, List<Recorded> said) {
    /// Lines are as long as everywhere, or as the longest that was recorded.
    Optional<Dialect> writer() {
      int longest = said.stream().mapToInt(Recorded::longestLine).max().orElseThrow();
      return Stream.of(SerialConsole.LINE_MAX, Math.max(longest, SerialConsole.LINE_MAX))
          .flatMap(
              lineMax ->
                  Arrays.stream(Dialect.values())
                      .map(dialect -> new SerialConsole(dialect, lineMax)))
          .filter(writer -> said.stream().allMatch(one -> one.isWrittenBy(writer)))
          .map(SerialConsole::dialect)
          .findFirst();
    }
  }

  @Test
  void recorded_lines_are_read_and_each_side_writes_as_one_of_our_writers_does() throws Exception {
    int lines = 0;
    int packets = 0;
    Map<Dialect, Integer> writers = new EnumMap<>(Dialect.class);
    for (Voice voice : voices()) {
      SerialReader reader = new SerialReader(0xffff);
      for (Recorded one : voice.said) {
        assertThat(reader.add(one.wire)).as(one.where).containsExactly(one.packet);
        lines += (int) one.wire.toUtf8().lines().count();
        packets++;
      }
      Optional<Dialect> writer = voice.writer();
      assertThat(writer).as(voice.name + " writes as none of our writers does").isPresent();
      writers.merge(writer.get(), 1, Integer::sum);
    }
    assertThat(packets).isPositive();
    System.out.printf("serial vectors: %d packets in %d lines, byte for byte%n", packets, lines);
    writers.forEach((dialect, sides) -> System.out.printf("  %-12s %d sides%n", dialect, sides));
  }

  private static List<Voice> voices() throws IOException, MalformedException {
    Vectors vectors = Vectors.of("smp");
    List<Voice> voices = new ArrayList<>();
    try (Stream<Path> files = Files.list(vectors.folder())) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        CborFields session = CborFields.of(vectors.json(name), name);
        if (!session.text("transport").equals("serial")) {
          continue;
        }
        for (String side : List.of("request", "response")) {
          List<Recorded> said = new ArrayList<>();
          for (CborItem item : session.list("exchanges")) {
            CborFields one = CborFields.of(item, name);
            Optional<Bytes> wire = hex(one, side + "_wire");
            Optional<Bytes> packet = hex(one, side);
            if (wire.isPresent() && packet.isPresent()) {
              String where = name + ": " + one.text("name") + ", " + side;
              said.add(new Recorded(where, packet.get(), wire.get()));
            }
          }
          if (!said.isEmpty()) {
            voices.add(new Voice(name + ", " + side, said));
          }
        }
      }
    }
    return voices;
  }

  private static Optional<Bytes> hex(CborFields fields, String key) {
    return fields
        .item(new CborText(key))
        .filter(CborText.class::isInstance)
        .map(item -> Bytes.ofHex(((CborText) item).value()));
  }
}
