// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every row of the table: its request is read as it was written, and so is its reply.
class CommandTest {
  private static final Bytes DATA = Bytes.ofHex("0102030405");
  private static final Optional<Bytes> HASH = Optional.of(Bytes.filled(32, 7));
  private static final Reply NOTHING = new Reply.Nothing();

  /// A request and an answer to it.
  record Case(Request<?> request, Reply reply) {}

  private static Case of(Request<?> request, Reply reply) {
    return new Case(request, reply);
  }

  static final List<Case> CASES =
      List.of(
          of(new Os.Echo(Optional.of("hello")), new Os.EchoReply("hello")),
          of(new Os.Echo(Optional.empty()), new Os.EchoReply("")),
          of(new Os.EchoRead(Optional.of("hello")), new Os.EchoReply("hello")),
          of(new Os.ConsoleEcho(1), NOTHING),
          of(new Os.Tasks(), new Os.TasksReply(Map.of("idle", task(15)))),
          of(
              new Os.MemoryPools(),
              new Os.MemoryPoolsReply(Os.MemoryPoolsReply.Place.TOP, Map.of("msys", pool()))),
          of(
              new Os.MemoryPools(),
              new Os.MemoryPoolsReply(Os.MemoryPoolsReply.Place.BELOW, Map.of("msys", pool()))),
          of(new Os.Datetime(), new Os.DatetimeReply("2026-11-21T12:00:00")),
          of(new Os.SetDatetime("2026-11-21T12:00:00.5+01:00"), NOTHING),
          of(Os.Reset.plain(), NOTHING),
          of(new Os.Reset(Optional.of(new CborBool(true)), Optional.of(1L)), NOTHING),
          of(new Os.Parameters(), new Os.ParametersReply(2475, 4)),
          of(new Os.Info(Optional.of("sv")), new Os.InfoReply("Zephyr 4.4.0")),
          of(
              new Os.Bootloader(Optional.empty()),
              new Os.BootloaderReply(Optional.of("MCUboot"), Optional.empty(), Optional.empty())),
          of(
              new Os.Bootloader(Optional.of("mode")),
              new Os.BootloaderReply(Optional.empty(), Optional.of(9L), Optional.of(true))),
          of(new Images.State(), new Images.StateReply(List.of(slot()), Optional.of(0L))),
          of(Images.SetState.confirmRunning(), new Images.StateReply(List.of(), Optional.empty())),
          of(
              new Images.SetState(HASH, Optional.of(false)),
              new Images.StateReply(List.of(slot()), Optional.of(0L))),
          of(
              Images.Upload.first(DATA, 100, DATA).to(1),
              new Images.UploadReply(5, Optional.empty())),
          of(Images.Upload.next(95, DATA), new Images.UploadReply(100, Optional.of(true))),
          of(new Images.File(), NOTHING),
          of(new Images.CoreList(), NOTHING),
          of(new Images.CoreLoad(512), new Images.CoreLoadReply(512, DATA, Optional.of(900L))),
          of(new Images.CoreErase(), NOTHING),
          of(new Images.Erase(Optional.empty()), NOTHING),
          of(new Images.Erase(Optional.of(3L)), NOTHING),
          of(new Images.Slots(), slots()),
          of(
              new Statistics.Read("link"),
              new Statistics.ReadReply("link", Map.of("rx", 12L, "tx", 3L))),
          of(new Statistics.Names(), new Statistics.NamesReply(List.of("link", "flash"))),
          of(
              new Settings.Read("a/b", Optional.of(16L)),
              new Settings.ReadReply(DATA, Optional.of(8L))),
          of(
              new Settings.Read("a/b", Optional.empty()),
              new Settings.ReadReply(DATA, Optional.empty())),
          of(new Settings.Write("a/b", DATA), NOTHING),
          of(new Settings.Delete("a/b"), NOTHING),
          of(new Settings.Commit(), NOTHING),
          of(new Settings.Load(), NOTHING),
          of(new Settings.Save(Optional.of("a")), NOTHING),
          of(
              new Logs.Show(Optional.of("boot"), Optional.of(0L), Optional.of(3L)),
              new Logs.ShowReply(Optional.of(5L), List.of(log()))),
          of(new Logs.Clear(Optional.empty()), NOTHING),
          of(
              new Logs.Append(
                  Optional.of("boot"),
                  Optional.of(new CborText("here")),
                  Optional.of(1L),
                  Optional.of(2L)),
              NOTHING),
          of(new Logs.Modules(), new Logs.ModulesReply(Map.of("default", 0L))),
          of(new Logs.Levels(), new Logs.LevelsReply(Map.of("debug", 0L))),
          of(new Logs.Names(), new Logs.NamesReply(List.of("boot"))),
          of(new Crash.Trigger("div0"), NOTHING),
          of(new Split.Status(), new Split.StatusReply(Optional.of(1L), Optional.of(2L))),
          of(new Split.SetStatus(Optional.of(1L)), NOTHING),
          of(new Run.Test(Optional.of("all"), Optional.of("42")), NOTHING),
          of(new Run.Tests(), new Run.TestsReply(List.of("all"))),
          of(new Files.Read("/lfs1/a", 0), new Files.ReadReply(0, DATA, Optional.of(5L))),
          of(new Files.Write("/lfs1/a", 0, Optional.of(5L), DATA), new Files.WriteReply(5)),
          of(new Files.Write("/lfs1/a", 5, Optional.empty(), DATA), new Files.WriteReply(10)),
          of(new Files.Status("/lfs1/a"), new Files.StatusReply(5)),
          of(
              new Files.Checksum("/lfs1/a", Optional.of("crc32"), Optional.of(1L), Optional.of(3L)),
              new Files.ChecksumReply(
                  "crc32", Optional.of(1L), 3, Optional.of(CborInt.of(0xffffffffL)))),
          of(
              new Files.Checksum("/lfs1/a", Optional.empty(), Optional.empty(), Optional.empty()),
              new Files.ChecksumReply(
                  "sha256", Optional.empty(), 5, Optional.of(new CborBytes(HASH.get())))),
          of(
              new Files.Checksums(),
              new Files.ChecksumsReply(Map.of("sha256", new Files.Kind(1, 32)))),
          of(new Files.Close(), NOTHING),
          of(
              new Shell.Execute(List.of("kernel", "version")),
              new Shell.ExecuteReply("Zephyr 4.4.0", 0)),
          of(
              new Shell.Execute(List.of("bogus")),
              new Shell.ExecuteReply("not found", Shell.ExecuteReply.CodeName.RC, -8)),
          of(new Enumeration.Count(), new Enumeration.CountReply(7)),
          of(new Enumeration.Numbers(), new Enumeration.NumbersReply(List.of(10L, 8L, 0L))),
          of(
              new Enumeration.Single(Optional.of(6L)),
              new Enumeration.SingleReply(63, Optional.of(true))),
          of(
              new Enumeration.Details(),
              new Enumeration.DetailsReply(
                  List.of(new Enumeration.Detail(0, Optional.of("os mgmt"), Optional.of(8L))))),
          of(
              new Enumeration.Details(List.of(8L, 9L)),
              new Enumeration.DetailsReply(
                  List.of(new Enumeration.Detail(8, Optional.empty(), Optional.empty())))),
          of(
              new Transports.Bridge(
                  1, Optional.of(0L), CborMap.builder().put("port", 1337).build()),
              NOTHING),
          of(new Transports.Unbridge(new Transports.Unbridge.Which.To(1)), NOTHING),
          of(new Transports.Unbridge(new Transports.Unbridge.Which.All()), NOTHING),
          of(
              new Transports.Status(),
              new Transports.StatusReply(2, 1, Optional.of(true), Optional.of(1L))),
          of(
              new Transports.Names(),
              new Transports.NamesReply(List.of(new Transports.Name(1, Optional.of("uart"))))),
          of(
              new Transports.Modes(1),
              new Transports.ModesReply(
                  List.of(
                      new Transports.Mode(
                          0, Optional.of("serial"), Optional.empty(), Optional.of(true))))),
          of(
              new Transports.Configs(1, 0),
              new Transports.ConfigsReply(
                  List.of(new Transports.Config("baud", 0, Optional.of(true))))),
          of(new Basic.EraseStorage(), NOTHING),
          of(
              new Suit.Manifests(),
              new Suit.ManifestsReply(List.of(new Suit.Role(16), new Suit.Role(17)))),
          of(
              new Suit.ManifestState(16),
              new Suit.ManifestStateReply(CborMap.builder().put("class_id", DATA).build())),
          of(
              new Suit.Envelope(0, DATA, Optional.of(10L), Optional.of(true)),
              new Suit.PartReply(5)),
          of(
              new Suit.Missing(),
              new Suit.MissingReply(Optional.of(1L), Optional.of(Bytes.ofUtf8("file://a")))),
          of(new Suit.Missing(), new Suit.MissingReply(Optional.empty(), Optional.empty())),
          of(
              new Suit.MissingUpload(Optional.of(1L), 0, DATA, Optional.of(10L)),
              new Suit.PartReply(5)),
          of(new Suit.Cache(Optional.of(1L), 5, DATA, Optional.empty()), new Suit.PartReply(10)),
          of(new Suit.CleanUp(), NOTHING));

