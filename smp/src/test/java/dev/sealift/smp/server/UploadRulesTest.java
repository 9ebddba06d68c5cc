// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Command;
import dev.sealift.smp.Group;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The rules of an upload at the server. Each refusal also shows that nothing was begun or written.
class UploadRulesTest {
  private static final Bytes FILE = Samples.image(1000);
  private static final Bytes OTHER = Samples.image(999);

  private final RecordingHooks hooks = new RecordingHooks();
  private final Talk talk = new Talk(512, hooks);

  // Opening.

  @Test
  void a_chunk_without_offset_is_refused() {
    refused(ImageError.OFFSET_MISSING, CborMap.builder().put("data", FILE.first(64)).build());
  }

  @Test
  void a_first_chunk_that_is_shorter_than_the_header_is_refused() {
    for (int size : List.of(0, 1, 4, 31)) {
      refused(ImageError.HEADER_SHORT, first(FILE, size));
    }
  }

  @Test
  void a_first_chunk_without_data_is_refused() {
    refused(ImageError.HEADER_SHORT, CborMap.builder().put("off", 0).put("len", 1000).build());
  }

  @Test
  void a_first_chunk_of_just_the_header_is_taken() {
    assertThat(talk.ask(first(FILE, 32))).isEqualTo(offset(32));
    assertThat(talk.store.content()).isEqualTo(FILE.first(32));
  }

  @Test
  void a_first_chunk_without_length_is_refused() {
    refused(
        ImageError.LENGTH_MISSING,
        CborMap.builder().put("off", 0).put("data", FILE.first(64)).build());
  }

  @Test
  void a_first_chunk_without_the_magic_is_refused() {
    Bytes noImage = Bytes.concat(Bytes.ofHex("3db8f397"), FILE.from(4));
    refused(ImageError.MAGIC_WRONG, first(noImage, 64));
  }

  @Test
  void a_digest_longer_than_a_sha_256_is_refused() {
    refused(ImageError.HASH_LENGTH, Images.Upload.first(FILE.first(64), 1000, Bytes.filled(33, 1)));
  }

  @Test
  void a_file_larger_than_the_slot_is_refused_whatever_it_claims() {
    long max = talk.store.uploadSizeMax(0);
    for (long length : List.of(max + 1, 1L << 32, Long.MAX_VALUE)) {
      refused(ImageError.TOO_LARGE, Images.Upload.first(FILE.first(64), length, FILE.sha256()));
    }
    assertThat(talk.offset(Images.Upload.first(FILE.first(64), max, FILE.sha256()))).isEqualTo(64);
  }

  @Test
  void a_first_chunk_longer_than_its_file_is_refused() {
    refused(ImageError.OVERRUN, Images.Upload.first(FILE.first(64), 63, FILE.sha256()));
    refused(ImageError.OVERRUN, Images.Upload.first(FILE.first(64), 0, FILE.sha256()));
  }

  @Test
  void numbers_below_zero_are_invalid_and_leave_the_upload_alone() {
    talk.offset(first(FILE, 400));
    for (CborMap negative :
        List.of(
            CborMap.builder().put("off", -1).put("data", FILE.first(64)).build(),
            CborMap.builder().put("off", Long.MIN_VALUE).put("data", FILE.first(64)).build(),
            CborMap.builder().put("off", 0).put("len", -5).put("data", FILE.first(64)).build(),
            CborMap.builder()
                .put("image", -1)
                .put("off", 0)
                .put("len", 1000)
                .put("data", FILE.first(64))
                .build())) {
      assertThat(talk.ask(Command.IMAGE_UPLOAD, negative))
          .isEqualTo(Talk.code(Answer.ResultCode.INVALID));
    }
    assertThat(talk.offset(next(FILE, 400, 450))).isEqualTo(450);
  }

  @Test
  void another_image_than_the_one_there_is_is_refused() {
    refused(
        ImageError.BAD_SLOT,
        CborMap.builder()
            .put("image", 1)
            .put("off", 0)
            .put("len", 1000)
            .put("data", FILE.first(64))
            .build());
  }

