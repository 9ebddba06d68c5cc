// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Request;
import dev.sealift.smp.Statistics;
import dev.sealift.smp.StatisticsError;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Group 2: figures that the device counts, by group and name. They are looked at when they are
/// asked for.
public record StatisticsService(Supplier<Map<String, Map<String, Long>>> figures)
    implements GroupHandler {
  @Override
  public Response handle(LinkId link, Request<?> request) {
    Map<String, Map<String, Long>> now = figures.get();
    return switch (request) {
      case Statistics.Names _ ->
          new Response.Done(new Statistics.NamesReply(List.copyOf(now.keySet())));
      case Statistics.Read(var name) ->
          now.containsKey(name)
              ? new Response.Done(new Statistics.ReadReply(name, now.getOrDefault(name, Map.of())))
              // Of the two errors for it, the one that was seen.
              : Response.refused(StatisticsError.NO_NAME);
      default -> Response.notSupported();
    };
  }
}
