// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Answer.ResultCode;
import dev.sealift.smp.Command;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Each trait of a mood as it shows on the wire. Packets in hexadecimal are recorded ones.
class MoodTest {
  private static final Bytes FILE = Samples.image(900);

  private static Images.Upload first(Bytes data) {
    return Images.Upload.first(data, FILE.size(), FILE.sha256());
  }

  // Versions.

  @Test
  void an_old_server_ignores_the_version_and_answers_in_version_1() {
    for (Mood mood : List.of(Mood.MYNEWT, Mood.ZEPHYR_2, Mood.ZEPHYR_1_14)) {
      Talk talk = new Talk(mood);
      assertThat(talk.hex("0800000600001a00a16164627632"))
          .isEqualTo("0100000700001a00bf6172627632ff");
      // Even one that nobody knows yet.
      assertThat(talk.hex("1800000600001a00a16164627632")).startsWith("01");
    }
  }

  @Test
  void an_old_server_has_codes_without_words() {
    CborMap answer = new Talk(Mood.MYNEWT).ask(Command.IMAGE_UPLOAD, CborMap.EMPTY);
    assertThat(answer).isEqualTo(Talk.code(ResultCode.INVALID));
  }

  @Test
  void recovery_sends_the_version_back_and_speaks_version_1() {
    Talk talk = new Talk(Mood.MCUBOOT_RECOVERY);
    assertThat(talk.hex("0800000100012400a0")).startsWith("09");
    CborMap answer = talk.ask(Command.IMAGE_UPLOAD, CborMap.builder().put("off", 0).build());
    assertThat(answer).isEqualTo(Talk.code(ResultCode.INVALID));
  }

  // Recovery.

  @Test
  void recovery_has_three_commands_and_more_if_built_so() {
    Talk talk = new Talk(Mood.MCUBOOT_RECOVERY);
    assertThat(talk.hex("0000000100002206a0")).isEqualTo("0100000600002206bf62726308ff");
    assertThat(talk.hex("0200000500002300a161646178")).isEqualTo("0300000600002300bf62726308ff");
    assertThat(talk.ask(Os.Reset.plain())).isEqualTo(Talk.code(0));
    assertThat(talk.resets).isEqualTo(1);
    Talk more = new Talk(Mood.MCUBOOT_RECOVERY.including(Command.OS_ECHO, Command.IMAGE_ERASE));
    assertThat(more.hex("0200000500002300a161646178")).isEqualTo("0300000600002300bf61726178ff");
    assertThat(more.ask(new Images.Erase(Optional.empty()))).isEqualTo(Talk.code(0));
  }

  @Test
  void recovery_does_not_tell_a_read_from_a_write() {
    Talk talk = new Talk(Mood.MCUBOOT_RECOVERY);
    assertThat(talk.hex("0200000100012100a0")).startsWith("03").doesNotContain("627263");
    Bytes upload = Talk.packet(Talk.V1, Command.IMAGE_STATE, CborMap.EMPTY);
    assertThat(talk.send(upload)).hasSize(1);
  }

  @Test
  void recovery_takes_any_bytes_for_an_image_and_begins_anew_each_time() {
    Talk talk = new Talk(Mood.MCUBOOT_RECOVERY);
    Bytes noise = Bytes.filled(100, 'x');
    Images.Upload start = Images.Upload.first(noise, 300, noise.sha256());
    CborMap taken = CborMap.builder().put("rc", 0).put("off", 100).build();
    assertThat(talk.ask(start)).isEqualTo(taken);
    assertThat(talk.ask(start)).isEqualTo(taken);
    assertThat(talk.store.begun()).isEqualTo(2);
    assertThat(talk.ask(Images.Upload.next(200, noise))).isEqualTo(taken);
    talk.ask(Images.Upload.next(100, noise));
    talk.ask(Images.Upload.next(200, noise));
    assertThat(talk.store.finished()).contains(Bytes.filled(300, 'x'));
  }

  @Test
  void recovery_does_not_look_at_versions_of_what_may_be_no_image() {
    Talk talk = new Talk(Mood.MCUBOOT_RECOVERY);
    Bytes few = Bytes.ofHex("00010203");
    Images.Upload start =
        new Images.Upload(
            Optional.of(0L),
            Optional.of(few),
            Optional.of(4L),
            Optional.empty(),
            Optional.empty(),
            Optional.of(true));
    assertThat(talk.ask(start).get("off")).contains(CborInt.of(4));
  }

