// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.MemoryStore;
import dev.sealift.smp.server.Samples;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.testkit.Weather;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The engine against a real server object over a simulated link: one thread, one seed, no clock.
class UploadTest {
  private static final long MILLI = 1_000_000;

  private static World world(MemoryStore store, Bytes file, int buffers, Weather weather) {
    SmpServer server =
        new SmpServer(
            Samples.setup(512, buffers), Samples.FACTS, store, List.of(), Hooks.NONE, _ -> {});
    Frame frame = Frame.of(new Os.ParametersReply(512, buffers), 1500);
    return new World(
        server, new Upload(new ChunkedContent.Image(file), frame), weather, 15 * MILLI, MILLI);
  }

  @Property(tries = 120)
  void everything_arrives_through_loss_duplication_and_reordering(
      @ForAll long seed,
      @ForAll @IntRange(min = 40, max = 30_000) int size,
      @ForAll @IntRange(min = 2, max = 8) int buffers,
      @ForAll @DoubleRange(min = 0, max = 0.25) double lost,
      @ForAll @DoubleRange(min = 0, max = 0.2) double twice,
      @ForAll @DoubleRange(min = 0, max = 0.2) double late) {
    MemoryStore store = new MemoryStore();
    Bytes file = Samples.image(size);
    World world = world(store, file, buffers, new Weather(seed, lost, twice, late));
    world.run();
    if (world.end.orElseThrow() instanceof Upload.Action.Finished) {
      assertThat(store.finishedLast()).contains(file);
    } else {
      // Only silence may end it, and only where nearly everything is lost again and again.
      assertThat(world.end.get())
          .isInstanceOfSatisfying(
              Upload.Action.Failed.class,
              failed -> assertThat(failed.failure()).isInstanceOf(Upload.Failure.Silent.class));
      assertThat(lost).isGreaterThan(0.15);
    }
  }

  @Test
  void the_window_is_what_the_server_can_hold_and_nothing_is_dropped() {
    MemoryStore store = new MemoryStore();
    World world = world(store, Samples.image(50_000), 4, Weather.fair());
    world.run();
    assertThat(store.finished()).isPresent();
    assertThat(world.buffers.dropped()).isZero();
    assertThat(world.outMax).isEqualTo(3);
  }

  @Test
  void without_loss_every_byte_is_sent_once() {
    MemoryStore store = new MemoryStore();
    Bytes file = Samples.image(50_000);
    World world = world(store, file, 4, Weather.fair());
    world.run();
    int chunk = new ChunkedContent.Image(file).dataAt(4000, 512, 4).size();
    assertThat(chunk % 4).isZero();
    assertThat(world.sent).isLessThanOrEqualTo(50_000 / chunk + 2);
  }