  @Test
  void an_upload_is_for_the_image_that_its_first_chunk_names() {
    talk.store.hasImages(3);
    assertThat(talk.offset(first(FILE, 400).to(2))).isEqualTo(400);
    assertThat(talk.store.begunFor()).isEqualTo(2);
    assertThat(talk.offset(next(FILE, 400, 800))).isEqualTo(800);
    assertThat(talk.offset(next(FILE, 800, 1000))).isEqualTo(1000);
    assertThat(talk.store.finished()).contains(FILE);
    assertThat(talk.offset(first(FILE, 400))).isEqualTo(400);
    assertThat(talk.store.begunFor()).isZero();
  }

  @Test
  void an_image_beyond_those_of_the_device_is_refused() {
    talk.store.hasImages(3);
    for (int image : List.of(3, 4, Integer.MAX_VALUE)) {
      refused(ImageError.BAD_SLOT, first(FILE, 64).to(image));
    }
    refused(
        ImageError.BAD_SLOT,
        CborMap.builder()
            .put("image", Long.MAX_VALUE)
            .put("off", 0)
            .put("len", 1000)
            .put("data", FILE.first(64))
            .build());
  }

  @Test
  void the_same_file_for_another_image_is_a_new_upload() {
    talk.store.hasImages(2);
    talk.offset(first(FILE, 400));
    assertThat(talk.offset(first(FILE, 300).to(1))).isEqualTo(300);
    assertThat(talk.store.begun()).isEqualTo(2);
    assertThat(talk.offset(first(FILE, 200).to(1))).as("resumed").isEqualTo(300);
    assertThat(talk.store.begun()).isEqualTo(2);
  }

  @Test
  void with_upgrade_an_older_or_equal_version_is_refused_and_a_newer_one_taken() {
    refused(ImageError.CURRENT_NEWER, upgrade(versioned(0, 9)));
    refused(ImageError.CURRENT_NEWER, upgrade(versioned(1, 0)));
    assertThat(talk.offset(upgrade(versioned(1, 1)))).isEqualTo(64);
  }

  @Test
  void without_upgrade_an_older_version_is_taken() {
    Bytes older = versioned(0, 9);
    assertThat(talk.offset(Images.Upload.first(older, 1000, older.sha256()))).isEqualTo(64);
  }

  @Test
  void an_upload_without_a_free_slot_is_refused() {
    talk.store.refuseUploads(ImageError.NO_FREE_SLOT);
    refused(ImageError.NO_FREE_SLOT, first(FILE, 64));
  }

  // Going on.

  @Test
  void a_file_arrives_chunk_by_chunk() {
    assertThat(talk.offset(first(FILE, 400))).isEqualTo(400);
    assertThat(talk.offset(next(FILE, 400, 800))).isEqualTo(800);
    assertThat(talk.store.finished()).isEmpty();
    assertThat(talk.offset(next(FILE, 800, 1000))).isEqualTo(1000);
    assertThat(talk.store.finished()).contains(FILE);
    assertThat(hooks.notices).containsExactly(Hooks.Notice.STARTED, Hooks.Notice.COMPLETED);
  }

  @Test
  void a_file_of_one_chunk_is_done_with_it() {
    Bytes small = Samples.image(100);
    assertThat(talk.offset(first(small, 100))).isEqualTo(100);
    assertThat(talk.store.finished()).contains(small);
  }

  @Test
  void a_chunk_at_another_offset_is_dropped_and_answered_with_the_stored_one() {
    talk.offset(first(FILE, 400));
    for (long offset : List.of(1L, 399L, 401L, 800L, 999L, 1000L, 1L << 40, Long.MAX_VALUE)) {
      assertThat(talk.offset(Images.Upload.next(offset, FILE.first(64))))
          .as("chunk at %d", offset)
          .isEqualTo(400);
    }
    assertThat(talk.store.content()).isEqualTo(FILE.first(400));
    assertThat(hooks.offsets).as("only what is to be written is judged").containsExactly(0L);
    assertThat(talk.offset(next(FILE, 400, 800))).isEqualTo(800);
  }

  @Test
  void a_chunk_without_a_session_is_answered_with_zero() {
    assertThat(talk.offset(next(FILE, 400, 800))).isZero();
    assertThat(talk.store.begun()).isZero();
  }

