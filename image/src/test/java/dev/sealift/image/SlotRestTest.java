// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotRestTest {
  @Provide
  Arbitrary<Integer> alignMax() {
    return Arbitraries.of(8, 16, 32);
  }

  @Provide
  Arbitrary<ByteOrder> orders() {
    return Arbitraries.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
  }

  /// `spare` erased bytes, and the trailer from the cell of image ok on.
  private static Bytes trailer(
      int alignMax, int spare, SlotRest.ImageOk imageOk, int erased, ByteOrder order) {
    Bytes cells = Bytes.filled(SlotLayout.imageOkBeforeEnd(alignMax) - 1, erased);
    return Bytes.concat(
        Bytes.filled(spare, erased),
        imageOk == SlotRest.ImageOk.SET ? Bytes.of((byte) 1) : Bytes.filled(1, erased),
        cells.first(cells.size() - SlotLayout.MAGIC_SIZE),
        SlotLayout.magic(alignMax, order));
  }

  @Property(tries = 300)
  void any_one_byte_of_a_trailer_changed_makes_it_another_or_none(
      @ForAll("alignMax") int alignMax,
      @ForAll @IntRange(max = 200) int spare,
      @ForAll SlotRest.ImageOk imageOk,
      @ForAll boolean zeros,
      @ForAll("orders") ByteOrder order,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    Bytes rest = trailer(alignMax, spare, imageOk, zeros ? 0 : 0xff, order);
    SlotRest good = new SlotRest.Trailer(alignMax, imageOk);
    assertThat(SlotRest.of(rest, order)).isEqualTo(good);
    for (int at = 0; at < rest.size(); at++) {
      byte[] changed = rest.toArray();
      changed[at] ^= (byte) change;
      SlotRest found = SlotRest.of(Bytes.owning(changed), order);
      assertThat(found).as("byte %d of %d", at, rest.size()).isNotEqualTo(good);
      // Only these can be another good trailer: image ok, and the alignment in the magic.
      if (at != spare && (at < rest.size() - 16 || at >= rest.size() - 14)) {
        assertThat(found).as("byte %d of %d", at, rest.size()).isInstanceOf(SlotRest.Foreign.class);
      }
    }
  }

  @Property(tries = 60)
  void a_trailer_that_is_cut_off_is_none(
      @ForAll("alignMax") int alignMax, @ForAll("orders") ByteOrder order) {
    Bytes rest = trailer(alignMax, 0, SlotRest.ImageOk.SET, 0xff, order);
    for (int from = 1; from < rest.size(); from++) {
      assertThat(SlotRest.of(rest.from(from), order)).isInstanceOf(SlotRest.Foreign.class);
    }
  }

  @Test
  void cells_have_one_of_three_sizes() {
    Bytes tail = SlotLayout.magic(16, ByteOrder.LITTLE_ENDIAN).from(2);
    for (int size = 0; size <= 0xff; size++) {
      Bytes rest =
          Bytes.concat(Bytes.filled(400, 0xff), Bytes.of((byte) size, (byte) 0).plus(tail));
      if (size == 16 || size == 32) {
        assertThat(SlotRest.of(rest, ByteOrder.LITTLE_ENDIAN))
            .isEqualTo(new SlotRest.Trailer(size, SlotRest.ImageOk.UNSET));
      } else {
        assertThat(reason(rest)).as("cells of %d", size).isEqualTo(RefusalReason.BAD_TRAILER);
      }
    }
  }

  @Test
  void flash_is_erased_to_one_value() {
    assertThat(SlotRest.of(Bytes.EMPTY, ByteOrder.LITTLE_ENDIAN)).isEqualTo(new SlotRest.Nothing());
    for (int value : new int[] {0, 0xff}) {
      assertThat(SlotRest.of(Bytes.filled(9, value), ByteOrder.LITTLE_ENDIAN))
          .isEqualTo(new SlotRest.Erased(value));
    }
    Bytes ones = Bytes.filled(40, 0xff);
    Bytes zeros = Bytes.filled(40, 0);
    for (Bytes mixed :
        List.of(zeros.first(1).plus(ones), ones.first(1).plus(zeros), ones.plus(zeros.first(17)))) {
      assertThat(reason(mixed)).isEqualTo(RefusalReason.TRAILING_DATA);
    }
    assertThat(reason(Bytes.filled(100, 7).plus(SlotLayout.MAGIC)))
        .isEqualTo(RefusalReason.BAD_TRAILER);
  }

  private static RefusalReason reason(Bytes rest) {
    SlotRest found = SlotRest.of(rest, ByteOrder.LITTLE_ENDIAN);
    assertThat(found).isInstanceOf(SlotRest.Foreign.class);
    return ((SlotRest.Foreign) found).reason();
  }
}
