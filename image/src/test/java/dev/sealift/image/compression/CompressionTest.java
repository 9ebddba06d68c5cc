// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CompressionTest {
  /// `hello` in one stored chunk, as LZMA2 has it: control, size less one, bytes, end.
  private static final Bytes HELLO =
      Bytes.ofHex("0a66" + "010004").plus(Bytes.ofUtf8("hello")).plus(Bytes.ofHex("00"));

  private static String broken(Bytes stored, long size) {
    return switch (Compression.LZMA2.decompress(stored, size)) {
      case Decompressed.Whole whole -> throw new AssertionError(whole);
      case Decompressed.Broken(var sentence) -> sentence;
    };
  }

  @Test
  void a_stream_gives_what_was_announced_and_nothing_else() {
    Decompressed whole = new Decompressed.Whole(Bytes.ofUtf8("hello"));
    assertThat(Compression.LZMA2.decompress(HELLO, 5)).isEqualTo(whole);
    assertThat(Compression.LZMA2_ARM_THUMB.decompress(HELLO, 5)).isEqualTo(whole);
    assertThat(broken(HELLO, 4)).contains("more bytes decompressed than the 4");
    assertThat(broken(HELLO, 6)).contains("5 bytes decompressed, 6 are announced");
    assertThat(broken(HELLO, 0)).contains("more bytes");
    assertThat(broken(HELLO.plus(Bytes.filled(3, 0)), 5)).contains("3 bytes follow the end");
  }

  @Property(tries = 60)
  void what_is_compressed_comes_back(
      @ForAll Compression compression,
      @ForAll @Size(max = 2000) byte[] data,
      @ForAll @IntRange(min = 1, max = 40) int times) {
    Bytes once = Bytes.of(data);
    Bytes payload = Bytes.EMPTY;
    for (int i = 0; i < times; i++) {
      payload = payload.plus(once);
    }
    Bytes stored = compression.compress(payload, Lzma2Settings.USUAL);
    assertThat(compression.decompress(stored, payload.size()))
        .isEqualTo(new Decompressed.Whole(payload));
    assertThat(compression.compress(payload, Lzma2Settings.USUAL)).isEqualTo(stored);
    assertThat(compression.decompress(stored.first(stored.size() - 1), payload.size()))
        .isInstanceOf(Decompressed.Broken.class);
  }

  /// A branch to one place from two places has two encodings, and one after the filter.
  @Test
  void the_thumb_filter_makes_branches_to_one_place_the_same() {
    Bytes branches = Bytes.ofHex("00f000f8fff7fcff");
    Bytes stored = Compression.LZMA2_ARM_THUMB.compress(branches, Lzma2Settings.USUAL);
    assertThat(Compression.LZMA2.decompress(stored, branches.size()))
        .isInstanceOfSatisfying(
            Decompressed.Whole.class,
            filtered -> assertThat(filtered.payload()).isNotEqualTo(branches));
    assertThat(Compression.LZMA2_ARM_THUMB.decompress(stored, branches.size()))
        .isEqualTo(new Decompressed.Whole(branches));
  }

  @Test
  void every_cut_is_refused() {
    for (int size = 0; size < HELLO.size(); size++) {
      assertThat(broken(HELLO.first(size), 5)).isNotEmpty();
    }
  }

  @Test
  void what_a_device_has_no_room_for_is_refused() throws MalformedException {
    assertThat(broken(HELLO, Compression.SIZE_MAX + 1L)).contains("at most 67108864");
    assertThat(broken(HELLO, 0xffff_ffffL)).contains("at most 67108864");
    Bytes stream = HELLO.from(2);
    for (String head : List.of("2866", "4066", "ff66", "1566")) {
      assertThat(broken(Bytes.ofHex(head).plus(stream), 5)).contains("needs a dictionary");
    }
    assertThat(Compression.LZMA2.decompress(Bytes.ofHex("1466").plus(stream), 5))
        .isInstanceOf(Decompressed.Whole.class);
    // Above all properties, and with lc + lp above four.
    for (String head : List.of("0aff", "0ae1", "0a08")) {
      assertThat(broken(Bytes.ofHex(head).plus(stream), 5)).contains("are no properties");
    }
    assertThat(head("0066").dictionarySize()).isEqualTo(4096);
    assertThat(head("0a66")).isEqualTo(new Lzma2Head(131072, 3, 1, 2));
  }

  @Property(tries = 30)
  void the_head_announces_what_was_chosen(
      @ForAll @IntRange(min = 4096, max = 4 << 20) int dictionary,
      @ForAll @IntRange(max = 4) int lc,
      @ForAll @IntRange(max = 4) int pb,
      @ForAll @IntRange(max = 9) int preset)
      throws MalformedException {
    Lzma2Settings settings = new Lzma2Settings(dictionary, lc, 4 - lc, pb, preset);
    Bytes payload = Bytes.filled(3000, 0x31).plus(HELLO);
    Bytes stored = Compression.LZMA2.compress(payload, settings);
    Lzma2Head head = Lzma2Head.read(stored);
    assertThat(head.dictionarySize()).isBetween(dictionary, 2 * dictionary);
    assertThat(head).isEqualTo(new Lzma2Head(head.dictionarySize(), lc, 4 - lc, pb));
    assertThat(Compression.LZMA2.decompress(stored, payload.size()))
        .isEqualTo(new Decompressed.Whole(payload));
  }

  @Test
  void the_usual_head_is_imgtools() {
    assertThat(Compression.LZMA2.compress(HELLO, Lzma2Settings.USUAL).first(2))
        .isEqualTo(Bytes.ofHex("0a66"));
  }

  private static Lzma2Head head(String hex) throws MalformedException {
    return Lzma2Head.read(Bytes.ofHex(hex));
  }

  @Test
  void the_header_says_how() {
    assertThat(Compression.of(header(0x400))).contains(Compression.LZMA2);
    assertThat(Compression.of(header(0xc00))).contains(Compression.LZMA2_ARM_THUMB);
    assertThat(Compression.of(header(0))).isEmpty();
    assertThat(Compression.of(header(ImageFlag.COMPRESSED_LZMA1.mask()))).isEmpty();
    for (Compression compression : Compression.values()) {
      assertThat(Compression.of(header(compression.flags()))).contains(compression);
    }
  }

  private static ImageHeader header(long flags) {
    ImageVersion version = ImageVersion.of(1, 0, 0);
    return new ImageHeader(ByteOrder.LITTLE_ENDIAN, 0, 32, 0, 0, flags, version, 0);
  }
}