  @Test
  void a_chunk_past_the_end_ends_the_upload() {
    talk.offset(first(FILE, 400));
    assertThat(talk.ask(Images.Upload.next(400, Bytes.filled(450, 1))).entries())
        .as("still within the file")
        .isEqualTo(offset(850).entries());
    assertThat(talk.ask(Images.Upload.next(850, Bytes.filled(151, 1))))
        .isEqualTo(Talk.error(ImageError.OVERRUN));
    assertThat(talk.store.content().size()).isEqualTo(850);
    assertThat(talk.store.finished()).isEmpty();
    assertThat(talk.offset(Images.Upload.next(850, Bytes.filled(150, 1)))).isZero();
    assertThat(hooks.notices).containsExactly(Hooks.Notice.STARTED, Hooks.Notice.STOPPED);
  }

  @Test
  void an_empty_chunk_says_where_the_upload_stands() {
    talk.offset(first(FILE, 400));
    assertThat(talk.offset(Images.Upload.next(400, Bytes.EMPTY))).isEqualTo(400);
  }

  @Test
  void a_repeated_last_chunk_is_answered_with_zero_and_changes_nothing() {
    talk.offset(first(FILE, 400));
    talk.offset(next(FILE, 400, 800));
    talk.offset(next(FILE, 800, 1000));
    assertThat(talk.offset(next(FILE, 800, 1000))).isZero();
    assertThat(talk.store.finished()).contains(FILE);
    assertThat(talk.store.begun()).isEqualTo(1);
  }

  @Test
  void an_error_ends_the_upload() {
    talk.offset(first(FILE, 400));
    assertThat(talk.ask(Command.IMAGE_UPLOAD, CborMap.builder().put("data", FILE).build()))
        .isEqualTo(Talk.code(Answer.ResultCode.CORRUPT));
    assertThat(talk.offset(next(FILE, 400, 450))).as("damaged on the way").isEqualTo(450);
    assertThat(talk.ask(Command.IMAGE_UPLOAD, CborMap.EMPTY))
        .isEqualTo(Talk.error(ImageError.OFFSET_MISSING));
    assertThat(talk.offset(next(FILE, 450, 500))).isZero();
  }

  @Test
  void erasing_ends_the_upload() {
    talk.offset(first(FILE, 400));
    assertThat(talk.ask(new Images.Erase(Optional.empty()))).isEqualTo(CborMap.EMPTY);
    assertThat(talk.offset(next(FILE, 400, 800))).isZero();
  }

  @Test
  void one_upload_is_shared_by_all_links() {
    talk.offset(first(FILE, 400));
    Bytes second = SmpMessage.request(next(FILE, 400, 800), SmpMessage.Version.V2, 1).write();
    assertThat(talk.server.receive(new LinkId("another"), second))
        .singleElement()
        .satisfies(answer -> assertThat(Talk.fields(answer)).isEqualTo(offset(800)));
  }

  // Resuming.

  @Test
  void the_first_chunk_of_the_same_file_resumes_and_writes_nothing() {
    talk.offset(first(FILE, 400));
    talk.offset(next(FILE, 400, 800));
    assertThat(talk.offset(first(FILE, 200))).isEqualTo(800);
    assertThat(talk.store.begun()).isEqualTo(1);
    assertThat(talk.store.content()).isEqualTo(FILE.first(800));
    assertThat(talk.offset(next(FILE, 800, 1000))).isEqualTo(1000);
    assertThat(talk.store.finished()).contains(FILE);
  }

  @Test
  void a_digest_of_another_length_is_a_new_upload() {
    talk.offset(first(FILE, 400));
    Bytes shorter = FILE.sha256().first(31);
    assertThat(talk.offset(Images.Upload.first(FILE.first(200), 1000, shorter))).isEqualTo(200);
    assertThat(talk.store.begun()).isEqualTo(2);
  }

  @Test
  void a_short_digest_resumes_its_own_upload() {
    Bytes short8 = FILE.sha256().first(8);
    talk.offset(Images.Upload.first(FILE.first(400), 1000, short8));
    assertThat(talk.offset(Images.Upload.first(FILE.first(64), 1000, short8))).isEqualTo(400);
    assertThat(talk.store.begun()).isEqualTo(1);
  }

  @Test
  void without_a_digest_nothing_is_resumed() {
    CborMap nameless =
        CborMap.builder().put("off", 0).put("len", 1000).put("data", FILE.first(64)).build();
    assertThat(talk.ask(Command.IMAGE_UPLOAD, nameless)).isEqualTo(offset(64));
    talk.offset(next(FILE, 64, 128));
    assertThat(talk.ask(Command.IMAGE_UPLOAD, nameless)).isEqualTo(offset(64));
    assertThat(talk.store.begun()).isEqualTo(2);
  }

