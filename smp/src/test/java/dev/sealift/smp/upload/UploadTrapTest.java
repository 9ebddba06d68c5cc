// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.FilesError;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Group;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import dev.sealift.smp.Reply;
import dev.sealift.smp.server.FilesService;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.ImageStore;
import dev.sealift.smp.server.MemoryFiles;
import dev.sealift.smp.server.MemoryStore;
import dev.sealift.smp.server.Mood;
import dev.sealift.smp.server.Samples;
import dev.sealift.smp.server.ServedGroup;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.server.Trait;
import dev.sealift.testkit.Weather;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What real servers do to an upload, each against the virtual server in that mood (reference,
/// section 3): the engine gets the file there, or says why not, and sends little more than it must.
class UploadTrapTest {
  private static final long MILLI = 1_000_000;
  private static final int SIZE = 20_000;

  private final MemoryStore store = new MemoryStore();
  private final Bytes file = Samples.image(SIZE);

  private World world(Mood mood, int bufferSize, Frame frame) {
    return world(mood, bufferSize, frame, new Weather(1, 0, 0, 0));
  }

  private World world(Mood mood, int bufferSize, Frame frame, Weather weather) {
    SmpServer server =
        new SmpServer(
            new SmpServer.Setup(bufferSize, 4, mood),
            Samples.FACTS,
            store,
            List.of(),
            Hooks.NONE,
            _ -> {});
    return new World(
        server, new Upload(new ChunkedContent.Image(file), frame), weather, 5 * MILLI, MILLI);
  }

  private void arrived(World world) {
    world.run();
    assertThat(world.end).get().isInstanceOf(Upload.Action.Finished.class);
    assertThat(store.finishedLast()).contains(file);
  }

  private static int chunks(int requestMax) {
    return Math.ceilDiv(SIZE, requestMax - 100);
  }

  // 7. Alignment.

  @Test
  void a_server_that_cuts_chunks_to_its_flash_shows_its_unit_once() {
    for (int unit : List.of(8, 16, 32)) {
      store.writesInUnitsOf(unit);
      World world = world(Mood.ZEPHYR.with(Trait.CUTS_UNALIGNED), 512, new Frame(509, 3));
      arrived(world);
      // One window is lost to the first cut of a first chunk, one more to that of a later one.
      assertThat(world.sent).as("unit %d", unit).isLessThanOrEqualTo(chunks(509) + 8);
    }
  }

  @Test
  void a_unit_of_four_is_never_cut() {
    store.writesInUnitsOf(4);
    World world = world(Mood.ZEPHYR.with(Trait.CUTS_UNALIGNED), 512, new Frame(509, 3));
    arrived(world);
    assertThat(world.sent).isLessThanOrEqualTo(chunks(509));
  }

  @Test
  void a_smaller_offset_than_was_sent_is_where_the_next_chunk_begins() {
    Upload upload = new Upload(new ChunkedContent.Image(file), new Frame(512, 1));
    int token = send(upload.start(0)).token();
    Upload.Action.Send next = send(upload.answered(token, offset(448), MILLI));
    assertThat(((Images.Upload) next.request()).offset()).contains(448L);
  }

  @Test
  void a_device_that_takes_a_byte_at_a_time_is_given_up() {
    Upload upload = new Upload(new ChunkedContent.Image(file), new Frame(512, 1));
    List<Upload.Action> actions = upload.start(0);
    for (int answers = 1; answers < 1100; answers++) {
      if (actions.getFirst() instanceof Upload.Action.Failed(var failure)) {
        assertThat(failure).isInstanceOf(Upload.Failure.Stuck.class);
        assertThat(answers).isLessThan(1010);
        return;
      }
      actions = upload.answered(send(actions).token(), offset(answers), answers * MILLI);
    }
    throw new AssertionError("never gave up");
  }

  // Old servers.

  @Test
  void a_server_of_2019_gets_small_chunks_with_the_digest_behind_the_data() {
    World world = world(Mood.ZEPHYR_1_14, 2048, new Frame(1500, 1));
    arrived(world);
    assertThat(store.erased()).isEqualTo(ImageStore.Erasing.AT_ONCE);
    assertThat(world.sent).isLessThanOrEqualTo(Math.ceilDiv(SIZE, 512) + 1);
  }

  @Test
  void a_server_of_2019_that_has_restarted_gets_all_of_it_again() {
    Upload upload = new Upload(new ChunkedContent.Image(file), new Frame(512, 1));
    int first = send(upload.start(0)).token();
    int second = send(upload.answered(first, offset(400), MILLI)).token();
    Upload.Action.Send again = send(upload.answered(second, refused(3), 2 * MILLI));
    assertThat(((Images.Upload) again.request()).sha()).contains(file.sha256());
    assertThat(upload.acknowledged()).isZero();
  }

  @Test
  void a_small_first_chunk_that_is_invalid_is_refused() {
    Upload upload = new Upload(new ChunkedContent.Image(file), new Frame(384, 1));
    int first = send(upload.start(0)).token();
    assertThat(upload.answered(first, refused(3), MILLI).getFirst())
        .isInstanceOf(Upload.Action.Failed.class);
  }

  @Test
  void a_pending_slot_is_a_refusal_in_every_mood() {
    store.refuseUploads(ImageError.NO_FREE_SLOT);
    for (Mood mood : Mood.NAMED) {
      World world = world(mood, 512, new Frame(384, 1));
      world.run();
      assertThat(world.end)
          .get()
          .as(mood.name())
          .isInstanceOfSatisfying(
              Upload.Action.Failed.class,
              failed -> assertThat(failed.failure()).isInstanceOf(Upload.Failure.Refused.class));
      assertThat(store.begun()).isZero();
    }
  }

  @Test
  void every_mood_takes_a_whole_file_through_loss_and_reordering() {
    for (Mood mood : Mood.NAMED) {
      store.writesInUnitsOf(8);
      arrived(world(mood, 512, new Frame(500, 3), new Weather(7, 0.05, 0.02, 0.05)));
    }
  }

  // 6. The end.

  @Test
  void a_last_chunk_whose_answer_was_lost_and_that_is_repeated_is_done() {
    for (Answer<Reply> answer : List.<Answer<Reply>>of(offset(0), refused(3))) {
      Upload upload = new Upload(new ChunkedContent.Image(file), new Frame(512, 1));
      int first = send(upload.start(0)).token();
      List<Upload.Action> last = upload.answered(first, offset(SIZE - 100), MILLI);
      long wake = wake(last);
      Upload.Action.Send again = send(upload.tick(wake));
      assertThat(((Images.Upload) again.request()).offset()).contains((long) SIZE - 100);
      assertThat(upload.answered(again.token(), answer, wake + MILLI))
          .containsExactly(
              new Upload.Action.Finished(new Images.UploadReply(SIZE, Optional.empty())));
    }
  }

  @Test
  void a_last_chunk_that_was_sent_once_and_finds_no_upload_begins_anew() {
    Upload upload = new Upload(new ChunkedContent.Image(file), new Frame(512, 1));
    int first = send(upload.start(0)).token();
    int last = send(upload.answered(first, offset(SIZE - 100), MILLI)).token();
    Upload.Action.Send again = send(upload.answered(last, offset(0), 2 * MILLI));
    assertThat(((Images.Upload) again.request()).offset()).contains(0L);
  }

  // 3. The image check.

  @Test
  void a_device_that_has_the_file_already_gets_one_chunk() {
    Mood checking = Mood.ZEPHYR.with(Trait.CHECKS_IMAGE);
    arrived(world(checking, 512, new Frame(500, 3)));
    int begun = store.begun();
    World again = world(checking, 512, new Frame(500, 3));
    again.run();
    assertThat(again.end)
        .contains(new Upload.Action.Finished(new Images.UploadReply(SIZE, Optional.of(true))));
    assertThat(again.sent).isEqualTo(1);
    assertThat(store.begun()).isEqualTo(begun);
  }

  // 9. Busy storage.

  @Test
  void busy_storage_is_waited_for_whether_it_says_so_or_keeps_its_offset() {
    for (Mood mood : List.of(Mood.ZEPHYR, Mood.ZEPHYR.with(Trait.BUSY_IN_SILENCE))) {
      World world = world(mood, 512, new Frame(500, 3));
      store.is(ImageStore.Readiness.BUSY);
      world.at(600 * MILLI, () -> store.is(ImageStore.Readiness.READY));
      world.at(900 * MILLI, () -> store.is(ImageStore.Readiness.BUSY));
      world.at(1500 * MILLI, () -> store.is(ImageStore.Readiness.READY));
      arrived(world);
    }
  }

  // Buffers.

  @Test
  void one_request_too_many_is_dropped_and_costs_one_restart_not_the_upload() {
    World world = world(Mood.ZEPHYR, 512, new Frame(500, 8));
    arrived(world);
    assertThat(world.buffers.dropped()).isPositive();
  }

  // Files.

  @Test
  void a_lost_answer_to_a_part_of_a_file_is_repaired_by_the_length_in_the_refusal() {
    for (long seed = 1; seed < 20; seed++) {
      MemoryFiles files = new MemoryFiles("/lfs1", 100_000);
      World world = sent(new ChunkedContent.File("/lfs1/f", file), files, seed);
      assertThat(world.end).get().isInstanceOf(Upload.Action.Finished.class);
      assertThat(files.read("/lfs1/f", 0, SIZE)).contains(file);
    }
  }

  @Test
  void the_rest_of_a_file_goes_behind_what_is_there() {
    int there = 1234;
    for (long seed = 1; seed < 20; seed++) {
      MemoryFiles files = new MemoryFiles("/lfs1", 100_000);
      files.write("/lfs1/f", 0, file.first(there));
      World world =
          sent(new ChunkedContent.FileRest("/lfs1/f", file.from(there), there), files, seed);
      assertThat(world.end).get().isInstanceOf(Upload.Action.Finished.class);
      assertThat(files.read("/lfs1/f", 0, SIZE)).contains(file);
    }
  }

  @Test
  void the_rest_of_a_file_is_not_put_behind_something_shorter() {
    MemoryFiles files = new MemoryFiles("/lfs1", 100_000);
    files.write("/lfs1/f", 0, file.first(100));
    World world = sent(new ChunkedContent.FileRest("/lfs1/f", file.from(1234), 1234), files, 1);
    assertThat(world.end).get().isInstanceOf(Upload.Action.Failed.class);
    assertThat(files.read("/lfs1/f", 0, SIZE)).contains(file.first(100));
  }

  private World sent(ChunkedContent content, MemoryFiles files, long seed) {
    SmpServer server =
        new SmpServer(
            new SmpServer.Setup(512, 4),
            Samples.FACTS,
            store,
            List.of(ServedGroup.of(Group.FILES, new FilesService(files, 512))),
            Hooks.NONE,
            _ -> {});
    World world =
        new World(
            server,
            new Upload(content, new Frame(400, 3)),
            new Weather(seed, 0.1, 0.05, 0.05),
            5 * MILLI,
            MILLI);
    world.run();
    return world;
  }

  @Test
  void another_refusal_of_a_file_ends_it() {
    Upload upload = new Upload(new ChunkedContent.File("/x", file), new Frame(512, 1));
    int first = send(upload.start(0)).token();
    assertThat(
            upload.answered(
                first, new Answer.Refused<>(FilesError.READ_ONLY.reason(), CborMap.EMPTY), MILLI))
        .hasSize(1)
        .first()
        .isInstanceOf(Upload.Action.Failed.class);
  }

  private static Answer<Reply> offset(long offset) {
    return new Answer.Done<>(new Images.UploadReply(offset, Optional.empty()));
  }

  private static Answer<Reply> refused(int code) {
    return new Answer.Refused<>(
        new Answer.Protocol(code, Optional.empty()), CborMap.builder().put("rc", code).build());
  }

  private static Upload.Action.Send send(List<Upload.Action> actions) {
    return actions.stream()
        .filter(Upload.Action.Send.class::isInstance)
        .map(Upload.Action.Send.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static long wake(List<Upload.Action> actions) {
    return ((Upload.Action.WakeAt) actions.getLast()).nanos();
  }
}