  // Codes of success.

  @Test
  void success_comes_with_a_code_or_without_one() {
    for (var expected :
        Map.of(Mood.ZEPHYR, false, Mood.ZEPHYR_1_14, true, Mood.MYNEWT, true).entrySet()) {
      CborMap answer = new Talk(expected.getKey()).ask(first(FILE.first(200)));
      assertThat(answer.get("rc").isPresent())
          .as(expected.getKey().name())
          .isEqualTo(expected.getValue());
      assertThat(answer.get("off")).contains(CborInt.of(200));
    }
  }

  @Test
  void maps_are_of_indefinite_length_unless_the_server_counts_them() {
    assertThat(new Talk(Mood.ZEPHYR).hex("0a00000100003005a0")).endsWith("bfff");
    assertThat(new Talk(Mood.ZEPHYR.with(Trait.DEFINITE_MAPS)).hex("0a00000100003005a0"))
        .isEqualTo("0b00000100003005a0");
  }

  // The echo.

  @Test
  void an_echo_too_long_for_mynewt_comes_back_empty() {
    Talk talk = new Talk(Mood.MYNEWT);
    assertThat(talk.ask(new Os.Echo(Optional.of("x".repeat(128)))).get("r"))
        .contains(new CborText(""));
    assertThat(talk.ask(new Os.Echo(Optional.of("x".repeat(127)))).get("r"))
        .contains(new CborText("x".repeat(127)));
  }

  // Uploads.

  @Test
  void chunks_over_512_bytes_are_invalid_in_2019_and_change_nothing() {
    Talk talk = new Talk(Mood.ZEPHYR_1_14);
    assertThat(talk.ask(Images.Upload.first(FILE.first(516), 900, FILE.sha256())))
        .isEqualTo(Talk.code(ResultCode.INVALID));
    assertThat(talk.store.begun()).isZero();
    assertThat(talk.ask(first(FILE.first(512))).get("off")).contains(CborInt.of(512));
  }

  @Test
  void a_whole_digest_before_the_data_is_invalid_in_2019_and_a_short_one_is_not() {
    Talk talk = new Talk(Mood.ZEPHYR_1_14);
    assertThat(talk.ask(Command.IMAGE_UPLOAD, shaFirst(FILE.sha256())))
        .isEqualTo(Talk.code(ResultCode.INVALID));
    assertThat(talk.store.begun()).isZero();
    assertThat(talk.ask(Command.IMAGE_UPLOAD, shaFirst(FILE.sha256().first(8))).get("off"))
        .contains(CborInt.of(200));
    assertThat(new Talk(Mood.ZEPHYR).ask(Command.IMAGE_UPLOAD, shaFirst(FILE.sha256())).get("off"))
        .contains(CborInt.of(200));
  }

  private static CborMap shaFirst(Bytes sha) {
    return CborMap.builder()
        .put("len", 900)
        .put("off", 0)
        .put("sha", sha)
        .put("data", FILE.first(200))
        .build();
  }

  @Test
  void a_chunk_without_an_upload_is_invalid_in_2019() {
    assertThat(new Talk(Mood.ZEPHYR_1_14).ask(Images.Upload.next(900, Bytes.ofHex("31"))))
        .isEqualTo(Talk.code(ResultCode.INVALID));
    assertThat(new Talk(Mood.ZEPHYR).offset(Images.Upload.next(900, Bytes.ofHex("31")))).isZero();
  }

  @Test
  void a_pending_slot_has_another_code_on_every_old_server() {
    for (var expected :
        Map.of(
                Mood.ZEPHYR_1_14, ResultCode.NO_MEMORY,
                Mood.MYNEWT, ResultCode.NO_ENTRY,
                Mood.MCUBOOT_RECOVERY, ResultCode.BAD_STATE)
            .entrySet()) {
      Talk talk = new Talk(expected.getKey());
      talk.store.refuseUploads(ImageError.NO_FREE_SLOT);
      assertThat(talk.ask(first(FILE.first(200)))).isEqualTo(Talk.code(expected.getValue()));
      assertThat(talk.store.begun()).isZero();
    }
  }

  @Test
  void data_past_the_end_is_invalid_on_old_servers() {
    Talk talk = new Talk(Mood.MYNEWT);
    assertThat(talk.ask(Images.Upload.first(FILE.first(200), 100, FILE.sha256())))
        .isEqualTo(Talk.code(ResultCode.INVALID));
  }