  @Test
  void an_empty_digest_is_none() {
    talk.offset(Images.Upload.first(FILE.first(400), 1000, Bytes.EMPTY));
    assertThat(talk.offset(Images.Upload.first(OTHER.first(64), 999, Bytes.EMPTY))).isEqualTo(64);
    assertThat(talk.store.content()).isEqualTo(OTHER.first(64));
  }

  @Test
  void another_file_begins_anew() {
    talk.offset(first(FILE, 400));
    assertThat(talk.offset(first(OTHER, 300))).isEqualTo(300);
    assertThat(talk.store.content()).isEqualTo(OTHER.first(300));
    assertThat(talk.offset(next(FILE, 400, 800))).isEqualTo(300);
  }

  // The hook.

  @Test
  void a_first_chunk_that_the_hook_refuses_begins_nothing() {
    hooks.verdict = refuse();
    assertThat(talk.ask(first(FILE, 400))).isEqualTo(Talk.error(Group.PERMIT, 7));
    assertThat(talk.store.begun()).isZero();
    assertThat(talk.store.content()).isEqualTo(Bytes.EMPTY);
    hooks.verdict = new Hooks.ChunkVerdict.Proceed();
    assertThat(talk.offset(next(FILE, 400, 800))).isZero();
    assertThat(hooks.notices).isEmpty();
  }

  @Test
  void a_later_chunk_that_the_hook_refuses_ends_the_upload_and_is_not_written() {
    talk.offset(first(FILE, 400));
    hooks.verdict = refuse();
    assertThat(talk.ask(next(FILE, 400, 800))).isEqualTo(Talk.error(Group.PERMIT, 7));
    assertThat(talk.store.content()).isEqualTo(FILE.first(400));
    hooks.verdict = new Hooks.ChunkVerdict.Proceed();
    assertThat(talk.offset(next(FILE, 400, 800))).isZero();
    assertThat(hooks.notices).containsExactly(Hooks.Notice.STARTED, Hooks.Notice.STOPPED);
  }

  @Test
  void a_chunk_refused_with_a_step_back_goes_on_from_there() {
    talk.offset(first(FILE, 400));
    talk.offset(next(FILE, 400, 800));
    hooks.verdict = new Hooks.ChunkVerdict.RefuseAndRewind(new Answer.OfGroup(1000, 7), 256);
    assertThat(talk.ask(next(FILE, 800, 1000))).isEqualTo(Talk.error(Group.PERMIT, 7));
    assertThat(talk.store.content()).isEqualTo(FILE.first(256));
    hooks.verdict = new Hooks.ChunkVerdict.Proceed();
    assertThat(talk.offset(next(FILE, 800, 1000))).isEqualTo(256);
    assertThat(talk.offset(first(FILE, 100))).as("resumes there too").isEqualTo(256);
    talk.offset(next(FILE, 256, 656));
    assertThat(talk.offset(next(FILE, 656, 1000))).isEqualTo(1000);
    assertThat(talk.store.finished()).contains(FILE);
  }

  @Test
  void a_first_chunk_refused_with_a_step_back_does_not_step_back_in_another_upload() {
    talk.offset(first(FILE, 400));
    hooks.verdict = new Hooks.ChunkVerdict.RefuseAndRewind(new Answer.OfGroup(1000, 7), 0);
    assertThat(talk.ask(first(OTHER, 400))).isEqualTo(Talk.error(Group.PERMIT, 7));
    assertThat(talk.store.content()).isEqualTo(FILE.first(400));
    assertThat(talk.store.begun()).isEqualTo(1);
    hooks.verdict = new Hooks.ChunkVerdict.Proceed();
    assertThat(talk.offset(next(FILE, 400, 800))).as("an error ends the upload").isZero();
  }

  /// Gives up the running upload; what it brought stays in the slot.
  private void giveUp() {
    talk.ask(Command.IMAGE_UPLOAD, CborMap.EMPTY);
    hooks.notices.clear();
    hooks.offsets.clear();
  }

