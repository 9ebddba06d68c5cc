// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Command;
import dev.sealift.smp.Crash;
import dev.sealift.smp.Enumeration;
import dev.sealift.smp.EnumerationError;
import dev.sealift.smp.Files;
import dev.sealift.smp.FilesError;
import dev.sealift.smp.Group;
import dev.sealift.smp.GroupError;
import dev.sealift.smp.Logs;
import dev.sealift.smp.Os;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.Settings;
import dev.sealift.smp.SettingsError;
import dev.sealift.smp.Shell;
import dev.sealift.smp.ShellError;
import dev.sealift.smp.Statistics;
import dev.sealift.smp.StatisticsError;
import dev.sealift.smp.Transports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The groups beside the system and the images, each as its server serves it.
class ServicesTest {
  private static final int BUFFER = 512;

  private final SettingsMemory settings = new SettingsMemory(Set.of("net", "app"));
  private final MemoryFiles files = new MemoryFiles("/lfs1", 4096);
  private final LogService logs = new LogService(Set.of("boot", "net"));
  private int restarts;

  private final Talk talk =
      new Talk(
          BUFFER,
          Hooks.NONE,
          ServedGroup.of(
              Group.STATISTICS, new StatisticsService(() -> Map.of("link", Map.of("rx", 12L)))),
          ServedGroup.of(Group.SETTINGS, new SettingsService(settings)),
          ServedGroup.of(Group.LOG, logs),
          ServedGroup.of(Group.CRASH, new CrashService(() -> restarts++)),
          ServedGroup.of(Group.FILES, new FilesService(files, BUFFER)),
          ServedGroup.of(Group.SHELL, new ShellService(ServicesTest::shell, BUFFER)),
          ServedGroup.of(Group.TRANSPORTS, transports()));

  private static ShellService.Outcome shell(List<String> words) {
    return words.equals(List.of("spam"))
        ? new ShellService.Outcome("é".repeat(1000), 0)
        : new ShellService.Outcome("ran " + words, -8);
  }

  private static TransportsService transports() {
    return new TransportsService(
        List.of(
            new TransportsService.Wire(
                1,
                "uart",
                List.of(
                    new TransportsService.Mode(
                        new Transports.Mode(
                            0, Optional.of("serial"), Optional.empty(), Optional.of(true)),
                        List.of(new Transports.Config("baud", 0, Optional.of(true))))))));
  }

