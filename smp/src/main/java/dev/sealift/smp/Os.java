// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Group 0, the operating system. Field names as on the wire.
public final class Os {
  private Os() {}

  /// Sends a text and gets it back.
  public record Echo(Optional<String> text) implements Request<EchoReply> {
    static Echo of(CborFields in) throws MalformedException {
      return new Echo(in.optionalText("d"));
    }

    @Override
    public CommandKey command() {
      return Command.OS_ECHO.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      text.ifPresent(value -> out.put("d", value));
      return out.build();
    }

    @Override
    public EchoReply reply(CborFields answer) throws MalformedException {
      return new EchoReply(answer.text("r"));
    }
  }

  /// The same as a read: servers take it either way.
  public record EchoRead(Optional<String> text) implements Request<EchoReply> {
    static EchoRead of(CborFields in) throws MalformedException {
      return new EchoRead(in.optionalText("d"));
    }

    @Override
    public CommandKey command() {
      return Command.OS_ECHO_READ.key();
    }

    @Override
    public CborMap fields() {
      return new Echo(text).fields();
    }

    @Override
    public EchoReply reply(CborFields answer) throws MalformedException {
      return new EchoReply(answer.text("r"));
    }
  }

  /// The text that came back.
  public record EchoReply(String text) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("r", text).build();
    }
  }

  /// Lets a console of Mynewt repeat what is typed (1), or not (0).
  public record ConsoleEcho(long echo) implements Request<Reply.Nothing> {
    static ConsoleEcho of(CborFields in) throws MalformedException {
      return new ConsoleEcho(in.integer("echo"));
    }

    @Override
    public CommandKey command() {
      return Command.OS_CONSOLE_ECHO.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("echo", echo).build();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks for a restart; answered first. `force` and `bootMode` (0 normal, 1 bootloader) are newer
  /// than the command.
  public record Reset(Optional<CborItem> force, Optional<Long> bootMode)
      implements Request<Reply.Nothing> {
    public static Reset plain() {
      return new Reset(Optional.empty(), Optional.empty());
    }

    /// `force` is a number in some clients and a boolean in others; it is kept as it came.
    static Reset of(CborFields in) throws MalformedException {
      return new Reset(in.map().get("force"), in.optionalInteger("boot_mode"));
    }

    @Override
    public CommandKey command() {
      return Command.OS_RESET.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      force.ifPresent(value -> out.put("force", value));
      bootMode.ifPresent(value -> out.put("boot_mode", value));
      return out.build();
    }

    /// Asked for twice it may hit a device that has come up on trial, which then goes back.
    @Override
    public Patience patience() {
      return new Patience(Duration.ofSeconds(3), Patience.Repeat.NEVER);
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks for the server's buffers.
  public record Parameters() implements Request<ParametersReply> {
    @Override
    public CommandKey command() {
      return Command.OS_PARAMETERS.key();
    }

    @Override
    public ParametersReply reply(CborFields answer) throws MalformedException {
      return new ParametersReply(answer.unsigned("buf_size"), answer.unsigned("buf_count"));
    }
  }

  /// `bufferSize` bytes (header and payload) in each of `bufferCount` buffers.
  public record ParametersReply(long bufferSize, long bufferCount) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("buf_size", bufferSize).put("buf_count", bufferCount).build();
    }
  }

  /// Asks what runs on what; `format` is a set of letters.
  public record Info(Optional<String> format) implements Request<InfoReply> {
    static Info of(CborFields in) throws MalformedException {
      return new Info(in.optionalText("format"));
    }

    @Override
    public CommandKey command() {
      return Command.OS_INFO.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      format.ifPresent(value -> out.put("format", value));
      return out.build();
    }

    @Override
    public InfoReply reply(CborFields answer) throws MalformedException {
      return new InfoReply(answer.text("output"));
    }
  }

  /// One line of text.
  public record InfoReply(String output) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("output", output).build();
    }
  }

  /// Asks about the bootloader: its name without a query, its mode with the query `mode`.
  public record Bootloader(Optional<String> query) implements Request<BootloaderReply> {
    static Bootloader of(CborFields in) throws MalformedException {
      return new Bootloader(in.optionalText("query"));
    }

    @Override
    public CommandKey command() {
      return Command.OS_BOOTLOADER.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      query.ifPresent(value -> out.put("query", value));
      return out.build();
    }

    @Override
    public BootloaderReply reply(CborFields answer) throws MalformedException {
      return new BootloaderReply(
          answer.optionalText("bootloader"),
          answer.optionalInteger("mode"),
          answer.optionalBool("no-downgrade"));
    }
  }

  /// `mode` is a [BootMode], where its number is known.
  public record BootloaderReply(
      Optional<String> bootloader, Optional<Long> mode, Optional<Boolean> noDowngrade)
      implements Reply {
    public Optional<BootMode> bootMode() {
      return mode.flatMap(BootMode::ofNumber);
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      bootloader.ifPresent(value -> out.put("bootloader", value));
      mode.ifPresent(value -> out.put("mode", value));
      noDowngrade.ifPresent(value -> out.put("no-downgrade", value));
      return out.build();
    }
  }

  /// Asks for the tasks and their stacks.
  public record Tasks() implements Request<TasksReply> {
    @Override
    public CommandKey command() {
      return Command.OS_TASKS.key();
    }

    @Override
    public TasksReply reply(CborFields answer) throws MalformedException {
      return new TasksReply(Fields.byName(answer, "tasks", Task::of));
    }
  }

  /// The tasks by name.
  public record TasksReply(Map<String, Task> tasks) implements Reply {
    public TasksReply {
      tasks = Fields.ordered(tasks);
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("tasks", Fields.byName(tasks, Task::fields)).build();
    }
  }

  /// One task. Stacks are told in words of four bytes; some servers write a negative priority as
  /// the byte it is.
  public record Task(
      Optional<Long> priorityField,
      Optional<Long> id,
      Optional<Long> state,
      Optional<Long> stackUsedWords,
      Optional<Long> stackSizeWords,
      Optional<Long> contextSwitches,
      Optional<Long> runtime,
      Optional<Long> checkInLast,
      Optional<Long> checkInNext) {
    private static final int WORD = 4;
    private static final int BYTE_MAX = 0x7f;

    static Task of(CborFields in) throws MalformedException {
      return new Task(
          in.optionalInteger("prio"),
          in.optionalInteger("tid"),
          in.optionalInteger("state"),
          in.optionalUnsigned("stkuse"),
          in.optionalUnsigned("stksiz"),
          in.optionalInteger("cswcnt"),
          in.optionalInteger("runtime"),
          in.optionalInteger("last_checkin"),
          in.optionalInteger("next_checkin"));
    }

    /// The priority as a number with a sign.
    public Optional<Long> priority() {
      return priorityField.map(
          byteOrMore -> byteOrMore > BYTE_MAX ? (byte) (long) byteOrMore : byteOrMore);
    }

    public Optional<Long> stackUsedBytes() {
      return stackUsedWords.map(words -> words * WORD);
    }

    public Optional<Long> stackSizeBytes() {
      return stackSizeWords.map(words -> words * WORD);
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      priorityField.ifPresent(value -> out.put("prio", value));
      id.ifPresent(value -> out.put("tid", value));
      state.ifPresent(value -> out.put("state", value));
      stackUsedWords.ifPresent(value -> out.put("stkuse", value));
      stackSizeWords.ifPresent(value -> out.put("stksiz", value));
      contextSwitches.ifPresent(value -> out.put("cswcnt", value));
      runtime.ifPresent(value -> out.put("runtime", value));
      checkInLast.ifPresent(value -> out.put("last_checkin", value));
      checkInNext.ifPresent(value -> out.put("next_checkin", value));
      return out.build();
    }
  }

  /// Asks for the memory pools.
  public record MemoryPools() implements Request<MemoryPoolsReply> {
    @Override
    public CommandKey command() {
      return Command.OS_MEMORY_POOLS.key();
    }

    @Override
    public MemoryPoolsReply reply(CborFields answer) throws MalformedException {
      return MemoryPoolsReply.of(answer);
    }
  }

  /// The pools by name.
  public record MemoryPoolsReply(Place place, Map<String, Pool> pools) implements Reply {
    /// Where in the answer they stand: servers differ.
    public enum Place {
      TOP,
      /// In a map of its own.
      BELOW
    }

    private static final String BELOW = "mpools";

    public MemoryPoolsReply {
      pools = Fields.ordered(pools);
    }

    static MemoryPoolsReply of(CborFields in) throws MalformedException {
      return in.map().get(BELOW).isPresent()
          ? new MemoryPoolsReply(Place.BELOW, Fields.byName(in, BELOW, Pool::of))
          : new MemoryPoolsReply(
              Place.TOP, Fields.byName(Fields.without(in.map(), "rc"), "pools", Pool::of));
    }

    @Override
    public CborMap fields() {
      CborMap byName = Fields.byName(pools, Pool::fields);
      return switch (place) {
        case TOP -> byName;
        case BELOW -> CborMap.builder().put(BELOW, byName).build();
      };
    }
  }

  /// One pool: the size of a block in bytes, how many there are, how many are free, and how many
  /// were when fewest were.
  public record Pool(
      Optional<Long> blockSize,
      Optional<Long> blocks,
      Optional<Long> free,
      Optional<Long> freeMin) {
    static Pool of(CborFields in) throws MalformedException {
      return new Pool(
          in.optionalUnsigned("blksiz"),
          in.optionalUnsigned("nblks"),
          in.optionalUnsigned("nfree"),
          in.optionalUnsigned("min"));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      blockSize.ifPresent(value -> out.put("blksiz", value));
      blocks.ifPresent(value -> out.put("nblks", value));
      free.ifPresent(value -> out.put("nfree", value));
      freeMin.ifPresent(value -> out.put("min", value));
      return out.build();
    }
  }

  /// Asks for the device's clock.
  public record Datetime() implements Request<DatetimeReply> {
    @Override
    public CommandKey command() {
      return Command.OS_DATETIME.key();
    }

    @Override
    public DatetimeReply reply(CborFields answer) throws MalformedException {
      return new DatetimeReply(answer.text("datetime"));
    }
  }

  /// Date and time as text, RFC 3339 with or without a zone.
  public record DatetimeReply(String datetime) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("datetime", datetime).build();
    }
  }

  /// Sets the device's clock.
  public record SetDatetime(String datetime) implements Request<Reply.Nothing> {
    static SetDatetime of(CborFields in) throws MalformedException {
      return new SetDatetime(in.text("datetime"));
    }

    @Override
    public CommandKey command() {
      return Command.OS_DATETIME_SET.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("datetime", datetime).build();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }
}