  @Test
  void an_upload_that_the_hook_resumes_goes_on_behind_what_lies_there() {
    talk.offset(first(FILE, 400));
    talk.offset(next(FILE, 400, 800));
    giveUp();
    hooks.verdict = new Hooks.ChunkVerdict.Resume(800);
    assertThat(talk.offset(first(FILE, 300))).isEqualTo(800);
    assertThat(talk.store.content()).as("nothing of the chunk").isEqualTo(FILE.first(800));
    hooks.verdict = new Hooks.ChunkVerdict.Proceed();
    assertThat(talk.offset(first(FILE, 300))).as("it is a session now").isEqualTo(800);
    assertThat(talk.offset(next(FILE, 400, 500))).isEqualTo(800);
    assertThat(talk.offset(next(FILE, 800, 1000))).isEqualTo(1000);
    assertThat(talk.store.finished()).contains(FILE);
    assertThat(talk.store.begun()).isEqualTo(1);
    assertThat(hooks.offsets).containsExactly(0L, 800L);
    assertThat(hooks.notices).containsExactly(Hooks.Notice.COMPLETED);
  }

  @Test
  void an_upload_that_the_hook_resumes_at_its_end_is_over() {
    talk.offset(first(FILE, 400));
    talk.offset(next(FILE, 400, 800));
    talk.offset(next(FILE, 800, 1000));
    hooks.notices.clear();
    hooks.verdict = new Hooks.ChunkVerdict.Resume(1000);
    assertThat(talk.offset(first(FILE, 300))).isEqualTo(1000);
    assertThat(talk.store.finished()).contains(FILE);
    assertThat(talk.store.begun()).isEqualTo(1);
    assertThat(hooks.notices).containsExactly(Hooks.Notice.COMPLETED);
    assertThat(talk.offset(next(FILE, 800, 1000))).as("no session is left").isZero();
  }

  @Test
  void a_resumed_upload_takes_the_place_of_another_one() {
    talk.offset(first(FILE, 400));
    hooks.verdict = new Hooks.ChunkVerdict.Resume(256);
    assertThat(talk.offset(first(OTHER, 300))).isEqualTo(256);
    hooks.verdict = new Hooks.ChunkVerdict.Proceed();
    assertThat(talk.offset(next(FILE, 400, 800))).isEqualTo(256);
    assertThat(talk.offset(next(OTHER, 256, 656))).isEqualTo(656);
    assertThat(talk.offset(next(OTHER, 656, 999))).isEqualTo(999);
  }

  @Test
  void a_later_chunk_may_be_answered_with_another_place_to_go_on_from() {
    talk.offset(first(FILE, 400));
    talk.offset(next(FILE, 400, 800));
    hooks.verdict = new Hooks.ChunkVerdict.Resume(512);
    assertThat(talk.offset(next(FILE, 800, 1000))).isEqualTo(512);
    assertThat(talk.store.content()).isEqualTo(FILE.first(512));
    hooks.verdict = new Hooks.ChunkVerdict.Proceed();
    assertThat(talk.offset(next(FILE, 512, 900))).isEqualTo(900);
  }

  @Test
  void a_hook_that_resumes_nothing_or_more_than_there_is_is_a_mistake_of_ours() {
    assertThatThrownBy(() -> new Hooks.ChunkVerdict.Resume(0))
        .isInstanceOf(IllegalArgumentException.class);
    hooks.verdict = new Hooks.ChunkVerdict.Resume(1001);
    assertThatThrownBy(() -> talk.ask(first(FILE, 300))).isInstanceOf(IllegalStateException.class);
    assertThat(talk.store.begun()).isZero();
  }

  @Test
  void the_hook_sees_the_chunk_and_the_servers_offset() {
    talk.offset(first(FILE, 400));
    talk.offset(next(FILE, 400, 800));
    assertThat(hooks.offsets).containsExactly(0L, 400L);
    assertThat(hooks.chunks).containsExactly(first(FILE, 400), next(FILE, 400, 800));
  }

  // Marks.

  @Test
  void neither_hash_nor_confirm_is_invalid() {
    assertThat(talk.ask(Command.IMAGE_STATE_SET, CborMap.builder().put("confirm", false).build()))
        .isEqualTo(Talk.code(Answer.ResultCode.INVALID));
    assertThat(hooks.notices).isEmpty();
  }