  @Test
  void a_chunk_is_cut_to_the_units_of_the_flash_and_the_rest_must_come_again() {
    Talk talk = new Talk(Mood.MYNEWT);
    talk.store.writesInUnitsOf(16);
    assertThat(talk.ask(first(FILE.first(450))).get("off")).contains(CborInt.of(448));
    assertThat(talk.ask(Images.Upload.next(450, FILE.slice(450, 900))).get("off"))
        .as("a chunk behind the cut is dropped")
        .contains(CborInt.of(448));
    assertThat(talk.ask(Images.Upload.next(448, FILE.slice(448, 450))).get("off"))
        .as("nothing is left of a chunk smaller than the unit")
        .contains(CborInt.of(448));
    assertThat(talk.ask(Images.Upload.next(448, FILE.from(448))).get("off"))
        .as("the last chunk is not cut")
        .contains(CborInt.of(900));
    assertThat(talk.store.finished()).contains(FILE);
  }

  @Test
  void a_slot_is_erased_lazily_or_at_once() {
    for (var expected :
        Map.of(
                Mood.ZEPHYR, ImageStore.Erasing.LAZY,
                Mood.ZEPHYR_1_14, ImageStore.Erasing.AT_ONCE)
            .entrySet()) {
      Talk talk = new Talk(expected.getKey());
      talk.ask(first(FILE.first(200)));
      assertThat(talk.store.erased()).isEqualTo(expected.getValue());
    }
  }

  @Test
  void busy_storage_says_so_or_keeps_its_offset() {
    Talk talk = new Talk(Mood.ZEPHYR);
    talk.ask(first(FILE.first(200)));
    talk.store.is(ImageStore.Readiness.BUSY);
    Images.Upload next = Images.Upload.next(200, FILE.slice(200, 400));
    assertThat(talk.ask(next)).isEqualTo(Talk.code(ResultCode.BUSY));
    Talk silent = new Talk(Mood.ZEPHYR.with(Trait.BUSY_IN_SILENCE));
    assertThat(silent.offset(first(FILE.first(200)))).isEqualTo(200);
    silent.store.is(ImageStore.Readiness.BUSY);
    assertThat(silent.offset(next)).isEqualTo(200);
    silent.store.is(ImageStore.Readiness.READY);
    assertThat(silent.offset(next)).isEqualTo(400);
  }

  @Test
  void a_checking_server_says_whether_the_whole_is_what_was_announced() {
    Talk talk = new Talk(Mood.ZEPHYR.with(Trait.CHECKS_IMAGE));
    Bytes wrong = Bytes.filled(32, 9);
    talk.ask(Images.Upload.first(FILE.first(500), 900, wrong));
    assertThat(talk.ask(Images.Upload.next(500, FILE.from(500))))
        .isEqualTo(CborMap.builder().put("off", 900).put("match", false).build());
    assertThat(talk.ask(first(FILE.first(500))))
        .as("nothing is sent twice")
        .isEqualTo(CborMap.builder().put("off", 900).put("match", true).build());
    assertThat(talk.store.begun()).isEqualTo(1);
  }

  // Datagrams.

  @Test
  void several_requests_stand_back_to_back_or_at_multiples_of_four() {
    Bytes one = Bytes.ofHex("0000000600004300a16164627631");
    Bytes padded = one.plus(Bytes.ofHex("0000")).plus(one);
    assertThat(new Talk(Mood.ZEPHYR).send(one.plus(one))).hasSize(2);
    assertThat(new Talk(Mood.MYNEWT).send(padded)).hasSize(2);
  }

  // Moods as values.

  @Test
  void a_mood_has_a_name_and_can_be_changed_by_a_trait_or_a_command() {
    for (Mood mood : Mood.NAMED) {
      assertThat(Mood.named(mood.name())).contains(mood);
    }
    assertThat(Mood.named("windows")).isEmpty();
    assertThat(new Talk(Mood.ZEPHYR.without(Command.OS_PARAMETERS)).ask(new Os.Parameters()))
        .isEqualTo(Talk.code(ResultCode.NOT_SUPPORTED));
    assertThat(new Talk(Mood.MYNEWT.including(Command.OS_PARAMETERS)).ask(new Os.Parameters()))
        .isEqualTo(CborMap.builder().put("buf_size", 1024).put("buf_count", 4).build());
  }
}
