// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Basic;
import dev.sealift.smp.Command;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.SmpMessage.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The frame, the versions and the errors of SMP itself. Packets in hexadecimal are recorded ones,
/// or one of those with one thing changed.
class SmpServerTest {
  private final Talk talk = new Talk();

  // Versions.

  @Test
  void a_request_of_version_2_is_answered_in_version_2() {
    assertThat(talk.hex("0800000900004100a161646568656c6c6f"))
        .isEqualTo("0900000a00004100bf61726568656c6c6fff");
  }

  @Test
  void a_request_of_version_1_is_answered_in_version_1() {
    assertThat(talk.hex("0000000600004300a16164627631"))
        .isEqualTo("0100000700004300bf6172627631ff");
  }

  @Test
  void a_groups_error_keeps_its_group_in_version_2() {
    assertThat(talk.hex("0800000a00004807a166666f726d61746171"))
        .isEqualTo("0900001300004807bf63657272bf6567726f75700062726302ffff");
  }

  @Test
  void a_groups_error_is_a_code_of_smp_and_words_in_version_1() {
    CborMap fields =
        Talk.fields(talk.one(Talk.packet(Talk.V1, Command.IMAGE_UPLOAD, CborMap.EMPTY)));
    assertThat(fields.get("rc")).contains(CborInt.of(Answer.ResultCode.INVALID));
    assertThat(fields.get("rsn")).contains(new CborText("the offset is missing"));
    assertThat(fields.get("err")).isEmpty();
  }

  @Test
  void every_error_of_the_image_group_has_its_code_in_version_1() {
    Map<Integer, List<Integer>> legacy =
        Map.of(
            5, List.of(3, 4),
            6, List.of(9, 27, 28),
            2, List.of(15),
            3, List.of(14, 19, 20, 21, 22, 24, 25),
            1,
                List.of(
                    1, 2, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 18, 23, 26, 29, 30, 31, 32, 33, 34));
    legacy.forEach(
        (code, errors) ->
            errors.forEach(
                error ->
                    assertThat(refusedInVersion1(Group.IMAGE, error))
                        .as("image error %d", error)
                        .contains(CborInt.of(code))));
  }

  @Test
  void the_errors_of_the_system_group_have_their_codes_in_version_1() {
    assertThat(refusedInVersion1(Group.OS, 2)).contains(CborInt.of(3));
    assertThat(refusedInVersion1(Group.OS, 3)).contains(CborInt.of(5));
    assertThat(refusedInVersion1(Group.OS, 4)).contains(CborInt.of(5));
    assertThat(refusedInVersion1(Group.OS, 5)).contains(CborInt.of(1));
  }

  @Test
  void the_errors_of_the_basic_group_have_their_codes_in_version_1() {
    assertThat(refusedInVersion1(Group.BASIC, 2)).contains(CborInt.of(5));
    assertThat(refusedInVersion1(Group.BASIC, 3)).contains(CborInt.of(1));
    assertThat(refusedInVersion1(Group.BASIC, 4)).contains(CborInt.of(1));
  }

  private static Optional<CborItem> refusedInVersion1(Group group, int error) {
    Hooks refusing = new RefusingHooks(new Answer.OfGroup(group.number(), error));
    Talk talk = new Talk(512, refusing);
    return Talk.fields(talk.one(Talk.packet(Talk.V1, Command.IMAGE_STATE, CborMap.EMPTY)))
        .get("rc");
  }

  @Test
  void an_error_of_smp_itself_is_a_plain_code_in_version_2_too() {
    assertThat(talk.hex("0800000100004b2aa0")).isEqualTo("0900000600004b2abf62726308ff");
  }

  @Test
  void the_reserved_versions_are_too_new_and_answered_as_version_2() {
    // The header's bits of version 2 are 01.
    assertThat(talk.hex("1000000900004100a161646568656c6c6f"))
        .isEqualTo("0900000600004100bf6272630dff");
    assertThat(talk.hex("1800000900004100a161646568656c6c6f"))
        .isEqualTo("0900000600004100bf6272630dff");
  }

  // The frame.

  @Test
  void fewer_bytes_than_a_header_are_silence() {
    for (int size = 0; size < SmpHeader.SIZE; size++) {
      assertThat(talk.send(Bytes.ofHex("0800000900004100").first(size))).isEmpty();
    }
  }