  private static Os.Task task(long priority) {
    return new Os.Task(
        Optional.of(priority),
        Optional.of(1L),
        Optional.of(2L),
        Optional.of(38L),
        Optional.of(128L),
        Optional.of(9L),
        Optional.of(10L),
        Optional.of(0L),
        Optional.of(0L));
  }

  private static Os.Pool pool() {
    return new Os.Pool(Optional.of(292L), Optional.of(12L), Optional.of(9L), Optional.of(4L));
  }

  private static Images.Slot slot() {
    return new Images.Slot(
        Optional.of(0L),
        1,
        Optional.of("1.2.3"),
        HASH,
        Optional.of(true),
        Optional.of(false),
        Optional.of(true),
        Optional.of(true),
        Optional.of(false),
        Optional.of(true));
  }

  private static Images.SlotsReply slots() {
    return new Images.SlotsReply(
        List.of(
            new Images.ImageSlots(
                0,
                List.of(
                    new Images.SlotSize(0, Optional.of(4096L), Optional.empty(), Optional.empty()),
                    new Images.SlotSize(1, Optional.empty(), Optional.of(0L), Optional.of(1L))),
                Optional.of(4000L))));
  }

  private static Logs.Log log() {
    return new Logs.Log(
        "boot",
        Optional.of(1L),
        List.of(
            new Logs.Entry(
                Optional.of(new CborText("up")),
                Optional.of(17L),
                Optional.of(1L),
                Optional.of(4L),
                Optional.of(0L),
                Optional.of("str"),
                Optional.of(DATA))));
  }

