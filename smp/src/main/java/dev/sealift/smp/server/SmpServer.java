// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Command;
import dev.sealift.smp.Group;
import dev.sealift.smp.Os;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage.Version;
import dev.sealift.smp.server.GroupHandler.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A device's side of SMP: a datagram in, the answers out. Never throws for what a client says; one
/// request at a time.
///
/// What stands in the way of a request, in order: the connection hook, the size of a buffer, the
/// header, the command hook, the group.
public final class SmpServer {
  /// Real servers over UDP cut a datagram at this size, whatever their buffers hold.
  public static final int DATAGRAM_MAX = 1500;

  /// More requests than this in one datagram are not looked at.
  private static final int REQUESTS_MAX = 64;

  /// What the server says of itself.
  public record Setup(int bufferSize, int bufferCount, String name, String bootloader, long mode) {
    public Setup {
      if (bufferSize < 64 || bufferSize > 0xffff || bufferCount < 1 || bufferCount > 0xff) {
        throw new IllegalArgumentException(
            "no SMP buffers: %d of %d bytes".formatted(bufferCount, bufferSize));
      }
    }

    int requestMax() {
      return Math.min(bufferSize, DATAGRAM_MAX);
    }
  }

  private final Setup setup;
  private final ImageService images;
  private final Map<Group, GroupHandler> own;
  private final Hooks hooks;
  private final Runnable reset;
  private final DeviceClock clock = new DeviceClock();

  /// `reset` is called once a reset was asked for and allowed; the answer still goes out.
  public SmpServer(
      Setup setup, ImageStore images, Map<Group, GroupHandler> own, Hooks hooks, Runnable reset) {
    this.setup = setup;
    this.images = new ImageService(images, hooks);
    this.own = Map.copyOf(own);
    this.hooks = hooks;
    this.reset = reset;
  }

  public Setup setup() {
    return setup;
  }

  /// The answers to the requests in one datagram; none where a real server keeps silent.
  public List<Bytes> receive(LinkId link, Bytes datagram) {
    if (hooks.connection(link) == Hooks.Entry.DENIED) {
      return List.of();
    }
    Bytes rest = datagram.first(Math.min(datagram.size(), setup.requestMax()));
    List<Bytes> answers = new ArrayList<>();
    while (rest.size() >= SmpHeader.SIZE && answers.size() < REQUESTS_MAX) {
      SmpHeader header = header(rest);
      Bytes behind = rest.from(SmpHeader.SIZE);
      if (header.length() > behind.size()) {
        answers.add(refuse(header, Answer.ResultCode.CORRUPT));
        break;
      }
      Payload payload = Payload.of(header, behind);
      answers.add(serve(link, header, payload));
      rest = behind.from(payload.size());
    }
    return answers;
  }

  /// What stands behind a header: a map, or empty where none can be read, and how many bytes of the
  /// datagram belong to it. As on real servers the map may be longer than the header announces,
  /// and may be followed by more bytes than itself, which are skipped.
  private record Payload(Optional<CborMap> map, int size) {
    private static final int MAP = 5;

    static Payload of(SmpHeader header, Bytes behind) {
      if (header.length() == 0 && !isMap(behind)) {
        return new Payload(Optional.of(CborMap.EMPTY), 0);
      }
      try {
        Cbor.Prefix prefix = Cbor.lenientPrefix(behind);
        if (prefix.item() instanceof CborMap map) {
          return new Payload(Optional.of(map), Math.max(header.length(), prefix.size()));
        }
        return new Payload(Optional.empty(), header.length());
      } catch (MalformedException _) {
        return new Payload(Optional.empty(), header.length());
      }
    }

    private static boolean isMap(Bytes bytes) {
      return !bytes.isEmpty() && bytes.at(0) >> 5 == MAP;
    }
  }

  private Bytes serve(LinkId link, SmpHeader header, Payload payload) {
    if (header.version() > Version.V2.bits()) {
      return refuse(header, Answer.ResultCode.VERSION_TOO_NEW);
    }
    if (header.operation() != SmpHeader.READ && header.operation() != SmpHeader.WRITE) {
      return refuse(header, Answer.ResultCode.NOT_SUPPORTED);
    }
    Optional<Command> command = header.key().flatMap(Command::of);
    if (command.isEmpty()) {
      return refuse(header, Answer.ResultCode.NOT_SUPPORTED);
    }
    switch (hooks.command(header.group(), header.command(), header.operation())) {
      case Hooks.CommandVerdict.Proceed() -> {}
      case Hooks.CommandVerdict.Refuse(var reason) -> {
        return refuse(header, reason, CborMap.EMPTY);
      }
    }
    Optional<Request<?>> request = read(command.get(), payload);
    if (request.isEmpty()) {
      return refuse(header, Answer.ResultCode.INVALID);
    }
    return switch (handle(link, header, request.get())) {
      case Response.Done(var reply) -> answer(header, reply.fields());
      case Response.Refused(var reason) -> refuse(header, reason, CborMap.EMPTY);
    };
  }

