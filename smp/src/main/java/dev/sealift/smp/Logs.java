// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Group 4, the logs of Mynewt.
public final class Logs {
  private Logs() {}

  /// Asks for entries: of one log or all, from a time or an index on.
  public record Show(Optional<String> name, Optional<Long> time, Optional<Long> index)
      implements Request<ShowReply> {
    static Show of(CborFields in) throws MalformedException {
      return new Show(
          in.optionalText("log_name"), in.optionalInteger("ts"), in.optionalUnsigned("index"));
    }

    @Override
    public CommandKey command() {
      return Command.LOG_SHOW.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      name.ifPresent(value -> out.put("log_name", value));
      time.ifPresent(value -> out.put("ts", value));
      index.ifPresent(value -> out.put("index", value));
      return out.build();
    }

    @Override
    public ShowReply reply(CborFields answer) throws MalformedException {
      return ShowReply.of(answer);
    }
  }

  /// Some entries, and the index that follows the last there is.
  public record ShowReply(Optional<Long> indexNext, List<Log> logs) implements Reply {
    public ShowReply {
      logs = List.copyOf(logs);
    }

    static ShowReply of(CborFields in) throws MalformedException {
      return new ShowReply(in.optionalUnsigned("next_index"), Fields.list(in, "logs", Log::of));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      indexNext.ifPresent(value -> out.put("next_index", value));
      return out.put("logs", Fields.list(logs, Log::fields)).build();
    }
  }

  /// One log. `type` says where it is kept.
  public record Log(String name, Optional<Long> type, List<Entry> entries) {
    public Log {
      entries = List.copyOf(entries);
    }

    static Log of(CborFields in) throws MalformedException {
      return new Log(
          in.text("name"),
          in.optionalInteger("type"),
          Fields.optionalList(in, "entries", Entry::of));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder().put("name", name);
      type.ifPresent(value -> out.put("type", value));
      return out.put("entries", Fields.list(entries, Entry::fields)).build();
    }
  }

  /// One entry. The message is text, or bytes of the kind that `type` names.
  public record Entry(
      Optional<CborItem> message,
      Optional<Long> time,
      Optional<Long> level,
      Optional<Long> index,
      Optional<Long> module,
      Optional<String> type,
      Optional<Bytes> image) {
    static Entry of(CborFields in) throws MalformedException {
      return new Entry(
          in.map().get("msg"),
          in.optionalInteger("ts"),
          in.optionalInteger("level"),
          in.optionalUnsigned("index"),
          in.optionalInteger("module"),
          in.optionalText("type"),
          in.optionalBytes("imghash"));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      message.ifPresent(value -> out.put("msg", value));
      time.ifPresent(value -> out.put("ts", value));
      level.ifPresent(value -> out.put("level", value));
      index.ifPresent(value -> out.put("index", value));
      module.ifPresent(value -> out.put("module", value));
      type.ifPresent(value -> out.put("type", value));
      image.ifPresent(value -> out.put("imghash", value));
      return out.build();
    }
  }

  /// Empties a log, or all.
  public record Clear(Optional<String> name) implements Request<Reply.Nothing> {
    static Clear of(CborFields in) throws MalformedException {
      return new Clear(in.optionalText("log_name"));
    }

    @Override
    public CommandKey command() {
      return Command.LOG_CLEAR.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      name.ifPresent(value -> out.put("log_name", value));
      return out.build();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Adds an entry.
  public record Append(
      Optional<String> name,
      Optional<CborItem> message,
      Optional<Long> level,
      Optional<Long> module)
      implements Request<Reply.Nothing> {
    static Append of(CborFields in) throws MalformedException {
      return new Append(
          in.optionalText("log_name"),
          in.map().get("msg"),
          in.optionalInteger("level"),
          in.optionalInteger("module"));
    }

    @Override
    public CommandKey command() {
      return Command.LOG_APPEND.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      name.ifPresent(value -> out.put("log_name", value));
      message.ifPresent(value -> out.put("msg", value));
      level.ifPresent(value -> out.put("level", value));
      module.ifPresent(value -> out.put("module", value));
      return out.build();
    }

    @Override
    public Patience patience() {
      return Patience.ONCE;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks for the numbers of the modules.
  public record Modules() implements Request<ModulesReply> {
    @Override
    public CommandKey command() {
      return Command.LOG_MODULES.key();
    }

    @Override
    public ModulesReply reply(CborFields answer) throws MalformedException {
      return ModulesReply.of(answer);
    }
  }

  /// The modules by name.
  public record ModulesReply(Map<String, Long> modules) implements Reply {
    public ModulesReply {
      modules = Fields.ordered(modules);
    }

    static ModulesReply of(CborFields in) throws MalformedException {
      return new ModulesReply(Fields.numbers(in, "module_map"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("module_map", Fields.numbers(modules)).build();
    }
  }

  /// Asks for the numbers of the levels.
  public record Levels() implements Request<LevelsReply> {
    @Override
    public CommandKey command() {
      return Command.LOG_LEVELS.key();
    }

    @Override
    public LevelsReply reply(CborFields answer) throws MalformedException {
      return LevelsReply.of(answer);
    }
  }

  /// The levels by name.
  public record LevelsReply(Map<String, Long> levels) implements Reply {
    public LevelsReply {
      levels = Fields.ordered(levels);
    }

    static LevelsReply of(CborFields in) throws MalformedException {
      return new LevelsReply(Fields.numbers(in, "level_map"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("level_map", Fields.numbers(levels)).build();
    }
  }

  /// Asks which logs there are.
  public record Names() implements Request<NamesReply> {
    @Override
    public CommandKey command() {
      return Command.LOG_NAMES.key();
    }

    @Override
    public NamesReply reply(CborFields answer) throws MalformedException {
      return NamesReply.of(answer);
    }
  }

  /// The names of all logs.
  public record NamesReply(List<String> names) implements Reply {
    public NamesReply {
      names = List.copyOf(names);
    }

    static NamesReply of(CborFields in) throws MalformedException {
      return new NamesReply(Fields.texts(in, "log_list"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("log_list", Fields.texts(names)).build();
    }
  }
}