  @Test
  void a_mark_that_the_store_refuses_is_handed_on_and_noticed_by_nobody() {
    assertThat(talk.ask(Images.SetState.test(FILE.sha256())))
        .isEqualTo(Talk.error(ImageError.NO_IMAGE));
    assertThat(talk.ask(Images.SetState.confirmRunning()))
        .isEqualTo(Talk.error(ImageError.NO_IMAGE));
    assertThat(hooks.notices).isEmpty();
  }

  private static Images.Slot inUse(int image, Bytes hash) {
    return new Images.Slot(
        Optional.of((long) image),
        0,
        Optional.of("1.0.0"),
        Optional.of(hash),
        Optional.of(true),
        Optional.of(false),
        Optional.of(false),
        Optional.of(true),
        Optional.of(false),
        Optional.empty());
  }

  @Test
  void a_confirmation_is_for_the_image_that_has_the_hash_in_use_and_else_for_image_0() {
    talk.store.hasImages(2, inUse(0, FILE.sha256()), inUse(1, OTHER.sha256()));
    Bytes elsewhere = Bytes.filled(32, 7);
    talk.ask(Images.SetState.confirmRunning());
    talk.ask(new Images.SetState(Optional.of(FILE.sha256()), Optional.of(true)));
    talk.ask(new Images.SetState(Optional.of(OTHER.sha256()), Optional.of(true)));
    talk.ask(new Images.SetState(Optional.of(elsewhere), Optional.of(true)));
    talk.ask(Images.SetState.test(OTHER.sha256()));
    assertThat(talk.store.marks())
        .containsExactly(
            new ImageStore.Mark.Confirm(0),
            new ImageStore.Mark.Confirm(0),
            new ImageStore.Mark.Confirm(1),
            new ImageStore.Mark.Permanent(elsewhere),
            new ImageStore.Mark.Test(OTHER.sha256()));
  }

  @Test
  void a_slot_that_is_not_there_is_not_erased() {
    assertThat(talk.ask(new Images.Erase(Optional.of(9L))))
        .isEqualTo(Talk.error(ImageError.BAD_SLOT));
  }

  private void refused(ImageError error, Request<?> request) {
    refused(error, request.fields());
  }

  private void refused(ImageError error, CborMap fields) {
    int begun = talk.store.begun();
    Bytes content = talk.store.content();
    assertThat(talk.ask(Command.IMAGE_UPLOAD, fields)).isEqualTo(Talk.error(error));
    assertThat(talk.store.begun()).isEqualTo(begun);
    assertThat(talk.store.content()).isEqualTo(content);
    assertThat(hooks.offsets).isEmpty();
  }

  private static Hooks.ChunkVerdict refuse() {
    return new Hooks.ChunkVerdict.Refuse(new Answer.OfGroup(1000, 7));
  }

  private static Images.Upload first(Bytes file, int size) {
    return Images.Upload.first(file.first(size), file.size(), file.sha256());
  }

  private static Images.Upload next(Bytes file, int from, int to) {
    return Images.Upload.next(from, file.slice(from, to));
  }

  private static CborMap offset(long offset) {
    return CborMap.builder().put("off", offset).build();
  }

  /// The first 64 bytes of an image of that version.
  private static Bytes versioned(int major, int minor) {
    byte[] header = FILE.first(64).toArray();
    header[20] = (byte) major;
    header[21] = (byte) minor;
    return Bytes.of(header);
  }

  private static Images.Upload upgrade(Bytes data) {
    return new Images.Upload(
        Optional.of(0L),
        Optional.of(data),
        Optional.of(1000L),
        Optional.of(data.sha256()),
        Optional.empty(),
        Optional.of(true));
  }

  /// Lets everything through unless told, and remembers what it saw.
  private static final class RecordingHooks implements Hooks {
    private final List<Long> offsets = new ArrayList<>();
    private final List<Images.Upload> chunks = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private ChunkVerdict verdict = new ChunkVerdict.Proceed();

    @Override
    public Entry connection(LinkId link) {
      return Entry.ALLOWED;
    }

    @Override
    public CommandVerdict command(int group, int command, int operation) {
      return new CommandVerdict.Proceed();
    }

    @Override
    public ChunkVerdict chunk(Images.Upload chunk, long expectedOffset) {
      offsets.add(expectedOffset);
      chunks.add(chunk);
      return verdict;
    }

    @Override
    public void notice(Notice notice) {
      notices.add(notice);
    }
  }
}