  /// Nothing counts as an empty map, but not for an echo: so it was seen.
  private static Optional<Request<?>> read(Command command, Payload payload) {
    boolean echo = command == Command.OS_ECHO || command == Command.OS_ECHO_READ;
    if (payload.map().isEmpty() || (echo && payload.size() == 0)) {
      return Optional.empty();
    }
    try {
      return Optional.of(command.read(payload.map().get()));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private Response handle(LinkId link, SmpHeader header, Request<?> request) {
    Group group = Group.ofNumber(header.group()).orElseThrow();
    return switch (group) {
      case OS -> system(request);
      case IMAGE -> images.handle(request);
      default ->
          Optional.ofNullable(own.get(group))
              .map(handler -> handler.handle(link, request))
              .orElseGet(SmpServer::notSupported);
    };
  }

  private Response system(Request<?> request) {
    return switch (request) {
      case Os.Echo(var text) -> new Response.Done(new Os.EchoReply(text.orElse("")));
      case Os.EchoRead(var text) -> new Response.Done(new Os.EchoReply(text.orElse("")));
      case Os.Parameters _ ->
          new Response.Done(new Os.ParametersReply(setup.bufferSize(), setup.bufferCount()));
      case Os.Datetime _ -> clock.read();
      case Os.SetDatetime(var wanted) -> clock.set(wanted);
      case Os.Info info -> info(info);
      case Os.Bootloader asked -> bootloader(asked);
      case Os.Reset _ -> {
        reset.run();
        yield new Response.Done(new Reply.Nothing());
      }
      default -> notSupported();
    };
  }

  private Response info(Os.Info info) {
    String format = info.format().orElse("s");
    if (!format.chars().allMatch(letter -> "snrvbmpioa".indexOf(letter) >= 0)) {
      return new Response.Refused(new Answer.OfGroup(Group.OS.number(), 2));
    }
    return new Response.Done(new Os.InfoReply(setup.name()));
  }

  private Response bootloader(Os.Bootloader asked) {
    if (asked.query().isEmpty()) {
      return new Response.Done(
          new Os.BootloaderReply(
              Optional.of(setup.bootloader()), Optional.empty(), Optional.empty()));
    }
    return asked.query().get().equals("mode")
        ? new Response.Done(
            new Os.BootloaderReply(Optional.empty(), Optional.of(setup.mode()), Optional.empty()))
        : new Response.Refused(new Answer.OfGroup(Group.OS.number(), 3));
  }

  private static Response notSupported() {
    return new Response.Refused(
        new Answer.Protocol(Answer.ResultCode.NOT_SUPPORTED, Optional.empty()));
  }

  private Bytes refuse(SmpHeader request, int code) {
    return refuse(request, new Answer.Protocol(code, Optional.empty()), CborMap.EMPTY);
  }

  private Bytes refuse(SmpHeader request, Answer.Reason reason, CborMap more) {
    CborMap.Builder out = CborMap.builder();
    switch (reason) {
      case Answer.Protocol(var code, var text) -> {
        out.put("rc", code);
        text.ifPresent(said -> out.put("rsn", said));
      }
      case Answer.OfGroup(var group, var code) -> {
        if (request.version() == Version.V1.bits()) {
          // A client of version 1 knows no groups' errors: it gets a code of SMP and the words.
          out.put("rc", legacy(group, code)).put("rsn", reason.explain());
        } else {
          out.put("err", CborMap.builder().put("group", group).put("rc", code).build());
        }
      }
    }
    more.entries().forEach(out::put);
    return answer(request, out.build());
  }

  private static int legacy(int group, int code) {
    return Group.ofNumber(group).map(known -> known.legacy(code)).orElse(Answer.ResultCode.UNKNOWN);
  }

  private Bytes answer(SmpHeader request, CborMap fields) {
    Bytes payload = Cbor.indefinite(fields);
    if (SmpHeader.SIZE + payload.size() > setup.bufferSize()) {
      payload = Cbor.indefinite(CborMap.builder().put("rc", Answer.ResultCode.TOO_LARGE).build());
    }
    int operation =
        request.operation() == SmpHeader.READ ? SmpHeader.READ_ANSWER : SmpHeader.WRITE_ANSWER;
    int version = Math.min(request.version(), Version.V2.bits());
    return new SmpHeader(
            operation,
            version,
            0,
            payload.size(),
            request.group(),
            request.sequence(),
            request.command())
        .write()
        .plus(payload);
  }

  private static SmpHeader header(Bytes packet) {
    try {
      return SmpHeader.read(packet);
    } catch (MalformedException e) {
      throw new IllegalStateException("eight bytes are a header", e);
    }
  }
}
