// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Logs;
import dev.sealift.smp.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Group 4, the logs of Mynewt: each a bounded list of the newest entries, numbered through all of
/// them. An answer holds as many entries as fit; the client asks on from the last.
public final class LogService implements GroupHandler {
  private static final int ENTRIES_MAX = 1000;
  private static final int ENTRIES_TOLD = 4;
  private static final int MESSAGE_MAX = 48;
  private static final long STREAM = 0;

  private static final Map<String, Long> LEVELS = levels();

  private final Map<String, List<Logs.Entry>> logs = new LinkedHashMap<>();
  private long nextIndex;

  public LogService(Set<String> names) {
    names.stream().sorted().forEach(name -> logs.put(name, new ArrayList<>()));
  }

  private static Map<String, Long> levels() {
    Map<String, Long> levels = new LinkedHashMap<>();
    for (String name : List.of("DEBUG", "INFO", "WARN", "ERROR", "CRITICAL")) {
      levels.put(name, (long) levels.size());
    }
    return levels;
  }

  /// The device itself writes an entry, at a time of its own in microseconds.
  public void write(String log, String message, long time, long level) {
    List<Logs.Entry> entries = logs.get(log);
    if (entries == null) {
      throw new IllegalArgumentException("no log " + log);
    }
    String text = message.length() > MESSAGE_MAX ? message.substring(0, MESSAGE_MAX) : message;
    entries.add(
        new Logs.Entry(
            Optional.of(new CborText(text)),
            Optional.of(time),
            Optional.of(level),
            Optional.of(nextIndex++),
            Optional.of(0L),
            Optional.of("str"),
            Optional.empty()));
    if (entries.size() > ENTRIES_MAX) {
      entries.removeFirst();
    }
  }

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Logs.Show show -> show(show);
      case Logs.Clear(var name) -> clear(name);
      case Logs.Append append -> append(append);
      case Logs.Modules _ -> new Response.Done(new Logs.ModulesReply(Map.of("DEFAULT", 0L)));
      case Logs.Levels _ -> new Response.Done(new Logs.LevelsReply(LEVELS));
      case Logs.Names _ -> new Response.Done(new Logs.NamesReply(List.copyOf(logs.keySet())));
      default -> Response.notSupported();
    };
  }

  private Response show(Logs.Show asked) {
    if (asked.name().isPresent() && !logs.containsKey(asked.name().get())) {
      return Response.refused(Answer.ResultCode.NO_ENTRY);
    }
    List<Logs.Log> told = new ArrayList<>();
    int room = ENTRIES_TOLD;
    for (var log : logs.entrySet()) {
      if (asked.name().isEmpty() || asked.name().get().equals(log.getKey())) {
        List<Logs.Entry> wanted =
            log.getValue().stream().filter(entry -> isAsked(entry, asked)).limit(room).toList();
        room -= wanted.size();
        told.add(new Logs.Log(log.getKey(), Optional.of(STREAM), wanted));
      }
    }
    return new Response.Done(new Logs.ShowReply(Optional.of(nextIndex), told));
  }

  private static boolean isAsked(Logs.Entry entry, Logs.Show asked) {
    return entry.index().orElse(0L) >= asked.index().orElse(0L)
        && entry.time().orElse(0L) >= asked.time().orElse(0L);
  }

  private Response clear(Optional<String> name) {
    if (name.isPresent() && !logs.containsKey(name.get())) {
      return Response.refused(Answer.ResultCode.NO_ENTRY);
    }
    logs.forEach(
        (log, entries) -> {
          if (name.isEmpty() || name.get().equals(log)) {
            entries.clear();
          }
        });
    return Response.nothing();
  }

  private Response append(Logs.Append asked) {
    Optional<String> name = asked.name();
    if (name.isEmpty() || !logs.containsKey(name.get())) {
      return Response.refused(Answer.ResultCode.NO_ENTRY);
    }
    if (asked.message().isEmpty() || !(asked.message().get() instanceof CborText(var text))) {
      return Response.refused(Answer.ResultCode.INVALID);
    }
    write(name.get(), text, 0, asked.level().orElse(0L));
    return Response.nothing();
  }
}
