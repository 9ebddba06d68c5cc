// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Images one of whose sizes or magics says something else than it should, by little or by much:
/// what reads them strictly refuses them or gives them back, and the bootloader's walk stays within
/// its bounds.
class DamagedSizesTest {
  private static final int HEADER_SIZE_AT = 8;
  private static final int PROTECTED_SIZE_AT = 10;
  private static final int IMAGE_SIZE_AT = 12;

  @Provide
  Arbitrary<Image> images() {
    return ImageSamples.images();
  }

  /// Near what stood there, near nothing, or anything.
  @Provide
  Arbitrary<Integer> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(-5, 5),
        Arbitraries.integers().between(0x1_0000, 0x1_0028),
        Arbitraries.integers().between(0x1_0000, 0x1_ffff));
  }

  @Property(tries = 2000)
  void any_size_that_says_otherwise_is_refused_or_makes_another_image(
      @ForAll("images") Image image,
      @ForAll @IntRange(max = 1000) int place,
      @ForAll("numbers") int number) {
    Bytes file = image.write();
    List<Integer> places = places(image);
    Bytes changed = changed(file, places.get(place % places.size()), number, image.order());
    readOrRefused(changed);
    walk(changed);
  }

  /// Offsets of all numbers of 16 bits that say how large something is, and of the areas' magics.
  private static List<Integer> places(Image image) {
    List<Integer> places = new ArrayList<>();
    places.addAll(List.of(HEADER_SIZE_AT, PROTECTED_SIZE_AT, IMAGE_SIZE_AT, IMAGE_SIZE_AT + 2));
    int areas = image.header().headerSize() + image.payload().size();
    places.addAll(List.of(areas, areas + 2));
    places.addAll(List.of(image.hashRegionSize(), image.hashRegionSize() + 2));
    image.entries().forEach(entry -> places.add(entry.offset() + 2));
    return places;
  }

  /// Small numbers are a difference, those above 16 bits a value.
  private static Bytes changed(Bytes file, int at, int number, ByteOrder order) {
    int old = TlvArea.u16(file, at, order);
    int value = (number > 0xffff ? number : old + number) & 0xffff;
    Bytes field = new ByteWriter(order).u16(value).toBytes();
    return Bytes.concat(file.first(at), field, file.from(at + 2));
  }

  private static void readOrRefused(Bytes file) {
    try {
      assertThat(Image.read(file).write()).isEqualTo(file);
    } catch (MalformedException e) {
      assertThat(e.getMessage()).hasSizeGreaterThan(10);
    }
  }

  private static void walk(Bytes slot) {
    ImageHeader header;
    try {
      header = ImageHeader.read(slot);
    } catch (MalformedException _) {
      return;
    }
    TlvWalk walk = TlvWalk.of(slot, header);
    long start = header.tlvOffset();
    long unprotected = start + header.protectedSize();
    long at = start + TlvArea.HEAD_SIZE;
    for (TlvWalk.Entry tlv : walk.entries()) {
      long head = header.protectedSize() > 0 && at == unprotected ? TlvArea.HEAD_SIZE : 0;
      assertThat((long) tlv.offset()).isEqualTo(at + head);
      at = tlv.valueOffset() + (long) tlv.length();
      assertThat(at).isLessThanOrEqualTo(Math.min(walk.end(), slot.size()));
      assertThat(tlv.value(slot).size()).isEqualTo(tlv.length());
    }
    if (walk.fault().isEmpty()) {
      assertHead(slot, unprotected, TlvArea.Kind.UNPROTECTED, walk.end() - unprotected, header);
      if (header.protectedSize() > 0) {
        assertHead(slot, start, TlvArea.Kind.PROTECTED, header.protectedSize(), header);
      }
    }
  }

  private static void assertHead(
      Bytes slot, long at, TlvArea.Kind kind, long total, ImageHeader header) {
    assertThat(TlvArea.u16(slot, (int) at, header.order())).isEqualTo(kind.magic());
    assertThat((long) TlvArea.u16(slot, (int) at + 2, header.order())).isEqualTo(total);
  }

  @Property(tries = 200)
  void a_walk_over_a_slot_that_ends_anywhere_stays_in_it(@ForAll("images") Image image) {
    Bytes file = image.write();
    for (int size = ImageHeader.SIZE; size < file.size(); size++) {
      walk(file.first(size));
    }
  }

  /// Room for every smallest error: these change no other size.
  @Test
  void sizes_that_are_too_small_by_one_are_refused() {
    Image image =
        ImageSamples.image(
            ByteOrder.LITTLE_ENDIAN,
            new ImageHeader(ByteOrder.LITTLE_ENDIAN, 0, 32, 0, 0, 0, ImageVersion.of(1, 0, 0), 0),
            Bytes.EMPTY,
            Bytes.EMPTY,
            Optional.empty(),
            TlvArea.of(),
            Bytes.EMPTY);
    Bytes file = image.write();
    for (int at : List.of(HEADER_SIZE_AT, image.hashRegionSize() + 2)) {
      Bytes less = changed(file, at, -1, ByteOrder.LITTLE_ENDIAN);
      assertThatThrownBy(() -> Image.read(less)).isInstanceOf(MalformedException.class);
    }
  }

  /// The TLVs begin where the header says that it ends: within its own last bytes.
  @Test
  void a_header_that_ends_within_itself_is_refused() {
    for (int size = 0; size < ImageHeader.SIZE; size++) {
      ImageHeader header =
          new ImageHeader(ByteOrder.LITTLE_ENDIAN, 0, size, 0, 0, 0, ImageVersion.of(1, 0, 0), 0);
      Bytes area = Bytes.ofHex("07690400");
      Bytes file = header.write().first(size).plus(area).plus(Bytes.filled(64, 0xff));
      assertThatThrownBy(() -> Image.read(file)).isInstanceOf(MalformedException.class);
    }
  }
}
