// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.server.Samples;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkedContentTest {
  private enum Kind {
    IMAGE,
    ANOTHER_IMAGE,
    BUNDLE,
    TABLE,
    TABLE_OF_ANOTHER_IMAGE,
    SESSION;

    ChunkedContent of(Bytes content) {
      return switch (this) {
        case IMAGE -> new ChunkedContent.Image(content);
        case ANOTHER_IMAGE -> new ChunkedContent.Image(content, Optional.of(15));
        case BUNDLE -> new ChunkedContent.PermitBundle(content);
        case TABLE -> new ChunkedContent.PermitTable(content);
        case TABLE_OF_ANOTHER_IMAGE -> new ChunkedContent.PermitTable(content, Optional.of(255));
        case SESSION -> new ChunkedContent.SessionPermit(content);
      };
    }
  }

  @Provide
  Arbitrary<Integer> aligns() {
    return Arbitraries.of(1, 4, 8, 16);
  }

  @Property(tries = 3000)
  void a_chunk_fills_its_packet_and_never_more(
      @ForAll Kind kind,
      @ForAll @IntRange(min = 1, max = 70_000) int size,
      @ForAll @IntRange(max = 69_999) int offset,
      @ForAll @IntRange(min = 128, max = 4096) int requestMax,
      @ForAll("aligns") int align) {
    holds(kind.of(Bytes.filled(size, 7)), offset % size, requestMax, align);
  }

  /// Where the head of a byte string, of an offset or of a length grows by a byte.
  @Test
  void a_chunk_fills_its_packet_at_every_step_of_an_encoding() {
    for (Kind kind : Kind.values()) {
      for (int size : List.of(1, 23, 24, 255, 256, 257, 65_535, 65_536, 66_000)) {
        ChunkedContent content = kind.of(Bytes.filled(size, 7));
        for (int offset : List.of(0, 1, 23, 24, 255, 256, 65_535)) {
          for (int requestMax = 128; offset < size && requestMax < 400; requestMax++) {
            holds(content, offset, requestMax, 4);
            holds(content, offset, requestMax, 1);
          }
        }
      }
    }
  }

  private static void holds(ChunkedContent content, int offset, int requestMax, int align) {
    Bytes data = content.dataAt(offset, requestMax, align);
    int packet =
        SmpMessage.request(content.chunk(offset, data), SmpMessage.Version.V2, 0).write().size();
    assertThat(packet).isLessThanOrEqualTo(requestMax);
    int end = offset + data.size();
    assertThat(data).isEqualTo(content.content().slice(offset, end)).isNotEqualTo(Bytes.EMPTY);
    if (end < content.content().size()) {
      assertThat(data.size() % align).isZero();
      assertThat(packet).isGreaterThan(requestMax - 3 - align);
    }
  }

  @Test
  void a_packet_without_room_for_data_is_a_mistake_of_the_caller() {
    assertThatThrownBy(() -> new ChunkedContent.Image(Samples.image(500)).dataAt(0, 60, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("60");
  }
}
