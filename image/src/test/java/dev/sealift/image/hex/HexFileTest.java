// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HexFileTest {
  private static final String END = ":00000001FF\n";
  private static final String LIKELY = "0123456789abcdefABCDEF:\r\n \tgG;";

  /// Dense enough that segments touch, and around the places where records must break.
  @Provide
  static Arbitrary<HexFile> files() {
    Arbitrary<Long> bases =
        Arbitraries.of(0L, 0xffe0L, 0x1_0000L, 0x0c00_0000L, 0x1000_fff0L, 0xffff_fe00L);
    Arbitrary<List<Integer>> sizes = Arbitraries.integers().between(1, 50).list().ofMaxSize(7);
    Arbitrary<List<Integer>> gaps = Arbitraries.integers().between(0, 20).list().ofSize(8);
    Arbitrary<Optional<StartAddress>> starts =
        Arbitraries.of(
            Optional.empty(),
            Optional.of(new StartAddress.Linear(0x0001_c3d5L)),
            Optional.of(new StartAddress.Segmented(0x1234, 0xfffe)));
    return Combinators.combine(bases, sizes, gaps, starts, Arbitraries.longs())
        .as(
            (base, counts, between, start, seed) -> {
              Random dice = new Random(seed);
              List<Segment> parts = new ArrayList<>();
              long at = base;
              for (int i = 0; i <= counts.size(); i++) {
                byte[] data = new byte[i == counts.size() ? 3 : counts.get(i)];
                dice.nextBytes(data);
                parts.add(new Segment(at, Bytes.owning(data)));
                at += data.length + between.get(i);
              }
              Collections.shuffle(parts, dice);
              return HexFile.of(parts, start);
            });
  }

  private static HexFile read(String text) throws MalformedException {
    return HexFile.read(Bytes.ofUtf8(text));
  }

  private static String record(String digits) {
    Bytes bytes = Bytes.ofHex(digits);
    int sum = 0;
    for (int i = 0; i < bytes.size(); i++) {
      sum += bytes.at(i);
    }
    return ":%s%02X\n".formatted(digits, -sum & 0xff);
  }

  @Property
  void what_is_written_is_read_as_the_same_file(@ForAll("files") HexFile file)
      throws MalformedException {
    Bytes text = file.write();
    assertThat(HexFile.read(text)).isEqualTo(file);
    assertThat(HexFile.read(text).write()).isEqualTo(text);
  }

  @Property
  void line_ends_case_empty_lines_and_the_order_of_records_do_not_matter(
      @ForAll("files") HexFile file, @ForAll Random dice) throws MalformedException {
    String text = file.write().toUtf8();
    assertThat(read(text.replace("\n", "\r\n"))).isEqualTo(file);
    assertThat(read(text.toLowerCase(Locale.ROOT))).isEqualTo(file);
    assertThat(read("\n" + text.replace("\n", "\n\r\n"))).isEqualTo(file);
    assertThat(read(text.stripTrailing())).isEqualTo(file);
    List<String> records =
        new ArrayList<>(
            file.segments().stream()
                .flatMap(segment -> singleBytes(segment))
                .collect(Collectors.toList()));
    Collections.shuffle(records, dice);
    assertThat(read(String.join("", records) + END).segments()).isEqualTo(file.segments());
  }

  private static Stream<String> singleBytes(Segment segment) {
    return java.util.stream.IntStream.range(0, segment.data().size())
        .mapToObj(
            i -> {
              long address = segment.address() + i;
              return record("02000004%04X".formatted(address >>> 16))
                  + record("01%04X00%02X".formatted(address & 0xffff, segment.data().at(i)));
            });
  }

  /// Sixteen changes of each of the characters of a file.
  @Property(tries = 60)
  void any_one_character_changed_is_refused_or_says_the_same(
      @ForAll("files") HexFile file, @ForAll Random dice) {
    Bytes text = file.write();
    int same = 0;
    for (int at = 0; at < text.size(); at++) {
      for (int i = 0; i < 16; i++) {
        byte[] changed = text.toArray();
        changed[at] =
            (byte) (i < 8 ? LIKELY.charAt(dice.nextInt(LIKELY.length())) : dice.nextInt());
        if (changed[at] == (byte) text.at(at)) {
          continue;
        }
        try {
          assertThat(HexFile.read(Bytes.owning(changed))).isEqualTo(file);
          same++;
        } catch (MalformedException e) {
          assertThat(e.getMessage()).startsWith("line ").hasSizeGreaterThan(15);
        }
      }
    }
    assertThat(same).isLessThan(text.size() * 16);
  }

  @Property
  void every_file_that_is_cut_off_is_refused(@ForAll("files") HexFile file) {
    Bytes text = file.write();
    for (int size = 0; size < text.size() - 1; size += 5) {
      Bytes cut = text.first(size);
      assertThatThrownBy(() -> HexFile.read(cut)).isInstanceOf(MalformedException.class);
    }
  }

  @Property
  void in_one_piece_every_byte_lies_where_it_belongs(@ForAll("files") HexFile file)
      throws MalformedException {
    Bytes flat = file.flat(0xff);
    assertThat((long) flat.size()).isEqualTo(file.span());
    long at = file.address();
    for (Segment segment : file.segments()) {
      assertThat(
              flat.slice((int) (at - file.address()), (int) (segment.address() - file.address())))
          .satisfies(gap -> assertThat(gap.isFilledWith(0xff)).isTrue());
      assertThat(flat.from((int) (segment.address() - file.address())))
          .satisfies(rest -> assertThat(rest.startsWith(segment.data())).isTrue());
      at = segment.end();
    }
    assertThat(file.flat(0).size()).isEqualTo(flat.size());
  }

  @Test
  void all_types_of_records_are_read() throws MalformedException {
    HexFile segmented =
        read(record("020000021000") + record("02000A00CAFE") + record("0400000312345678") + END);
    assertThat(segmented)
        .isEqualTo(
            new HexFile(
                List.of(new Segment(0x1_000a, Bytes.ofHex("cafe"))),
                Optional.of(new StartAddress.Segmented(0x1234, 0x5678))));
    HexFile linear =
        read(record("02000004FFFF") + record("02FFFE00CAFE") + record("04000005FFFFFFFE") + END);
    assertThat(linear)
        .isEqualTo(
            new HexFile(
                List.of(new Segment(0xffff_fffeL, Bytes.ofHex("cafe"))),
                Optional.of(new StartAddress.Linear(0xffff_fffeL))));
    assertThat(read(record("00001000") + record("01001000AA") + END).address()).isEqualTo(0x10);
  }

  @Test
  void a_record_may_run_on_beyond_64_kib_where_addresses_are_linear() throws MalformedException {
    assertThat(read(record("04FFFE0001020304") + END).segments())
        .containsExactly(new Segment(0xfffe, Bytes.ofHex("01020304")));
  }

  private record Wrong(String says, String text) {}

  @Test
  void what_is_no_hex_is_refused_with_the_line_and_a_sentence() {
    String data = record("04000000AABBCCDD");
    List<Wrong> wrongs =
        List.of(
            new Wrong("line 1: the end record is missing", ""),
            new Wrong("line 1: the file holds no data", END),
            new Wrong("line 2: the end record is missing", data),
            new Wrong("line 3: there is more behind the end record", data + END + data),
            new Wrong("line 3: there is more behind the end record", data + END + END),
            new Wrong("line 1: a record begins with a colon, not with 't'", "this is not hex\n"),
            new Wrong("not with the byte 20", " " + data + END),
            new Wrong("line 2: the byte 20 is no hexadecimal digit", data + ":00 00001FF\n"),
            new Wrong("'G' is no hexadecimal digit", ":00G00001FF\n"),
            new Wrong("an even number of 10 to 520 digits, not 9", ":00000001F\n"),
            new Wrong("not 11", ":00000001FFA\n"),
            new Wrong("not 8", ":00000001\n"),
            new Wrong("not 0", ":\n"),
            new Wrong("says it has 4 bytes of data, it has 3", record("04000000AABBCC") + END),
            new Wrong("says it has 2 bytes of data, it has 3", record("02000000AABBCC") + END),
            new Wrong("line 2: the checksum is FE, expected FF", data + ":00000001FE\n"),
            new Wrong("there is no record of type 06", record("00000006") + END),
            new Wrong("an end record has 0 bytes", data + record("0100000100")),
            new Wrong("has 2 bytes of data, not 1", record("0100000400") + END),
            new Wrong("a start record has 4 bytes of data, not 2", record("020000050000") + END),
            new Wrong("yet it says 0010", record("020010040000") + END),
            new Wrong("yet it says 0010", record("0400100500000000") + END),
            new Wrong(
                "line 3: there is a second start record",
                data + record("0400000500000000") + record("0400000300000000") + END),
            new Wrong(
                "line 2: the data passes 32 bits", record("02000004FFFF") + record("02FFFF00AABB")),
            new Wrong(
                "line 2: the data passes the end of its segment of 64 KiB",
                record("020000021000") + record("02FFFF00AABB") + END),
            new Wrong(
                "line 3: the data from here on overlaps that from line 1 on, at 0x00000003",
                data + record("0100100000") + record("0100030000") + END),
            new Wrong(
                "line 3: the data from here on overlaps that from line 1 on, at 0x00000000",
                data + record("0100100000") + data + END));
    for (Wrong wrong : wrongs) {
      assertThatThrownBy(() -> read(wrong.text()))
          .as(wrong.text())
          .isInstanceOf(MalformedException.class)
          .hasMessageStartingWith("line ")
          .hasMessageContaining(wrong.says());
    }
  }

  @Test
  void the_offset_is_that_of_the_line() {
    Bytes text = Bytes.ofUtf8(record("0100000000") + "\r\n:x\n");
    assertThatThrownBy(() -> HexFile.read(text))
        .isInstanceOfSatisfying(
            MalformedException.class,
            e -> {
              assertThat(e.getMessage()).startsWith("line 3: ");
              assertThat(text.from(e.offset()).toUtf8()).startsWith(":x");
            });
  }

  @Test
  void data_and_jumps_are_bounded() throws MalformedException {
    Bytes data = Bytes.ofUtf8(record("04000000AABBCCDD") + record("0100100000") + END);
    assertThat(new HexReader(data, 5, 1).file().segments()).hasSize(2);
    assertThatThrownBy(() -> new HexReader(data, 4, 1).file())
        .hasMessage("line 2: there are more than the 4 bytes that are taken");
    assertThatThrownBy(() -> new HexReader(data, 5, 0).file())
        .hasMessage("line 2: the addresses jump more often than 0 times");
  }

  @Test
  void one_piece_is_bounded_to_the_byte() throws MalformedException {
    for (long span : new long[] {HexFile.SPAN_MAX, HexFile.SPAN_MAX + 1}) {
      HexFile file =
          HexFile.of(
              List.of(new Segment(0, Bytes.ofHex("01")), new Segment(span - 1, Bytes.ofHex("02"))),
              Optional.empty());
      assertThat(file.span()).isEqualTo(span);
      if (span == HexFile.SPAN_MAX) {
        assertThat((long) file.flat(0xff).size()).isEqualTo(span);
      } else {
        assertThatThrownBy(() -> file.flat(0xff)).isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  void what_lies_far_apart_is_not_taken_in_one_piece() throws MalformedException {
    // Firmware and the configuration words of an nRF52: common in a merged file.
    HexFile merged =
        read(record("01C0000000") + record("020000041000") + record("0410140000C00000") + END);
    assertThat(merged.segments()).hasSize(2);
    assertThatThrownBy(() -> merged.flat(0xff))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("from 0x0000c000 to 0x10001018")
        .hasMessageContaining("at most 64 MiB");
  }

  @Test
  void segments_must_be_apart_and_no_byte_there_twice() {
    Segment first = new Segment(0, Bytes.ofHex("0011"));
    Segment touching = new Segment(2, Bytes.ofHex("22"));
    Segment over = new Segment(1, Bytes.ofHex("11"));
    assertThat(HexFile.of(List.of(touching, first), Optional.empty()))
        .isEqualTo(HexFile.of(new Segment(0, Bytes.ofHex("001122"))));
    assertThatThrownBy(() -> HexFile.of(List.of(first, over), Optional.empty()))
        .hasMessageContaining("two bytes for address 0x00000001");
    assertThatThrownBy(() -> new HexFile(List.of(first, touching), Optional.empty()))
        .hasMessageContaining("apart");
    assertThatThrownBy(() -> new HexFile(List.of(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Segment(0xffff_ffffL, Bytes.ofHex("0011")))
        .hasMessageContaining("32 bits");
    assertThatThrownBy(() -> new StartAddress.Linear(1L << 32)).hasMessageContaining("32 bits");
  }

  @Test
  void binary_is_no_hex() {
    assertThatThrownBy(
            () -> HexFile.read(Bytes.of("=\u00b8\u00f3".getBytes(StandardCharsets.ISO_8859_1))))
        .hasMessage("line 1: a record begins with a colon, not with '='");
  }
}