  @Test
  void every_request_is_read_as_it_was_written() throws Exception {
    for (Case one : CASES) {
      Command command = Command.of(one.request().command()).orElseThrow();
      assertThat(command.read(one.request().fields())).isEqualTo(one.request());
    }
  }

  @Test
  void every_reply_is_read_as_it_was_written() throws Exception {
    for (Case one : CASES) {
      assertThat(one.request().reply(CborFields.of(one.reply().fields(), "answer")))
          .as(one.request().command().toString())
          .isEqualTo(one.reply());
    }
  }

  /// The permit group has a test of its own.
  @Test
  void every_command_is_among_the_cases() {
    Set<Command> tried = EnumSet.noneOf(Command.class);
    CASES.forEach(one -> tried.add(Command.of(one.request().command()).orElseThrow()));
    for (Command command : Command.values()) {
      assertThat(tried.contains(command) || command.key().group() == 1000)
          .as(command.name())
          .isTrue();
    }
  }

  @Test
  void no_two_commands_have_the_same_key_and_each_bears_its_groups_name() {
    Set<CommandKey> keys = new HashSet<>();
    for (Command command : Command.values()) {
      assertThat(keys.add(command.key())).as(command.name()).isTrue();
      assertThat(Command.of(command.key())).contains(command);
      Group group = Group.ofNumber(command.key().group()).orElseThrow();
      assertThat(command.name()).startsWith(group.name() + "_");
      assertThat(command.key()).hasToString(command.name());
    }
    assertThat(CommandKey.write(70, 3)).hasToString("write command 3 of group 70");
  }

  @Test
  void no_command_is_outside_the_header() {
    assertThatThrownBy(() -> CommandKey.read(0x10000, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CommandKey.read(0, 256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CommandKey(0, 0, SmpHeader.READ_ANSWER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_errors_of_a_group_count_from_one_and_know_their_group() {
    for (Group group : Group.values()) {
      int code = 1;
      for (GroupError error : group.errors()) {
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.group()).isEqualTo(group);
        assertThat(error.reason().known()).contains(error);
        assertThat(group.explain(code)).isEqualTo(error.words());
        assertThat(group.legacy(code)).isEqualTo(error.legacy()).isPositive();
        code++;
      }
      assertThat(group.error(code)).isEmpty();
    }
    assertThat(new Answer.OfGroup(4711, 1).known()).isEmpty();
  }

  @Test
  void the_old_name_of_what_a_shell_command_gave_back_is_no_refusal() throws Exception {
    CborMap answer = CborMap.builder().put("o", "no such file").put("rc", -2).build();
    assertThat(Answer.read(new Shell.Execute(List.of("fs", "rm")), answer))
        .isEqualTo(
            new Answer.Done<>(
                new Shell.ExecuteReply("no such file", Shell.ExecuteReply.CodeName.RC, -2)));
    assertThat(Answer.read(new Shell.Execute(List.of()), CborMap.builder().put("rc", 8).build()))
        .isInstanceOf(Answer.Refused.class);
  }

  @Test
  void a_priority_written_as_its_byte_is_below_zero_all_the_same() {
    assertThat(task(241).priority()).contains(-15L);
    assertThat(task(-15).priority()).contains(-15L);
    assertThat(task(15).priority()).contains(15L);
    assertThat(task(0).stackSizeBytes()).contains(512L);
    assertThat(task(0).stackUsedBytes()).contains(152L);
  }

  @Test
  void a_bootloaders_mode_is_told_by_name() {
    assertThat(
            new Os.BootloaderReply(Optional.empty(), Optional.of(9L), Optional.empty()).bootMode())
        .contains(BootMode.SWAP_OFFSET);
    assertThat(BootMode.ofNumber(-1)).contains(BootMode.UNKNOWN);
    assertThat(BootMode.ofNumber(42)).isEmpty();
  }
}
