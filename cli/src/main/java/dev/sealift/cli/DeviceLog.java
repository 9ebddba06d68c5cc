// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Logs;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The logs of a device of Mynewt; Zephyr has none over SMP.
@Command(
    name = "log",
    description = "Read and clear the logs of a device of Mynewt.",
    subcommands = {DeviceLog.Names.class, DeviceLog.Show.class, DeviceLog.Clear.class})
final class DeviceLog extends Noun {
  private static final String LABEL = "LOG";

  private static List<String> names(SmpClient client) throws IOException {
    return DeviceCommand.ask(client, new Logs.Names(), "list its logs").names();
  }

  /// Lists them.
  @Command(
      name = "list",
      description = "List the logs of a device.",
      footer = {"", "Example: sealift device log list --to udp://192.0.2.7"})
  static final class Names extends Verb {
    @Mixin private To to = new To();

    Names(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return DeviceCommand.talk(
          to,
          client -> {
            List<String> names = names(client).stream().map(DeviceWords::line).toList();
            return Outcome.done(
                names.isEmpty() ? List.of("it has no logs") : names,
                CborMap.builder()
                    .put("target", client.target())
                    .put("logs", new CborList(names.stream().<CborItem>map(CborText::new).toList()))
                    .build());
          });
    }
  }

  /// Shows entries.
  @Command(
      name = "show",
      description = "Show the entries of a log, or of all.",
      footer = {"", "Example: sealift device log show --to udp://192.0.2.7"})
  static final class Show extends Verb {
    /// More than a device keeps; one that goes on and on ends here.
    private static final int ENTRIES_MAX = 100_000;

    @Mixin private To to = new To();

    @Parameters(arity = "0..1", paramLabel = LABEL, description = "the log; all unless told")
    private @Nullable String name;

    @Option(names = "--from", paramLabel = "INDEX", description = "only entries from this index on")
    private @Nullable String from;

    Show(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      long first = from == null ? 0 : Numbers.parse("--from", from, 0, 0xffff_ffffL);
      String one = name;
      return DeviceCommand.talk(
          to,
          client -> {
            List<String> logs = one == null ? names(client) : List.of(one);
            Map<Long, String> levels = levels(client);
            List<String> lines = new ArrayList<>();
            List<CborItem> json = new ArrayList<>();
            for (String log : logs) {
              for (Logs.Entry entry : entries(client, log, first)) {
                lines.add(line(log, entry, levels));
                json.add(json(log, entry, levels));
              }
            }
            return Outcome.done(
                lines.isEmpty() ? List.of("no entries") : lines,
                CborMap.builder()
                    .put("target", client.target())
                    .put("entries", new CborList(json))
                    .build());
          });
    }

    /// An answer holds a few; it is asked on from the one behind the last.
    private static List<Logs.Entry> entries(SmpClient client, String log, long first)
        throws IOException {
      List<Logs.Entry> all = new ArrayList<>();
      long next = first;
      while (true) {
        List<Logs.Entry> some =
            DeviceCommand.ask(
                    client,
                    new Logs.Show(Optional.of(log), Optional.empty(), Optional.of(next)),
                    "show its log " + log)
                .logs()
                .stream()
                .filter(told -> told.name().equals(log))
                .flatMap(told -> told.entries().stream())
                .toList();
        all.addAll(some);
        long last = some.isEmpty() ? -1 : some.getLast().index().orElse(-1L);
        if (last < next) {
          return all;
        }
        if (all.size() > ENTRIES_MAX) {
          throw Failure.refused(
              "%s has no end to its log %s: more than %d entries"
                  .formatted(client.target(), DeviceWords.line(log), ENTRIES_MAX));
        }
        next = last + 1;
      }
    }

    /// Their names, where the device tells them.
    private static Map<Long, String> levels(SmpClient client) throws IOException {
      Map<Long, String> byNumber = new HashMap<>();
      DeviceCommand.optional(client, new Logs.Levels())
          .ifPresent(
              reply ->
                  reply
                      .levels()
                      .forEach((name, number) -> byNumber.put(number, DeviceWords.line(name))));
      return byNumber;
    }

    private static String line(String log, Logs.Entry entry, Map<Long, String> levels) {
      return "%s %s %s %s  %s"
          .formatted(
              DeviceWords.line(log),
              entry.index().map(String::valueOf).orElse("-"),
              entry.time().map(Show::seconds).orElse("-"),
              level(entry, levels),
              message(entry));
    }

    private static String seconds(long micros) {
      return "%d.%06d".formatted(micros / 1_000_000, Math.floorMod(micros, 1_000_000));
    }

    private static String level(Logs.Entry entry, Map<Long, String> levels) {
      return entry
          .level()
          .map(number -> levels.getOrDefault(number, "level " + number))
          .orElse("-");
    }

    private static String message(Logs.Entry entry) {
      return entry
          .message()
          .map(
              said ->
                  switch (said) {
                    case CborText(var text) -> DeviceWords.line(text);
                    case CborBytes(var bytes) -> bytes.toHex();
                    default -> "(no text)";
                  })
          .orElse("");
    }

    private static CborMap json(String log, Logs.Entry entry, Map<Long, String> levels) {
      CborMap.Builder json = CborMap.builder().put("log", DeviceWords.line(log));
      entry.index().ifPresent(value -> json.put("index", value));
      entry.time().ifPresent(value -> json.put("time", value));
      entry.module().ifPresent(value -> json.put("module", value));
      return json.put("level", level(entry, levels)).put("message", message(entry)).build();
    }
  }

  /// Empties them.
  @Command(
      name = "clear",
      description = "Empty a log, or all.",
      footer = {"", "Example: sealift device log clear --to udp://192.0.2.7"})
  static final class Clear extends Verb {
    @Mixin private To to = new To();

    @Parameters(arity = "0..1", paramLabel = LABEL, description = "the log; all unless told")
    private @Nullable String name;

    Clear(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      String which = name == null ? "all logs" : "the log " + name;
      return DeviceCommand.talk(
          to,
          client -> {
            DeviceCommand.ask(client, new Logs.Clear(Optional.ofNullable(name)), "clear " + which);
            return Outcome.done(
                "cleared " + which,
                CborMap.builder().put("target", client.target()).put("cleared", which).build());
          });
    }
  }
}