  @Test
  void a_lost_answer_costs_nothing_when_a_later_one_arrives() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 3));
    int first = sends(upload.start(0)).getFirst();
    List<Integer> window = sends(upload.answered(first, offset(400), MILLI));
    assertThat(window).hasSize(3);
    // The first two answers are lost; the third says that all three have arrived.
    Upload.Action.Send last = lastSend(upload, 400, 3);
    List<Upload.Action> then =
        upload.answered(window.get(2), offset(offsetOf(last) + 0), 2 * MILLI);
    assertThat(sends(then)).hasSize(3);
  }

  @Test
  void a_dropped_chunk_sends_the_whole_window_again_from_the_servers_offset() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(9000)), new Frame(512, 3));
    int first = sends(upload.start(0)).getFirst();
    List<Integer> window = sends(upload.answered(first, offset(400), MILLI));
    List<Upload.Action> again = upload.answered(window.get(1), offset(400), 2 * MILLI);
    assertThat(sends(again)).hasSize(3);
    assertThat(requests(again).getFirst().offset()).contains(400L);
    // What still comes for the old window says nothing new.
    assertThat(sends(upload.answered(window.get(2), offset(400), 3 * MILLI))).isEmpty();
  }

  @Test
  void an_answer_that_shows_a_cut_chunk_goes_on_exactly_there() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    List<Upload.Action> then = upload.answered(first, offset(398), MILLI);
    assertThat(requests(then).getFirst().offset()).contains(398L);
  }

  @Test
  void an_upload_known_to_the_device_resumes_where_it_stood() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    assertThat(requests(upload.answered(first, offset(3000), MILLI)).getFirst().offset())
        .contains(3000L);
  }

  @Test
  void a_device_that_has_it_all_gets_nothing_more() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    assertThat(upload.answered(first, offset(4000), MILLI))
        .singleElement()
        .isInstanceOf(Upload.Action.Finished.class);
  }

  @Test
  void a_busy_device_is_asked_again_after_a_pause() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    List<Upload.Action> then =
        upload.answered(
            first,
            new Answer.Refused<>(
                new Answer.Protocol(Answer.ResultCode.BUSY, Optional.empty()), CborMap.EMPTY),
            MILLI);
    assertThat(then).singleElement().isInstanceOf(Upload.Action.WakeAt.class);
    assertThat(sends(upload.tick(200 * MILLI))).hasSize(1);
  }

  @Test
  void a_refusal_ends_it_and_is_handed_on() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    var refused =
        new Answer.Refused<Images.UploadReply>(new Answer.OfGroup(1000, 18), CborMap.EMPTY);
    assertThat(upload.answered(first, refused, MILLI))
        .containsExactly(new Upload.Action.Failed(new Upload.Failure.Refused(refused)));
  }

  @Test
  void silence_ends_it_after_a_bounded_time() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    List<Upload.Action> actions = upload.start(0);
    for (int i = 0; i < 100; i++) {
      if (actions.getLast() instanceof Upload.Action.Failed(Upload.Failure.Silent(var waited))) {
        assertThat(waited.toSeconds()).isEqualTo(39);
        return;
      }
      long wake = ((Upload.Action.WakeAt) actions.getLast()).nanos();
      actions = upload.tick(wake);
    }
    throw new AssertionError("never gave up");
  }

  @Test
  void a_device_that_never_moves_on_ends_it() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 1));
    List<Upload.Action> actions = upload.start(0);
    long now = 0;
    for (int i = 0; i < 1000; i++) {
      switch (actions.getLast()) {
        case Upload.Action.Failed(var failure) -> {
          assertThat(failure).isInstanceOf(Upload.Failure.Stuck.class);
          return;
        }
        case Upload.Action.WakeAt(var wake) -> {
          List<Integer> sent = sends(actions);
          now = sent.isEmpty() ? wake : now + MILLI;
          actions =
              sent.isEmpty() ? upload.tick(now) : upload.answered(sent.getFirst(), offset(0), now);
        }
        case Upload.Action.Send _, Upload.Action.Finished _ -> throw new AssertionError(actions);
      }
    }
    throw new AssertionError("never gave up");
  }

  @Test
  void a_device_that_gives_up_its_progress_again_and_again_ends_it() {
    for (long high : List.of(4L, 400L, 3999L)) {
      Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 1));
      List<Upload.Action> actions = upload.start(0);
      long now = 0;
      long said = 0;
      int answers = 0;
      while (!(actions.getLast() instanceof Upload.Action.Failed)) {
        List<Integer> sent = sends(actions);
        if (sent.isEmpty()) {
          actions = upload.tick(((Upload.Action.WakeAt) actions.getLast()).nanos());
          continue;
        }
        assertThat(++answers).as("bounded").isLessThan(1000);
        now += MILLI;
        said = said == 0 ? high : 0;
        actions = upload.answered(sent.getFirst(), offset(said), now);
      }
      assertThat(actions).containsExactly(new Upload.Action.Failed(new Upload.Failure.Stuck(0)));
    }
  }

  @Test
  void a_device_that_lost_its_upload_gets_all_of_it_again() {
    Bytes file = Samples.image(4000);
    Upload upload = new Upload(new ChunkedContent.Image(file), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    List<Integer> window = sends(upload.answered(first, offset(3000), MILLI));
    List<Upload.Action> again = upload.answered(window.getFirst(), offset(0), 2 * MILLI);
    assertThat(upload.acknowledged()).isZero();
    assertThat(requests(again).getFirst().sha()).contains(file.sha256());
  }

  @Test
  void a_device_that_stays_busy_is_asked_for_as_long_as_an_erase_may_take() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    List<Upload.Action> actions = upload.start(0);
    long now = 0;
    while (!(actions.getLast() instanceof Upload.Action.Failed)) {
      List<Integer> sent = sends(actions);
      if (sent.isEmpty()) {
        now = ((Upload.Action.WakeAt) actions.getLast()).nanos();
        actions = upload.tick(now);
      } else {
        actions = upload.answered(sent.getFirst(), refused(Answer.ResultCode.BUSY), now);
      }
    }
    assertThat(now / (1000 * MILLI)).isBetween(40L, 60L);
  }

  @Test
  void a_device_without_a_free_buffer_is_busy_once_the_upload_has_begun() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    List<Integer> window = sends(upload.answered(first, offset(400), MILLI));
    assertThat(upload.answered(window.getLast(), refused(Answer.ResultCode.NO_MEMORY), 2 * MILLI))
        .singleElement()
        .isInstanceOf(Upload.Action.WakeAt.class);
    assertThat(requests(upload.tick(200 * MILLI)).getFirst().offset()).contains(400L);
  }

  @Test
  void a_device_without_memory_for_the_first_chunk_has_refused() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    assertThat(upload.answered(first, refused(Answer.ResultCode.NO_MEMORY), MILLI))
        .singleElement()
        .isInstanceOf(Upload.Action.Failed.class);
  }

  @Test
  void an_offset_beyond_the_end_ends_it() {
    for (long beyond : List.of(4001L, 1L << 32, Long.MAX_VALUE)) {
      Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
      int first = sends(upload.start(0)).getFirst();
      assertThat(upload.answered(first, offset(beyond), MILLI))
          .containsExactly(new Upload.Action.Failed(new Upload.Failure.Stuck(beyond)));
    }
  }

  @Test
  void after_the_end_nothing_is_done_any_more() {
    Upload upload = new Upload(new ChunkedContent.Image(Samples.image(4000)), new Frame(512, 2));
    int first = sends(upload.start(0)).getFirst();
    upload.answered(first, offset(4000), MILLI);
    assertThat(upload.answered(first, offset(0), 2 * MILLI)).isEmpty();
    assertThat(upload.tick(Long.MAX_VALUE / 2)).isEmpty();
  }

  private static Answer<Images.UploadReply> refused(int code) {
    return new Answer.Refused<>(new Answer.Protocol(code, Optional.empty()), CborMap.EMPTY);
  }

  private static Answer<Images.UploadReply> offset(long offset) {
    return new Answer.Done<>(new Images.UploadReply(offset, Optional.empty()));
  }

  private static List<Integer> sends(List<Upload.Action> actions) {
    List<Integer> tokens = new ArrayList<>();
    for (Upload.Action action : actions) {
      if (action instanceof Upload.Action.Send(var token, _)) {
        tokens.add(token);
      }
    }
    return tokens;
  }

  private static List<Images.Upload> requests(List<Upload.Action> actions) {
    List<Images.Upload> requests = new ArrayList<>();
    for (Upload.Action action : actions) {
      if (action instanceof Upload.Action.Send(_, Images.Upload request)) {
        requests.add(request);
      }
    }
    return requests;
  }

  /// The chunk that would follow `count` whole chunks from `offset` on.
  private static Upload.Action.Send lastSend(Upload upload, long offset, int count) {
    ChunkedContent content = new ChunkedContent.Image(Samples.image((int) upload.total()));
    long at = offset;
    for (int i = 0; i < count; i++) {
      at += content.dataAt(at, 512, 4).size();
    }
    return new Upload.Action.Send(0, content.chunk(at, Bytes.EMPTY));
  }

  private static long offsetOf(Upload.Action.Send send) {
    return ((Images.Upload) send.request()).offset().orElseThrow();
  }
}
