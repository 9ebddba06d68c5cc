// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
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
    public Command command() {
      return Command.OS_ECHO;
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

  /// The text that came back.
  public record EchoReply(String text) implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.builder().put("r", text).build();
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
    public Command command() {
      return Command.OS_RESET;
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      force.ifPresent(value -> out.put("force", value));
      bootMode.ifPresent(value -> out.put("boot_mode", value));
      return out.build();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks for the server's buffers.
  public record Parameters() implements Request<ParametersReply> {
    @Override
    public Command command() {
      return Command.OS_PARAMETERS;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
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
    public Command command() {
      return Command.OS_INFO;
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
    public Command command() {
      return Command.OS_BOOTLOADER;
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

  /// `mode` is MCUboot's own number: 1 swap-scratch, 2 overwrite, 3 swap-move, 4 direct-XIP, 9
  /// swap-offset, and so on.
  public record BootloaderReply(
      Optional<String> bootloader, Optional<Long> mode, Optional<Boolean> noDowngrade)
      implements Reply {
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
  public record Tasks() implements Request<Listing> {
    @Override
    public Command command() {
      return Command.OS_TASKS;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
    }

    @Override
    public Listing reply(CborFields answer) {
      return new Listing(answer.map());
    }
  }

  /// Asks for the memory pools.
  public record MemoryPools() implements Request<Listing> {
    @Override
    public Command command() {
      return Command.OS_MEMORY_POOLS;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
    }

    @Override
    public Listing reply(CborFields answer) {
      return new Listing(answer.map());
    }
  }

  /// Names and figures as the device has them.
  public record Listing(CborMap fields) implements Reply {}

  /// Asks for the device's clock.
  public record Datetime() implements Request<DatetimeReply> {
    @Override
    public Command command() {
      return Command.OS_DATETIME;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
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
    public Command command() {
      return Command.OS_DATETIME_SET;
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
