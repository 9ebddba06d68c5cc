// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Os;
import dev.sealift.smp.OsError;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Group 0, the operating system.
final class SystemService implements GroupHandler {
  /// Mynewt's buffer for an echo, and the end of its text.
  private static final int ECHO_MAX = 127;

  private final SmpServer.Setup setup;
  private final SystemFacts facts;
  private final Consumer<Os.Reset> reset;
  private final DeviceClock clock = new DeviceClock();

  SystemService(SmpServer.Setup setup, SystemFacts facts, Consumer<Os.Reset> reset) {
    this.setup = setup;
    this.facts = facts;
    this.reset = reset;
  }

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Os.Echo(var text) -> echo(text);
      case Os.EchoRead(var text) -> echo(text);
      case Os.Parameters _ ->
          new Response.Done(new Os.ParametersReply(setup.bufferSize(), setup.bufferCount()));
      case Os.Tasks _ -> known(facts.tasks(), Os.TasksReply::new);
      case Os.MemoryPools _ ->
          known(
              facts.pools(),
              pools -> new Os.MemoryPoolsReply(Os.MemoryPoolsReply.Place.TOP, pools));
      case Os.Datetime _ -> clock.read();
      case Os.SetDatetime(var wanted) -> clock.set(wanted);
      case Os.Info(var format) -> info(format.orElse("s"));
      case Os.Bootloader(var query) -> bootloader(query);
      case Os.Reset asked -> {
        reset.accept(asked);
        yield Response.nothing();
      }
      default -> Response.notSupported();
    };
  }

  private Response echo(Optional<String> asked) {
    String text = asked.orElse("");
    boolean isTooLong =
        setup.mood().has(Trait.ECHO_SHORT)
            && text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > ECHO_MAX;
    return new Response.Done(new Os.EchoReply(isTooLong ? "" : text));
  }

  private static <T> Response known(
      Supplier<Map<String, T>> source, java.util.function.Function<Map<String, T>, Reply> reply) {
    Map<String, T> known = source.get();
    return known.isEmpty() ? Response.notSupported() : new Response.Done(reply.apply(known));
  }

  private Response info(String format) {
    SystemFacts.Info info = facts.info();
    Map<Character, String> parts =
        Map.of(
            's', info.kernel(),
            'n', info.node(),
            'r', info.release(),
            'v', info.version(),
            'b', info.buildTime(),
            'm', info.machine(),
            'p', info.processor(),
            'i', info.board(),
            'o', info.system());
    List<String> told = new ArrayList<>();
    for (char letter : "snrvbmpio".toCharArray()) {
      if (format.indexOf(letter) >= 0 || format.indexOf('a') >= 0) {
        told.add(parts.getOrDefault(letter, ""));
      }
    }
    boolean isKnown =
        format.chars().allMatch(letter -> letter == 'a' || parts.containsKey((char) letter));
    return isKnown
        ? new Response.Done(new Os.InfoReply(String.join(" ", told)))
        : Response.refused(OsError.BAD_FORMAT);
  }

  private Response bootloader(Optional<String> query) {
    if (query.isEmpty()) {
      return new Response.Done(
          new Os.BootloaderReply(
              Optional.of(facts.bootloader()), Optional.empty(), Optional.empty()));
    }
    if (!query.get().equals("mode")) {
      return Response.refused(OsError.NO_ANSWER);
    }
    return new Response.Done(
        new Os.BootloaderReply(
            Optional.empty(),
            Optional.of((long) facts.bootMode().number()),
            switch (facts.downgrade()) {
              case UNSAID -> Optional.empty();
              case PREVENTED -> Optional.of(true);
            }));
  }
}
