// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class ArchiveTest {
  private static final Bytes TEXT = Bytes.ofUtf8("text ".repeat(100));
  private static final List<Member> TWO =
      List.of(new Member("a.bin", TEXT), new Member("b.bin", Bytes.EMPTY));

  /// One member of an archive put together by hand, so that anything can be wrong with it.
  private record Hand(
      String name,
      int flags,
      int method,
      Bytes packed,
      long size,
      long crc,
      Bytes extra,
      int madeBy,
      long attributes,
      String localName,
      Bytes behind) {
    static Hand stored(String name, Bytes content) {
      return new Hand(
          name,
          0,
          0,
          content,
          content.size(),
          ArchiveTest.crc(content),
          Bytes.EMPTY,
          20,
          0,
          name,
          Bytes.EMPTY);
    }

    static Hand deflated(String name, Bytes content) {
      return new Hand(
          name,
          0,
          8,
          deflate(content),
          content.size(),
          ArchiveTest.crc(content),
          Bytes.EMPTY,
          20,
          0,
          name,
          Bytes.EMPTY);
    }

    Hand flags(int value) {
      return new Hand(
          name, value, method, packed, size, crc, extra, madeBy, attributes, localName, behind);
    }

    Hand method(int value) {
      return new Hand(
          name, flags, value, packed, size, crc, extra, madeBy, attributes, localName, behind);
    }

    Hand packed(Bytes value) {
      return new Hand(
          name, flags, method, value, size, crc, extra, madeBy, attributes, localName, behind);
    }

    Hand size(long value) {
      return new Hand(
          name, flags, method, packed, value, crc, extra, madeBy, attributes, localName, behind);
    }

    Hand crc(long value) {
      return new Hand(
          name, flags, method, packed, size, value, extra, madeBy, attributes, localName, behind);
    }

    Hand extra(String hex) {
      return new Hand(
          name,
          flags,
          method,
          packed,
          size,
          crc,
          Bytes.ofHex(hex),
          madeBy,
          attributes,
          localName,
          behind);
    }

    Hand unix(long mode) {
      return new Hand(
          name, flags, method, packed, size, crc, extra, 0x031e, mode << 16, localName, behind);
    }

    Hand localName(String value) {
      return new Hand(
          name, flags, method, packed, size, crc, extra, madeBy, attributes, value, behind);
    }

    Hand behind(Bytes value) {
      return new Hand(
          name, flags, method, packed, size, crc, extra, madeBy, attributes, localName, value);
    }

    private void head(ByteWriter out, String shown) {
      out.u16(20).u16(flags).u16(method).u32(0).u32(crc).u32(packed.size()).u32(size);
      out.u16(Bytes.ofUtf8(shown).size()).u16(extra.size());
    }

    void local(ByteWriter out) {
      out.u32(0x0403_4b50L);
      head(out, localName);
      out.bytes(Bytes.ofUtf8(localName)).bytes(extra).bytes(packed).bytes(behind);
    }

    void entry(ByteWriter out, int offset) {
      out.u32(0x0201_4b50L).u16(madeBy);
      head(out, name);
      out.u16(0).u16(0).u16(0).u32(attributes).u32(offset).bytes(Bytes.ofUtf8(name)).bytes(extra);
    }
  }

  private static long crc(Bytes content) {
    CRC32 crc = new CRC32();
    crc.update(content.toBuffer());
    return crc.getValue();
  }

  private static Bytes deflate(Bytes content) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(content.toArray());
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[4096];
    while (!deflater.finished()) {
      out.write(chunk, 0, deflater.deflate(chunk));
    }
    deflater.end();
    return Bytes.owning(out.toByteArray());
  }

  private static Bytes archive(Hand... hands) {
    ByteWriter out = new ByteWriter(ByteOrder.LITTLE_ENDIAN);
    List<Integer> offsets = new ArrayList<>();
    for (Hand hand : hands) {
      offsets.add(out.size());
      hand.local(out);
    }
    int directoryAt = out.size();
    for (int i = 0; i < hands.length; i++) {
      hands[i].entry(out, offsets.get(i));
    }
    int size = out.size() - directoryAt;
    return out.u32(0x0605_4b50L)
        .u32(0)
        .u16(hands.length)
        .u16(hands.length)
        .u32(size)
        .u32(directoryAt)
        .u16(0)
        .toBytes();
  }

  @Test
  void what_is_written_is_read_by_us_and_by_the_jdk() throws Exception {
    Bytes zip = Archive.write(TWO);
    assertThat(Archive.read(zip)).isEqualTo(TWO);
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.toArray()))) {
      for (Member member : TWO) {
        assertThat(in.getNextEntry().getName()).isEqualTo(member.name());
        assertThat(Bytes.owning(in.readAllBytes())).isEqualTo(member.content());
      }
      assertThat(in.getNextEntry()).isNull();
    }
  }

  /// The JDK would write the machine's time zone into an extra field beside some times.
  @Test
  void the_same_members_are_always_the_same_bytes() {
    Bytes zip = Archive.write(TWO);
    assertThat(zip.slice(10, 14).toHex()).as("1 February 1980").isEqualTo("00004100");
    assertThat(zip.slice(28, 30).toHex()).as("no extra fields").isEqualTo("0000");
    assertThat(zip.sha256().toHex())
        .isEqualTo("0e573bdf0cd4ed2fc3795d931766c7e9c4efc76f6bc3de1733ea246af63d8ad2");
  }

  @Test
  void archives_of_other_packers_are_read() throws MalformedException, IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Member member : TWO) {
        // The JDK deflates, and writes sizes and checksum behind the data.
        out.putNextEntry(new ZipEntry(member.name()));
        member.content().writeTo(out);
        out.closeEntry();
      }
    }
    assertThat(Archive.read(Bytes.owning(bytes.toByteArray()))).isEqualTo(TWO);
    // Info-ZIP: times and owner in extra fields; Python: regular files of Unix.
    Hand unix =
        Hand.deflated("a.bin", TEXT)
            .unix(0100644)
            .flags(0x2)
            .extra("5554090003a0b0c0d0a0b0c0d075780b000104e803000004e8030000");
    assertThat(Archive.read(archive(unix, Hand.stored("b.bin", Bytes.EMPTY)))).isEqualTo(TWO);
    // Info-ZIP into a pipe: of the three it knows the size alone beforehand.
    Hand piped =
        Hand.deflated("a.bin", TEXT)
            .flags(8)
            .behind(
                new ByteWriter(ByteOrder.LITTLE_ENDIAN)
                    .u32(0x0807_4b50L)
                    .u32(crc(TEXT))
                    .u32(deflate(TEXT).size())
                    .u32(TEXT.size())
                    .toBytes());
    Bytes without = patched(patched(archive(piped), 14, 0), 15, 0);
    without = patched(patched(without, 16, 0), 17, 0);
    for (int i = 18; i < 22; i++) {
      without = patched(without, i, 0);
    }
    assertThat(Archive.read(without)).isEqualTo(TWO.subList(0, 1));
    Bytes wrong = patched(without, 22, 1);
    assertThatThrownBy(() -> Archive.read(wrong))
        .hasMessageContaining("another file by its header");
    assertThat(Archive.read(archive(Hand.stored("ü.bin", TEXT).flags(0x800))).getFirst().name())
        .isEqualTo("ü.bin");
  }

  private record Wrong(String says, Bytes zip) {}

  @Test
  void an_archive_that_could_be_understood_in_two_ways_is_refused() {
    Hand good = Hand.stored("a.bin", TEXT);
    Bytes zip = archive(good);
    int directoryAt = zip.size() - 22 - 46 - 5;
    Bytes hidden = archiveOfTwoWithOneListed();
    List<Wrong> wrongs =
        List.of(
            new Wrong("this is no ZIP archive", Bytes.EMPTY),
            new Wrong("this is no ZIP archive", TEXT),
            new Wrong("cut off, or has a comment", zip.first(zip.size() - 1)),
            new Wrong("cut off, or has a comment", zip.plus(Bytes.ofHex("00"))),
            new Wrong("not where it is said to be", Bytes.ofHex("4d5a").plus(zip)),
            new Wrong("not where it is said to be", patched(zip, zip.size() - 2, 1)),
            new Wrong("in several parts", patched(zip, zip.size() - 18, 1)),
            new Wrong("in several parts", patched(zip, zip.size() - 14, 2)),
            new Wrong(
                "has more than it says",
                patched(patched(zip, zip.size() - 14, 0), zip.size() - 12, 0)),
            new Wrong("ZIP64", patched(patched(zip, zip.size() - 12, 0xff), zip.size() - 11, 0xff)),
            new Wrong("the archive hides something", hidden),
            new Wrong("hides something", archive(good.behind(Bytes.ofHex("0011")))),
            new Wrong("does not follow", archive(good.behind(TEXT), Hand.stored("b.bin", TEXT))),
            new Wrong("does not follow", patched(zip, directoryAt + 42, 1)),
            new Wrong("another file by its header", archive(good.localName("x.bin"))),
            new Wrong("another file by its header", patched(zip, 14, 0xee)),
            new Wrong("has no header", patched(zip, 3, 5)),
            new Wrong("entry 0 of the directory is none", patched(zip, directoryAt, 5)),
            new Wrong("is there twice", archive(good, good)),
            new Wrong("is there twice", archive(good, Hand.stored("A.BIN", TEXT))),
            new Wrong("stored, but not with the size", archive(good.size(1))),
            new Wrong("stored, but not with the size", archive(good.flags(8))),
            new Wrong("does not follow", archiveWithinAFile()),
            new Wrong("by what follows it", archive(described(crc(TEXT) ^ 1, TEXT.size()))),
            new Wrong("by what follows it", archive(described(crc(TEXT), TEXT.size() - 1))),
            new Wrong("damaged: its size or checksum", archive(good.crc(1))));
    for (Wrong wrong : wrongs) {
      assertThatThrownBy(() -> Archive.read(wrong.zip()))
          .as(wrong.says())
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining(wrong.says());
    }
  }

  /// A phone that walks local headers would take the first, one that reads the directory only the
  /// second.
  private static Bytes archiveOfTwoWithOneListed() {
    ByteWriter out = new ByteWriter(ByteOrder.LITTLE_ENDIAN);
    Hand.stored("app.bin", Bytes.ofUtf8("evil")).local(out);
    int second = out.size();
    Hand.stored("b.bin", TEXT).local(out);
    int directoryAt = out.size();
    Hand.stored("b.bin", TEXT).entry(out, second);
    int size = out.size() - directoryAt;
    return out.u32(0x0605_4b50L).u32(0).u16(1).u16(1).u32(size).u32(directoryAt).u16(0).toBytes();
  }

  /// The end of the first file is the whole of the second.
  private static Bytes archiveWithinAFile() {
    Hand inner = Hand.stored("b.bin", TEXT);
    ByteWriter file = new ByteWriter(ByteOrder.LITTLE_ENDIAN);
    inner.local(file);
    Hand outer = Hand.stored("a.bin", TEXT.plus(file.toBytes()));
    ByteWriter out = new ByteWriter(ByteOrder.LITTLE_ENDIAN);
    outer.local(out);
    int directoryAt = out.size();
    outer.entry(out, 0);
    inner.entry(out, directoryAt - file.size());
    int size = out.size() - directoryAt;
    return out.u32(0x0605_4b50L).u32(0).u16(2).u16(2).u32(size).u32(directoryAt).u16(0).toBytes();
  }

  /// With these numbers behind the file, where some packers have them.
  private static Hand described(long crc, long size) {
    return Hand.deflated("a.bin", TEXT)
        .flags(8)
        .behind(
            new ByteWriter(ByteOrder.LITTLE_ENDIAN)
                .u32(0x0807_4b50L)
                .u32(crc)
                .u32(deflate(TEXT).size())
                .u32(size)
                .toBytes());
  }

  private static Bytes patched(Bytes zip, int at, int value) {
    byte[] bytes = zip.toArray();
    bytes[at] = (byte) value;
    return Bytes.owning(bytes);
  }

  @Test
  void odd_features_are_refused_with_a_sentence() {
    Hand good = Hand.stored("a.bin", TEXT);
    Hand packed = Hand.deflated("a.bin", TEXT);
    List<Wrong> wrongs =
        List.of(
            new Wrong("encrypted by a ZIP password", archive(good.flags(1))),
            new Wrong("not read (flags 0x0020)", archive(good.flags(0x20))),
            new Wrong("not read (flags 0x2000)", archive(good.flags(0x2000))),
            new Wrong("packed by method 12", archive(good.method(12))),
            new Wrong("is a link", archive(good.unix(0120777))),
            new Wrong("extra field (0x0001)", archive(good.extra("01000400aabbccdd"))),
            new Wrong("extra field (0x7075)", archive(good.extra("75700000"))),
            new Wrong("neither ASCII nor", archive(Hand.stored("ü.bin", TEXT))),
            new Wrong(
                "its packed data breaks off", archive(packed.packed(packed.packed().first(9)))),
            new Wrong("cannot be unpacked", archive(packed.packed(Bytes.ofHex("ffff")))),
            new Wrong(
                "something behind its packed data",
                archive(packed.packed(packed.packed().plus(Bytes.ofHex("00"))))),
            new Wrong("damaged: its size", archive(packed.size(TEXT.size() - 1))));
    for (Wrong wrong : wrongs) {
      assertThatThrownBy(() -> Archive.read(wrong.zip()))
          .as(wrong.says())
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining(wrong.says());
    }
  }

  @Test
  void paths_are_refused() {
    List<Wrong> wrongs =
        List.of(
            new Wrong("climbs out", archive(Hand.stored("../a.bin", TEXT))),
            new Wrong("climbs out", archive(Hand.stored("x/../../a.bin", TEXT))),
            new Wrong("climbs out", archive(Hand.stored("..\\a.bin", TEXT))),
            new Wrong("climbs out", archive(Hand.stored("..", TEXT))),
            new Wrong("climbs out", archive(Hand.stored("./a.bin", TEXT))),
            new Wrong("absolute", archive(Hand.stored("/etc/passwd", TEXT))),
            new Wrong("absolute", archive(Hand.stored("\\\\host\\a.bin", TEXT))),
            new Wrong("absolute", archive(Hand.stored("C:a.bin", TEXT))),
            new Wrong("lies in a folder", archive(Hand.stored("x/a.bin", TEXT))),
            new Wrong("lies in a folder", archive(Hand.stored("x\\a.bin", TEXT))),
            new Wrong("lies in a folder", archive(Hand.stored("folder/", Bytes.EMPTY))),
            new Wrong("cannot be seen", archive(Hand.stored("a\u0000.bin", TEXT))),
            new Wrong("cannot be seen", archive(Hand.stored("\u202enib.a", TEXT).flags(0x800))),
            new Wrong("1 to 255 characters", archive(Hand.stored("", TEXT))),
            new Wrong("1 to 255 characters", archive(Hand.stored("a".repeat(256), TEXT))));
    for (Wrong wrong : wrongs) {
      assertThatThrownBy(() -> Archive.read(wrong.zip()))
          .as(wrong.says())
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining(wrong.says());
    }
  }

  @Test
  void bombs_are_stopped_while_they_unpack_whatever_their_head_says() {
    Bytes bomb = deflate(Bytes.filled(DfuPackage.MEMBER_SIZE_MAX + 1, 0));
    assertThat(bomb.size()).isLessThan(50_000);
    UnaryOperator<Hand> packed = hand -> hand.packed(bomb).size(5);
    assertThatThrownBy(() -> Archive.read(archive(packed.apply(Hand.deflated("a.bin", TEXT)))))
        .hasMessageContaining("too large: at most 32 MiB a file");
    Bytes most = Bytes.filled(DfuPackage.MEMBER_SIZE_MAX, 0);
    Hand first = Hand.deflated("a.bin", most);
    assertThatThrownBy(
            () ->
                Archive.read(archive(first, renamed(first, "b.bin"), Hand.deflated("c.bin", TEXT))))
        .hasMessageContaining("c.bin is too large: at most 32 MiB a file are taken, 64 MiB in all");
  }

  private static Hand renamed(Hand hand, String name) {
    return new Hand(
        name,
        hand.flags(),
        hand.method(),
        hand.packed(),
        hand.size(),
        hand.crc(),
        hand.extra(),
        hand.madeBy(),
        hand.attributes(),
        name,
        hand.behind());
  }

  @Test
  void more_files_than_a_device_could_have_images_are_refused() throws MalformedException {
    Hand[] many = new Hand[DfuPackage.MEMBERS_MAX + 1];
    for (int i = 0; i < many.length; i++) {
      many[i] = Hand.stored("f" + i, Bytes.EMPTY);
    }
    assertThatThrownBy(() -> Archive.read(archive(many)))
        .hasMessageContaining("has 65 files, at most 64 are taken");
    assertThat(Archive.read(archive(java.util.Arrays.copyOf(many, DfuPackage.MEMBERS_MAX))))
        .hasSize(DfuPackage.MEMBERS_MAX);
  }
}
