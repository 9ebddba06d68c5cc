// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.Samples;
import dev.sealift.smp.upload.ChunkedContent;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static Frame of(long size, long count, int linkMax) {
    return Frame.of(new Os.ParametersReply(size, count), linkMax);
  }

  @Test
  void a_frame_is_what_the_server_and_the_link_both_take() {
    assertThat(of(2048, 2, 1500)).isEqualTo(new Frame(1500, 1));
    assertThat(of(2475, 4, 65535)).isEqualTo(new Frame(2475, 3));
    assertThat(of(384, 4, 1500)).isEqualTo(new Frame(384, 3));
  }

  @Test
  void at_least_one_request_is_out_and_never_more_than_the_bound() {
    assertThat(of(384, 1, 1500).window()).isEqualTo(1);
    assertThat(of(384, 0, 1500).window()).isEqualTo(1);
    assertThat(of(384, 65, 1500).window()).isEqualTo(64);
    assertThat(of(384, 1_000_000, 1500).window()).isEqualTo(64);
  }

  @Test
  void whatever_a_server_says_of_its_buffers_is_a_frame() {
    for (long size : List.of(Long.MIN_VALUE, -1L, 0L, 1L, 64L, 1L << 32, Long.MAX_VALUE)) {
      for (long count : List.of(Long.MIN_VALUE, -1L, 0L, 1L, 2L, 1L << 32, Long.MAX_VALUE)) {
        Frame frame = of(size, count, 1500);
        assertThat(frame.requestMax()).isBetween(128, 1500);
        assertThat(frame.window()).isBetween(1, 64);
        if (count < 3) {
          assertThat(frame.window()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void the_smallest_frame_has_room_for_the_header_of_an_image() {
    Bytes file = Samples.image(5000);
    assertThat(new ChunkedContent.Image(file).dataAt(0, of(0, 0, 1500).requestMax(), 4).size())
        .isGreaterThanOrEqualTo(32);
  }

  @Test
  void numbers_out_of_bounds_are_no_frame() {
    for (int[] wrong : new int[][] {{127, 1}, {65536, 1}, {384, 0}, {384, 65}, {-1, -1}}) {
      assertThatThrownBy(() -> new Frame(wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new Frame(65535, 64).window()).isEqualTo(64);
    assertThat(new Frame(128, 1).window()).isEqualTo(1);
  }
}