  @Test
  void a_sequence_number_comes_back_whatever_it_is() {
    for (int sequence = 0; sequence <= 0xff; sequence++) {
      Bytes answer =
          talk.one(SmpMessage.request(new Os.Parameters(), Version.V2, sequence).write());
      assertThat(Talk.header(answer).sequence()).isEqualTo(sequence);
    }
  }

  @Test
  void requests_back_to_back_are_each_answered() {
    Bytes echo = Bytes.ofHex("0800000900004100a161646568656c6c6f");
    Bytes parameters = Bytes.ofHex("0800000000004206");
    Bytes unknown = Bytes.ofHex("0800000100c84c00a0");
    assertThat(talk.send(Bytes.concat(echo, parameters, unknown, echo)))
        .extracting(packet -> Talk.header(packet).sequence())
        .containsExactly(0x41, 0x42, 0x4c, 0x41);
  }

  @Test
  void no_more_requests_than_the_bound_are_looked_at_in_one_datagram() {
    Bytes parameters = Bytes.ofHex("0800000000004206");
    Bytes many = Bytes.EMPTY;
    for (int i = 0; i < 180; i++) {
      many = many.plus(parameters);
    }
    assertThat(new Talk(2048, Hooks.NONE).send(many)).hasSize(64);
  }

  @Test
  void a_payload_longer_than_what_came_is_corrupt() {
    assertThat(talk.hex("0800000a00004100a161646568656c6c6f"))
        .isEqualTo("0900000600004100bf62726309ff");
    assertThat(talk.hex("0800ffff00004100")).isEqualTo("0900000600004100bf62726309ff");
  }

  @Test
  void a_payload_longer_than_announced_is_read_all_the_same() {
    for (String length : List.of("0000", "0001", "0008")) {
      assertThat(talk.hex("0800" + length + "00004100a161646568656c6c6f"))
          .as("announced as " + length)
          .isEqualTo("0900000a00004100bf61726568656c6c6fff");
    }
  }

  @Test
  void what_a_request_announces_behind_its_map_is_skipped() {
    // Older C code pads to four bytes.
    assertThat(talk.hex("0800000c00004100a161646568656c6c6f000000"))
        .isEqualTo("0900000a00004100bf61726568656c6c6fff");
  }

  @Test
  void a_datagram_is_cut_at_the_size_of_a_buffer() {
    Bytes cut = SmpMessage.request(echo(512), Version.V2, 1).write();
    assertThat(Talk.fields(talk.one(cut))).isEqualTo(Talk.code(Answer.ResultCode.CORRUPT));
  }

  // Operations, groups, commands.

  @Test
  void an_operation_that_is_no_request_is_not_supported() {
    for (int operation : List.of(1, 3, 4, 5, 6, 7)) {
      Bytes answer =
          talk.one(
              new SmpHeader(operation, Talk.V2, 0, 1, 0, 5, 0).write().plus(Bytes.ofHex("a0")));
      assertThat(Talk.header(answer).operation())
          .as("answer to operation %d", operation)
          .isEqualTo(SmpHeader.WRITE_ANSWER);
      assertThat(Talk.fields(answer)).isEqualTo(Talk.code(Answer.ResultCode.NOT_SUPPORTED));
    }
  }

  @Test
  void an_unknown_group_is_not_supported() {
    assertThat(talk.hex("0800000100c84c00a0")).isEqualTo("0900000600c84c00bf62726308ff");
  }

  @Test
  void the_permit_group_is_not_supported_where_nobody_handles_it() {
    assertThat(talk.ask(new Permits.Info())).isEqualTo(Talk.code(Answer.ResultCode.NOT_SUPPORTED));
  }

  @Test
  void storage_is_erased_by_whoever_handles_it_and_else_by_nobody() {
    assertThat(talk.ask(new Basic.EraseStorage()))
        .isEqualTo(Talk.code(Answer.ResultCode.NOT_SUPPORTED));
    List<Request<?>> seen = new ArrayList<>();
    Talk own =
        new Talk(
            512,
            Hooks.NONE,
            ServedGroup.of(
                Group.BASIC,
                (_, request) -> {
                  seen.add(request);
                  return new GroupHandler.Response.Done(new Reply.Nothing());
                }));
    assertThat(own.hex("0a000001003f6400a0")).isEqualTo("0b000002003f6400bfff");
    assertThat(seen).containsExactly(new Basic.EraseStorage());
  }