  private <R extends Reply> R done(Request<R> request) {
    try {
      return switch (Answer.read(request, talk.ask(request))) {
        case Answer.Done<R>(var result) -> result;
        case Answer.Refused<R>(var reason, _) -> throw new AssertionError(reason.explain());
      };
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private void refused(GroupError error, Request<?> request) {
    assertThat(talk.ask(request).get("err"))
        .as(request.toString())
        .contains(
            CborMap.builder().put("group", error.group().number()).put("rc", error.code()).build());
  }

  private void refused(int code, Request<?> request) {
    assertThat(talk.ask(request)).as(request.toString()).isEqualTo(Talk.code(code));
  }

  // Statistics.

  @Test
  void statistics_are_told_by_group_and_an_unknown_group_is_refused() {
    assertThat(done(new Statistics.Names()).names()).containsExactly("link");
    assertThat(done(new Statistics.Read("link")).figures()).isEqualTo(Map.of("rx", 12L));
    refused(StatisticsError.NO_NAME, new Statistics.Read("nothing"));
  }

  // Settings.

  @Test
  void a_setting_is_read_back_and_lasts_only_once_it_is_saved() {
    Bytes value = Bytes.ofHex("0102");
    done(new Settings.Write("net/name", value));
    assertThat(done(new Settings.Read("net/name", Optional.empty())).value()).isEqualTo(value);
    done(new Settings.Load());
    refused(SettingsError.NOT_FOUND, new Settings.Read("net/name", Optional.empty()));
    done(new Settings.Write("net/name", value));
    done(new Settings.Write("app/x", value));
    done(new Settings.Commit());
    done(new Settings.Save(Optional.of("net")));
    done(new Settings.Load());
    assertThat(done(new Settings.Read("net/name", Optional.empty())).value()).isEqualTo(value);
    refused(SettingsError.NOT_FOUND, new Settings.Read("app/x", Optional.empty()));
    done(new Settings.Write("app/x", value));
    done(new Settings.Save(Optional.empty()));
    done(new Settings.Delete("net/name"));
    done(new Settings.Load());
    refused(SettingsError.NOT_FOUND, new Settings.Read("net/name", Optional.empty()));
    assertThat(done(new Settings.Read("app/x", Optional.empty())).value()).isEqualTo(value);
  }

  @Test
  void a_setting_is_cut_to_what_was_asked_for_and_says_what_the_server_can_tell() {
    done(new Settings.Write("net/name", Bytes.ofHex("010203")));
    assertThat(done(new Settings.Read("net/name", Optional.of(2L))))
        .isEqualTo(new Settings.ReadReply(Bytes.ofHex("0102"), Optional.empty()));
    assertThat(done(new Settings.Read("net/name", Optional.of(4000L))).sizeMax()).contains(256L);
  }

  @Test
  void settings_nobody_keeps_and_names_too_long_are_refused() {
    refused(SettingsError.ROOT_NOT_FOUND, new Settings.Read("aa/bb", Optional.empty()));
    refused(SettingsError.ROOT_NOT_FOUND, new Settings.Write("aa/bb", Bytes.EMPTY));
    refused(SettingsError.KEY_TOO_LONG, new Settings.Delete("net/" + "n".repeat(40)));
    refused(3, new Settings.Write("", Bytes.EMPTY));
    refused(3, new Settings.Write("net/big", Bytes.filled(257, 1)));
    for (int i = 0; i < 64; i++) {
      done(new Settings.Write("net/" + i, Bytes.EMPTY));
    }
    refused(SettingsError.NO_WRITE, new Settings.Write("net/one-more", Bytes.EMPTY));
    done(new Settings.Write("net/0", Bytes.ofHex("07")));
  }

  // Logs and crashes.

  @Test
  void a_log_is_told_in_parts_from_an_index_on() {
    for (int i = 0; i < 6; i++) {
      logs.write("boot", "entry " + i, i * 10L, 1);
    }
    Logs.ShowReply first = done(show(Optional.of("boot"), 0, 0));
    assertThat(first.indexNext()).contains(6L);
    assertThat(first.logs().getFirst().entries()).hasSize(4);
    assertThat(done(show(Optional.of("boot"), 0, 4)).logs().getFirst().entries()).hasSize(2);
    assertThat(done(show(Optional.of("boot"), 50, 0)).logs().getFirst().entries())
        .extracting(Logs.Entry::message)
        .containsExactly(Optional.of(new CborText("entry 5")));
    assertThat(done(show(Optional.empty(), 0, 0)).logs())
        .extracting(Logs.Log::name)
        .containsExactly("boot", "net");
    refused(Answer.ResultCode.NO_ENTRY, show(Optional.of("none"), 0, 0));
  }

  private static Logs.Show show(Optional<String> name, long time, long index) {
    return new Logs.Show(name, Optional.of(time), Optional.of(index));
  }

  @Test
  void logs_are_added_to_and_cleared_and_their_names_told() {
    done(
        new Logs.Append(
            Optional.of("net"),
            Optional.of(new CborText("hello")),
            Optional.of(2L),
            Optional.empty()));
    assertThat(done(show(Optional.of("net"), 0, 0)).logs().getFirst().entries()).hasSize(1);
    refused(
        Answer.ResultCode.INVALID,
        new Logs.Append(
            Optional.of("net"), Optional.of(CborInt.of(1)), Optional.empty(), Optional.empty()));
    refused(
        Answer.ResultCode.NO_ENTRY,
        new Logs.Append(Optional.of("none"), Optional.empty(), Optional.empty(), Optional.empty()));
    refused(Answer.ResultCode.NO_ENTRY, new Logs.Clear(Optional.of("none")));
    done(new Logs.Clear(Optional.empty()));
    assertThat(done(show(Optional.of("net"), 0, 0)).logs().getFirst().entries()).isEmpty();
    assertThat(done(new Logs.Names()).names()).containsExactly("boot", "net");
    assertThat(done(new Logs.Levels()).levels()).containsEntry("ERROR", 3L);
    assertThat(done(new Logs.Modules()).modules()).containsKey("DEFAULT");
  }

  @Test
  void a_log_forgets_its_oldest_entries() {
    for (int i = 0; i < 1010; i++) {
      logs.write("boot", "x".repeat(100), i, 1);
    }
    Logs.Entry oldest =
        done(show(Optional.of("boot"), 0, 0)).logs().getFirst().entries().getFirst();
    assertThat(oldest.index()).contains(10L);
    assertThat(oldest.message()).contains(new CborText("x".repeat(48)));
  }

  @Test
  void a_crash_is_one_of_the_ways_that_are_known() {
    refused(Answer.ResultCode.INVALID, new Crash.Trigger("meteor"));
    assertThat(restarts).isZero();
    done(new Crash.Trigger("div0"));
    assertThat(restarts).isEqualTo(1);
  }

  // Files.

  private static Files.Write begin(String name, int length, Bytes data) {
    return new Files.Write(name, 0, Optional.of((long) length), data);
  }

  @Test
  void a_file_is_written_in_order_and_read_back_from_anywhere() {
    assertThat(done(begin("/lfs1/a", 11, Bytes.ofUtf8("hello "))).offset()).isEqualTo(6);
    assertThat(
            done(new Files.Write("/lfs1/a", 6, Optional.empty(), Bytes.ofUtf8("world"))).offset())
        .isEqualTo(11);
    assertThat(done(new Files.Status("/lfs1/a")).length()).isEqualTo(11);
    assertThat(done(new Files.Read("/lfs1/a", 0)))
        .isEqualTo(new Files.ReadReply(0, Bytes.ofUtf8("hello world"), Optional.of(11L)));
    assertThat(done(new Files.Read("/lfs1/a", 6)))
        .isEqualTo(new Files.ReadReply(6, Bytes.ofUtf8("world"), Optional.empty()));
    assertThat(done(new Files.Read("/lfs1/a", 11)).data()).isEqualTo(Bytes.EMPTY);
    refused(FilesError.PAST_END, new Files.Read("/lfs1/a", 12));
    done(new Files.Close());
  }

  @Test
  void a_part_for_the_wrong_place_is_refused_with_the_length_and_changes_nothing() {
    done(begin("/lfs1/a", 5, Bytes.ofUtf8("hello")));
    CborMap answer = talk.ask(new Files.Write("/lfs1/a", 3, Optional.empty(), Bytes.ofUtf8("x")));
    assertThat(answer.get("len")).contains(CborInt.of(5));
    assertThat(answer.get("err")).contains(CborMap.builder().put("group", 8).put("rc", 11).build());
    assertThat(done(new Files.Read("/lfs1/a", 0)).data()).isEqualTo(Bytes.ofUtf8("hello"));
  }

  @Test
  void a_first_part_begins_the_file_anew_and_must_say_its_length() {
    done(begin("/lfs1/a", 5, Bytes.ofUtf8("hello")));
    done(begin("/lfs1/a", 2, Bytes.ofUtf8("yo")));
    assertThat(done(new Files.Status("/lfs1/a")).length()).isEqualTo(2);
    refused(
        Answer.ResultCode.INVALID,
        new Files.Write("/lfs1/b", 0, Optional.empty(), Bytes.ofUtf8("x")));
    refused(FilesError.NOT_FOUND, new Files.Status("/lfs1/b"));
  }

  @Test
  void names_that_are_no_files_of_this_device_are_refused() {
    refused(FilesError.NOT_FOUND, new Files.Read("/lfs1/zz", 0));
    refused(FilesError.NO_MOUNT_POINT, new Files.Read("/sd/a", 0));
    refused(FilesError.BAD_NAME, new Files.Status("a"));
    refused(FilesError.BAD_NAME, new Files.Status("/lfs1/" + "n".repeat(80)));
    refused(FilesError.IS_DIRECTORY, begin("/lfs1", 1, Bytes.ofHex("00")));
    refused(FilesError.NO_MOUNT_POINT, begin("/etc/passwd", 1, Bytes.ofHex("00")));
  }

  @Test
  void a_full_partition_takes_no_more_and_keeps_what_it_has() {
    for (int at = 0; at < 4000; at += 400) {
      Bytes part = Bytes.filled(400, 1);
      done(
          at == 0
              ? begin("/lfs1/a", 4000, part)
              : new Files.Write("/lfs1/a", at, Optional.empty(), part));
    }
    refused(FilesError.WRITE, begin("/lfs1/b", 200, Bytes.filled(200, 2)));
    refused(FilesError.NOT_FOUND, new Files.Status("/lfs1/b"));
    assertThat(done(new Files.Status("/lfs1/a")).length()).isEqualTo(4000);
  }

  @Test
  void a_long_file_is_read_in_answers_that_fit_the_buffer() {
    done(begin("/lfs1/a", 900, Bytes.filled(450, 1)));
    done(new Files.Write("/lfs1/a", 450, Optional.empty(), Bytes.filled(450, 2)));
    Files.ReadReply first = done(new Files.Read("/lfs1/a", 0));
    assertThat(first.data().size()).isBetween(400, BUFFER);
    assertThat(first.length()).contains(900L);
  }

  @Test
  void checksums_are_over_the_part_that_was_asked_for() {
    Bytes content = Bytes.ofUtf8("hello world");
    done(begin("/lfs1/a", 11, content));
    assertThat(done(checksum(Optional.empty(), Optional.empty(), Optional.empty())))
        .isEqualTo(
            new Files.ChecksumReply(
                "crc32", Optional.empty(), 11, Optional.of(CborInt.of(0x0d4a1185L))));
    assertThat(done(checksum(Optional.of("sha256"), Optional.of(6L), Optional.of(99L))))
        .isEqualTo(
            new Files.ChecksumReply(
                "sha256",
                Optional.of(6L),
                5,
                Optional.of(new CborBytes(Bytes.ofUtf8("world").sha256()))));
    refused(
        FilesError.NO_CHECKSUM, checksum(Optional.of("md5"), Optional.empty(), Optional.empty()));
    refused(FilesError.PAST_END, checksum(Optional.empty(), Optional.of(11L), Optional.empty()));
    done(begin("/lfs1/a", 0, Bytes.EMPTY));
    refused(FilesError.EMPTY, checksum(Optional.empty(), Optional.empty(), Optional.empty()));
    assertThat(done(new Files.Checksums()).kinds().keySet()).containsExactly("crc32", "sha256");
  }

  private static Files.Checksum checksum(
      Optional<String> type, Optional<Long> offset, Optional<Long> length) {
    return new Files.Checksum("/lfs1/a", type, offset, length);
  }

  // The shell.

  @Test
  void a_shell_command_gives_its_output_and_what_it_gave_back() {
    assertThat(done(new Shell.Execute(List.of("a", "b"))))
        .isEqualTo(new Shell.ExecuteReply("ran [a, b]", -8));
    refused(ShellError.EMPTY, new Shell.Execute(List.of()));
    refused(ShellError.EMPTY, new Shell.Execute(List.of(" ")));
    refused(ShellError.TOO_LONG, new Shell.Execute(List.of("a".repeat(300))));
  }

  @Test
  void output_is_cut_to_the_terminals_buffer_between_two_characters() {
    assertThat(done(new Shell.Execute(List.of("spam"))).output()).isEqualTo("é".repeat(150));
  }

  @Test
  void the_shell_is_not_read() {
    assertThat(Talk.fields(talk.one(Bytes.ofHex("0800000900096500a16461726776816178"))))
        .isEqualTo(Talk.code(Answer.ResultCode.NOT_SUPPORTED));
  }

  // Enumeration.

  @Test
  void groups_are_told_in_the_order_in_which_they_were_registered() {
    List<Long> order = List.of(0L, 1L, 2L, 3L, 4L, 5L, 8L, 9L, 11L, 10L);
    assertThat(done(new Enumeration.Count()).count()).isEqualTo(order.size());
    assertThat(done(new Enumeration.Numbers()).groups()).isEqualTo(order);
    List<Long> one = new ArrayList<>();
    Optional<Boolean> end = Optional.empty();
    for (long index = 0; end.isEmpty(); index++) {
      Enumeration.SingleReply single = done(new Enumeration.Single(Optional.of(index)));
      one.add(single.group());
      end = single.end();
    }
    assertThat(one).isEqualTo(order);
    assertThat(done(new Enumeration.Single(Optional.empty())).group()).isZero();
    refused(EnumerationError.INDEX_TOO_LARGE, new Enumeration.Single(Optional.of(99L)));
  }

  @Test
  void details_leave_out_what_is_not_there() {
    assertThat(done(new Enumeration.Details(List.of(9L, 77L))).groups())
        .containsExactly(new Enumeration.Detail(9, Optional.of("shell mgmt"), Optional.of(1L)));
    assertThat(done(new Enumeration.Details()).groups()).hasSize(10);
    refused(
        EnumerationError.TOO_MANY,
        new Enumeration.Details(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L)));
  }

  // Transports.

  @Test
  void links_and_their_modes_are_told() {
    assertThat(done(new Transports.Names()).transports())
        .containsExactly(new Transports.Name(1, Optional.of("uart")));
    assertThat(done(new Transports.Modes(1)).modes()).hasSize(1);
    assertThat(done(new Transports.Configs(1, 0)).configs())
        .containsExactly(new Transports.Config("baud", 0, Optional.of(true)));
    refused(Answer.ResultCode.NO_ENTRY, new Transports.Modes(2));
    refused(Answer.ResultCode.NO_ENTRY, new Transports.Configs(1, 7));
  }

  @Test
  void a_bridge_is_kept_until_it_is_taken_away() {
    assertThat(done(new Transports.Status()).bridged()).isEmpty();
    refused(Answer.ResultCode.NO_ENTRY, new Transports.Bridge(5, Optional.empty(), CborMap.EMPTY));
    done(new Transports.Bridge(1, Optional.of(0L), CborMap.EMPTY));
    assertThat(done(new Transports.Status()))
        .isEqualTo(new Transports.StatusReply(2, 1, Optional.of(true), Optional.of(1L)));
    refused(
        Answer.ResultCode.NO_ENTRY, new Transports.Unbridge(new Transports.Unbridge.Which.To(2)));
    done(new Transports.Unbridge(new Transports.Unbridge.Which.All()));
    assertThat(done(new Transports.Status()).active()).isZero();
  }

  // The system.

  @Test
  void os_info_tells_the_parts_in_their_order_whatever_the_order_of_the_letters() {
    assertThat(done(new Os.Info(Optional.empty())).output()).isEqualTo("test");
    assertThat(done(new Os.Info(Optional.of("vs"))).output()).isEqualTo("test 4.4.0");
    assertThat(done(new Os.Info(Optional.of("a"))).output())
        .isEqualTo(
            "test unknown 0 4.4.0 Thu Jan  1 00:00:00 1970 virtual jvm sealift/virtual Zephyr");
  }

  @Test
  void a_group_without_any_command_is_not_there() throws Exception {
    Talk old = new Talk(Mood.MYNEWT);
    assertThat(old.ask(new Enumeration.Count()))
        .isEqualTo(Talk.code(Answer.ResultCode.NOT_SUPPORTED));
    Talk fewer = new Talk(Mood.ZEPHYR.without(Command.OS_BOOTLOADER));
    CborFields detail =
        CborFields.of(
            CborFields.of(fewer.ask(new Enumeration.Details(List.of(0L))), "answer")
                .list("groups")
                .getFirst(),
            "group");
    assertThat(detail.integer("handlers")).isEqualTo(8);
  }
}
