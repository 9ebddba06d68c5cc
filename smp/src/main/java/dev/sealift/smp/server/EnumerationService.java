// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Enumeration;
import dev.sealift.smp.EnumerationError;
import dev.sealift.smp.Request;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Group 10: which groups there are, in the order in which they were registered.
record EnumerationService(Supplier<List<ServedGroup>> groups) implements GroupHandler {
  @Override
  public Response handle(LinkId link, Request<?> request) {
    List<ServedGroup> all = groups.get();
    return switch (request) {
      case Enumeration.Count _ -> new Response.Done(new Enumeration.CountReply(all.size()));
      case Enumeration.Numbers _ ->
          new Response.Done(
              new Enumeration.NumbersReply(
                  all.stream().map(group -> (long) group.number()).toList()));
      case Enumeration.Single(var index) -> single(all, index.orElse(0L));
      case Enumeration.Details(var wanted) -> details(all, wanted);
      default -> Response.notSupported();
    };
  }

  private static Response single(List<ServedGroup> all, long index) {
    if (index >= all.size()) {
      return Response.refused(EnumerationError.INDEX_TOO_LARGE);
    }
    return new Response.Done(
        new Enumeration.SingleReply(
            all.get((int) index).number(),
            index == all.size() - 1 ? Optional.of(true) : Optional.empty()));
  }

  private static Response details(List<ServedGroup> all, List<Long> wanted) {
    if (wanted.size() > all.size()) {
      return Response.refused(EnumerationError.TOO_MANY);
    }
    return new Response.Done(
        new Enumeration.DetailsReply(
            all.stream()
                .filter(group -> wanted.isEmpty() || wanted.contains((long) group.number()))
                .map(
                    group ->
                        new Enumeration.Detail(
                            group.number(),
                            Optional.of(group.name()),
                            Optional.of((long) group.places())))
                .toList()));
  }
}