  @Test
  void a_group_of_ones_own_is_handled_by_its_handler() {
    Reply told =
        new Permits.PartReply(
            5, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    List<Request<?>> seen = new ArrayList<>();
    Talk own =
        new Talk(
            512,
            Hooks.NONE,
            ServedGroup.of(
                Group.PERMIT,
                (_, request) -> {
                  seen.add(request);
                  return new GroupHandler.Response.Done(told);
                }));
    Request<?> part = new Permits.Bundle(0, Bytes.ofHex("0102"), Optional.of(9L));
    assertThat(own.ask(part)).isEqualTo(told.fields());
    assertThat(seen).containsExactly(part);
  }

  @Test
  void a_refusal_of_the_permit_group_is_access_denied_in_version_1() {
    Talk own =
        new Talk(
            512,
            Hooks.NONE,
            ServedGroup.of(
                Group.PERMIT,
                (_, _) -> new GroupHandler.Response.Refused(new Answer.OfGroup(1000, 18))));
    assertThat(
            Talk.fields(own.one(Talk.packet(Talk.V1, Command.PERMIT_INFO, CborMap.EMPTY)))
                .get("rc"))
        .contains(CborInt.of(Answer.ResultCode.ACCESS_DENIED));
    assertThat(own.ask(new Permits.Info())).isEqualTo(Talk.error(Group.PERMIT, 18));
  }

  @Test
  void read_where_only_write_is_known_is_not_supported_and_the_other_way_round() {
    assertThat(talk.hex("0800000900012001a16364617461420000"))
        .isEqualTo("0900000600012001bf62726308ff");
    assertThat(talk.hex("0a00000100004506a0")).isEqualTo("0b00000600004506bf62726308ff");
    assertThat(talk.store.begun()).isZero();
  }

  @Test
  void commands_that_this_server_has_nothing_for_are_not_supported() {
    assertThat(talk.ask(new Os.MemoryPools()))
        .isEqualTo(Talk.code(Answer.ResultCode.NOT_SUPPORTED));
    assertThat(talk.ask(new Os.Tasks())).isEqualTo(Talk.code(Answer.ResultCode.NOT_SUPPORTED));
  }

  // Payloads.

  @Test
  void a_field_of_the_wrong_type_is_invalid() {
    assertThat(talk.ask(Command.OS_ECHO, CborMap.builder().put("d", 5).build()))
        .isEqualTo(Talk.code(Answer.ResultCode.INVALID));
    assertThat(talk.ask(Command.IMAGE_UPLOAD, CborMap.builder().put("off", "0").build()))
        .isEqualTo(Talk.code(Answer.ResultCode.INVALID));
    assertThat(talk.ask(Command.IMAGE_UPLOAD, CborMap.builder().put("data", "0").build()))
        .isEqualTo(Talk.code(Answer.ResultCode.INVALID));
  }

  @Test
  void a_payload_that_is_no_map_or_no_cbor_is_invalid() {
    assertThat(talk.hex("0800000100004100" + "05")).isEqualTo("0900000600004100bf62726303ff");
    assertThat(talk.hex("0800000300004100" + "83ffff")).isEqualTo("0900000600004100bf62726303ff");
    assertThat(talk.hex("0800000100004100" + "a1")).isEqualTo("0900000600004100bf62726303ff");
  }

  @Test
  void unknown_keys_are_skipped() {
    CborMap fields =
        CborMap.builder().put("new", CborList.of(CborMap.EMPTY)).put("d", "text").put(5, 6).build();
    assertThat(talk.ask(Command.OS_ECHO, fields).get("r")).contains(new CborText("text"));
  }

  @Test
  void maps_of_indefinite_length_are_read() {
    assertThat(talk.hex("0800000a00004100bf61646568656c6c6fff"))
        .isEqualTo("0900000a00004100bf61726568656c6c6fff");
  }

  @Test
  void a_command_without_arguments_needs_no_payload() {
    CborMap with = Talk.fields(talk.one(Bytes.ofHex("0800000100004506a0")));
    CborMap without = Talk.fields(talk.one(Bytes.ofHex("0800000000004506")));
    assertThat(without).isEqualTo(with).isEqualTo(new Os.ParametersReply(512, 4).fields());
    assertThat(Talk.fields(talk.one(Bytes.ofHex("0800000000014500"))).get("images")).isPresent();
  }

  @Test
  void an_echo_without_payload_is_invalid_but_one_without_text_is_an_empty_text() {
    assertThat(talk.hex("0800000000004400")).isEqualTo("0900000600004400bf62726303ff");
    assertThat(talk.hex("0800000100004400a0")).isEqualTo("0900000500004400bf617260ff");
  }

  @Test
  void echo_may_be_read_or_written() {
    assertThat(talk.hex("0a00000e00004200a161646a7772697465206563686f"))
        .isEqualTo("0b00000f00004200bf61726a7772697465206563686fff");
  }

  // Answers.

  @Test
  void answers_are_indefinite_maps_with_their_length_in_the_header() {
    for (Request<?> request :
        List.of(
            echo(5),
            new Os.Parameters(),
            new Images.State(),
            new Images.Slots(),
            Images.Upload.next(5, Bytes.ofHex("00")),
            new Permits.Info())) {
      Bytes answer = talk.one(SmpMessage.request(request, Version.V2, 1).write());
      assertThat(answer.at(SmpHeader.SIZE)).as(request.command().toString()).isEqualTo(0xbf);
      assertThat(answer.at(answer.size() - 1)).isEqualTo(0xff);
      assertThat(Talk.header(answer).length()).isEqualTo(answer.size() - SmpHeader.SIZE);
    }
  }

  @Test
  void an_answer_that_fits_no_buffer_says_so() {
    // The answer to an echo is one byte longer than its request: the break of its map.
    Bytes request = SmpMessage.request(echo(512 - 8 - 6), Version.V2, 9).write();
    assertThat(request.size()).isEqualTo(512);
    Bytes answer = talk.one(request);
    assertThat(Talk.fields(answer)).isEqualTo(Talk.code(Answer.ResultCode.TOO_LARGE));
    assertThat(Talk.header(answer).operation()).isEqualTo(SmpHeader.WRITE_ANSWER);
    assertThat(talk.ask(echo(512 - 8 - 7)).get("r")).isPresent();
  }

  @Test
  void a_refusal_with_more_words_than_a_buffer_holds_is_too_large_an_answer() {
    Answer.Reason wordy = new Answer.Protocol(5, Optional.of("x".repeat(600)));
    Talk refusing = new Talk(512, new RefusingHooks(wordy));
    assertThat(refusing.ask(new Os.Parameters())).isEqualTo(Talk.code(Answer.ResultCode.TOO_LARGE));
  }

  // The system group.

  @Test
  void the_server_says_what_it_is() {
    assertThat(talk.ask(new Os.Info(Optional.empty())))
        .isEqualTo(new Os.InfoReply("test").fields());
    assertThat(talk.ask(new Os.Bootloader(Optional.empty())).get("bootloader"))
        .contains(new CborText("MCUboot"));
    assertThat(talk.ask(new Os.Bootloader(Optional.of("mode"))).get("mode"))
        .contains(CborInt.of(3));
    assertThat(talk.ask(new Os.Bootloader(Optional.of("colour"))))
        .isEqualTo(Talk.error(Group.OS, 3));
  }

  @Test
  void a_clock_that_nobody_has_set_says_so() {
    assertThat(talk.ask(new Os.Datetime())).isEqualTo(Talk.error(Group.OS, 4));
  }

  @Test
  void a_clock_tells_what_it_was_set_to_without_fraction_and_zone() {
    for (String rest : List.of("", ".5", ".12345", "Z", "+01:00", "-11:30")) {
      Talk fresh = new Talk();
      assertThat(fresh.ask(new Os.SetDatetime("2026-11-21T15:04:05" + rest)))
          .as(rest)
          .isEqualTo(CborMap.EMPTY);
      assertThat(fresh.ask(new Os.Datetime()))
          .isEqualTo(new Os.DatetimeReply("2026-11-21T15:04:05").fields());
    }
  }

  @Test
  void a_time_that_is_none_is_invalid_and_the_clock_stays_as_it_was() {
    talk.ask(new Os.SetDatetime("2026-11-21T15:04:05"));
    for (String wrong :
        List.of(
            "",
            "now",
            "2026-11-21",
            "2026-11-21T15:04",
            "2026-11-21 15:04:05",
            "2026-13-01T00:00:00",
            "2026-02-29T00:00:00",
            "2026-11-21T24:00:00",
            "2026-11-21T23:60:00",
            "2026-11-21T23:59:60",
            "1899-12-31T23:59:59",
            "-026-11-21T15:04:05",
            "2026-11-21T15:04:05 UTC",
            "2026-11-21T15:04:05+1:00",
            "2026-11-21T15:04:05.1234567")) {
      assertThat(talk.ask(new Os.SetDatetime(wrong)))
          .as(wrong)
          .isEqualTo(Talk.code(Answer.ResultCode.INVALID));
    }
    assertThat(talk.ask(Command.OS_DATETIME_SET, CborMap.EMPTY))
        .isEqualTo(Talk.code(Answer.ResultCode.INVALID));
    assertThat(talk.ask(new Os.Datetime()))
        .isEqualTo(new Os.DatetimeReply("2026-11-21T15:04:05").fields());
  }

  @Test
  void a_clock_is_not_set_where_the_hook_refuses() {
    Talk refused = new Talk(512, new RefusingHooks(new Answer.OfGroup(1000, 26)));
    assertThat(refused.ask(new Os.SetDatetime("2026-11-21T15:04:05")))
        .isEqualTo(Talk.error(Group.PERMIT, 26));
  }

  @Test
  void a_reset_is_answered_and_carried_out_once() {
    assertThat(talk.hex("0200000100001005a0")).isEqualTo("0300000200001005bfff");
    assertThat(talk.resets).isEqualTo(1);
  }

  // Hooks.

  @Test
  void a_denied_connection_hears_nothing_and_changes_nothing() {
    Talk denied =
        new Talk(
            512,
            new RefusingHooks(new Answer.Protocol(8, Optional.empty())) {
              @Override
              public Entry connection(LinkId link) {
                return Entry.DENIED;
              }
            });
    assertThat(denied.send(Bytes.ofHex("0200000100001005a0"))).isEmpty();
    assertThat(denied.resets).isZero();
  }

  @Test
  void a_refused_command_is_answered_with_its_reason_and_not_carried_out() {
    RefusingHooks hooks = new RefusingHooks(new Answer.OfGroup(1000, 12));
    Talk refused = new Talk(512, hooks);
    assertThat(refused.ask(Os.Reset.plain())).isEqualTo(Talk.error(Group.PERMIT, 12));
    assertThat(refused.resets).isZero();
    assertThat(
            refused.ask(Images.Upload.first(Samples.image(100), 100, Samples.image(100).sha256())))
        .isEqualTo(Talk.error(Group.PERMIT, 12));
    assertThat(refused.store.begun()).isZero();
    assertThat(hooks.asked).containsExactly("0 5 2", "1 1 2");
  }

  @Test
  void a_command_that_does_not_exist_is_not_put_to_the_hook() {
    RefusingHooks hooks = new RefusingHooks(new Answer.OfGroup(1000, 12));
    Talk refused = new Talk(512, hooks);
    assertThat(refused.hex("0800000100c84c00a0")).isEqualTo("0900000600c84c00bf62726308ff");
    assertThat(hooks.asked).isEmpty();
  }

  /// Refuses every command.
  private static class RefusingHooks implements Hooks {
    private final Answer.Reason reason;
    private final List<String> asked = new ArrayList<>();

    RefusingHooks(Answer.Reason reason) {
      this.reason = reason;
    }

    @Override
    public Entry connection(LinkId link) {
      return Entry.ALLOWED;
    }

    @Override
    public CommandVerdict command(int group, int command, int operation) {
      asked.add(group + " " + command + " " + operation);
      return new CommandVerdict.Refuse(reason);
    }

    @Override
    public ChunkVerdict chunk(Images.Upload chunk, long expectedOffset) {
      throw new AssertionError("a refused command reaches no handler");
    }

    @Override
    public void notice(Notice notice) {
      throw new AssertionError("a refused command has no effect");
    }
  }

  private static Os.Echo echo(int size) {
    return new Os.Echo(Optional.of("x".repeat(size)));
  }
}
