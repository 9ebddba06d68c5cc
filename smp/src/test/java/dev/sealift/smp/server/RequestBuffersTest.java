// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestBuffersTest {
  private static List<Bytes> burst(int count) {
    List<Bytes> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(Bytes.ofInts(i));
    }
    return requests;
  }

  /// Serves what waits, and tells what it was.
  private static List<Bytes> drain(RequestBuffers buffers) {
    List<Bytes> served = new ArrayList<>();
    while (true) {
      Optional<RequestBuffers.Waiting> next = buffers.serve();
      if (next.isEmpty()) {
        return served;
      }
      served.add(next.get().datagram());
      buffers.served();
    }
  }

  @Test
  void a_burst_before_the_server_looks_leaves_one_buffer_for_an_answer() {
    for (int size : List.of(2, 4, 8)) {
      for (int count : List.of(2, 4, 8)) {
        RequestBuffers buffers = new RequestBuffers(count);
        burst(size).forEach(request -> buffers.offer(Samples.LINK, request));
        int taken = Math.min(size, count - 1);
        assertThat(drain(buffers))
            .as("burst of %d into %d buffers", size, count)
            .isEqualTo(burst(size).subList(0, taken));
        assertThat(buffers.dropped()).isEqualTo(size - taken);
      }
    }
  }

  /// As seen on Zephyr 4.4 over UDP: of 2, 4, 8 requests 1, 2, 4 were answered.
  @Test
  void a_burst_at_twice_the_pace_of_a_server_with_two_buffers_is_half_answered() {
    for (int size : List.of(2, 4, 8, 16)) {
      RequestBuffers buffers = new RequestBuffers(2);
      int answered = 0;
      for (int i = 0; i < size; i += 2) {
        buffers.offer(Samples.LINK, Bytes.ofInts(i));
        assertThat(buffers.serve()).isPresent();
        buffers.offer(Samples.LINK, Bytes.ofInts(i + 1));
        buffers.served();
        answered++;
        assertThat(buffers.serve()).as("nothing waits").isEmpty();
      }
      assertThat(answered).isEqualTo(size / 2);
      assertThat(buffers.dropped()).isEqualTo(size / 2);
    }
  }

  @Test
  void while_one_is_served_all_but_two_buffers_take_requests() {
    for (int count : List.of(2, 3, 4, 8)) {
      RequestBuffers buffers = new RequestBuffers(count);
      buffers.offer(Samples.LINK, Bytes.EMPTY);
      assertThat(buffers.serve()).isPresent();
      burst(8).forEach(request -> buffers.offer(Samples.LINK, request));
      assertThat(buffers.dropped()).as("%d buffers", count).isEqualTo(8 - (count - 2));
      buffers.served();
      assertThat(drain(buffers)).isEqualTo(burst(8).subList(0, count - 2));
    }
  }

  @Test
  void a_window_of_one_less_than_the_buffers_loses_nothing() {
    for (int count = 2; count <= 16; count++) {
      RequestBuffers buffers = new RequestBuffers(count);
      for (int i = 0; i < count - 1; i++) {
        buffers.offer(Samples.LINK, Bytes.ofInts(i));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(buffers.serve()).isPresent();
        buffers.served();
        buffers.offer(Samples.LINK, Bytes.ofInts(i));
      }
      assertThat(buffers.dropped()).isZero();
    }
  }

  @Test
  void a_single_buffer_takes_one_request_and_answers_in_place() {
    RequestBuffers buffers = new RequestBuffers(1);
    burst(4).forEach(request -> buffers.offer(Samples.LINK, request));
    assertThat(buffers.dropped()).isEqualTo(3);
    assertThat(buffers.serve()).isPresent();
    buffers.offer(Samples.LINK, Bytes.EMPTY);
    assertThat(buffers.dropped()).isEqualTo(4);
    buffers.served();
    buffers.offer(Samples.LINK, Bytes.EMPTY);
    assertThat(buffers.serve()).isPresent();
  }
}
