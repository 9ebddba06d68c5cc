// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Answer;
import dev.sealift.smp.Request;
import dev.sealift.smp.Transports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Group 11, an experiment of Zephyr: which links the device has and which of them are joined. It
/// keeps the books of the bridges; nothing is carried over them.
public final class TransportsService implements GroupHandler {
  /// A link: its modes, and the fields that each of them takes, in the same order.
  public record Wire(long id, String name, List<Mode> modes) {
    public Wire {
      modes = List.copyOf(modes);
    }
  }

  /// A mode and its fields.
  public record Mode(Transports.Mode mode, List<Transports.Config> configs) {
    public Mode {
      configs = List.copyOf(configs);
    }
  }

  private static final int BRIDGES_MAX = 2;

  private final List<Wire> wires;
  private final Map<String, Long> bridges = new TreeMap<>();

  public TransportsService(List<Wire> wires) {
    this.wires = List.copyOf(wires);
  }

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Transports.Bridge asked -> bridge(link, asked);
      case Transports.Unbridge(var which) -> unbridge(which);
      case Transports.Status _ -> status(link);
      case Transports.Names _ ->
          new Response.Done(
              new Transports.NamesReply(
                  wires.stream()
                      .map(wire -> new Transports.Name(wire.id(), Optional.of(wire.name())))
                      .toList()));
      case Transports.Modes(var wire) ->
          wire(wire)
              .<Response>map(
                  known ->
                      new Response.Done(
                          new Transports.ModesReply(
                              known.modes().stream().map(Mode::mode).toList())))
              .orElseGet(TransportsService::unknown);
      case Transports.Configs(var wire, var mode) ->
          wire(wire)
              .flatMap(known -> mode(known, mode))
              .<Response>map(
                  known -> new Response.Done(new Transports.ConfigsReply(known.configs())))
              .orElseGet(TransportsService::unknown);
      default -> Response.notSupported();
    };
  }

  private Response bridge(LinkId link, Transports.Bridge asked) {
    Optional<Wire> wire = wire(asked.transport());
    if (wire.isEmpty() || wire.flatMap(known -> mode(known, asked.mode().orElse(0L))).isEmpty()) {
      return unknown();
    }
    if (bridges.size() >= BRIDGES_MAX && !bridges.containsKey(link.value())) {
      return Response.refused(Answer.ResultCode.NO_MEMORY);
    }
    bridges.put(link.value(), asked.transport());
    return Response.nothing();
  }

  private Response unbridge(Transports.Unbridge.Which which) {
    List<String> ended = new ArrayList<>();
    bridges.forEach(
        (link, transport) -> {
          boolean isMeant =
              switch (which) {
                case Transports.Unbridge.Which.All() -> true;
                case Transports.Unbridge.Which.To(var wanted) -> wanted == transport;
              };
          if (isMeant) {
            ended.add(link);
          }
        });
    ended.forEach(bridges::remove);
    return ended.isEmpty() ? unknown() : Response.nothing();
  }

  private Response status(LinkId link) {
    Optional<Long> here = Optional.ofNullable(bridges.get(link.value()));
    return new Response.Done(
        new Transports.StatusReply(BRIDGES_MAX, bridges.size(), here.map(_ -> true), here));
  }

  private static Response unknown() {
    return Response.refused(Answer.ResultCode.NO_ENTRY);
  }

  private Optional<Wire> wire(long id) {
    return wires.stream().filter(wire -> wire.id() == id).findFirst();
  }

  private static Optional<Mode> mode(Wire wire, long id) {
    return wire.modes().stream().filter(mode -> mode.mode().id() == id).findFirst();
  }
}
