// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Command;
import dev.sealift.smp.CommandKey;
import dev.sealift.smp.Group;
import dev.sealift.smp.GroupError;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Request;
import dev.sealift.smp.RequestReader;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage.Version;
import dev.sealift.smp.Statistics;
import dev.sealift.smp.server.GroupHandler.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

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

  private static final int SHA_SIZE = 32;

  /// The buffers that requests and answers share, and whose server this one is like.
  public record Setup(int bufferSize, int bufferCount, Mood mood) {
    public Setup {
      if (bufferSize < 64 || bufferSize > 0xffff || bufferCount < 1 || bufferCount > 0xff) {
        throw new IllegalArgumentException(
            "no SMP buffers: %d of %d bytes".formatted(bufferCount, bufferSize));
      }
    }

    /// A server like Zephyr's of today.
    public Setup(int bufferSize, int bufferCount) {
      this(bufferSize, bufferCount, Mood.ZEPHYR);
    }

    int requestMax() {
      return bufferSize;
    }
  }

  private final Setup setup;
  private final Mood mood;
  private final Map<Integer, ServedGroup> groups = new LinkedHashMap<>();
  private final Hooks hooks;

  /// Serves the system and the images, then `more` in that order, and enumerates them all. `reset`
  /// hears of a reset that was asked for and allowed; the answer still goes out.
  public SmpServer(
      Setup setup,
      SystemFacts facts,
      ImageStore images,
      List<ServedGroup> more,
      Hooks hooks,
      Consumer<Os.Reset> reset) {
    this.setup = setup;
    this.mood = setup.mood();
    this.hooks = hooks;
    register(ServedGroup.of(Group.OS, new SystemService(setup, facts, reset)));
    register(ServedGroup.of(Group.IMAGE, new ImageService(images, hooks, mood)));
    more.forEach(this::register);
    register(ServedGroup.of(Group.ENUMERATION, new EnumerationService(this::groups)));
  }

  /// With the commands of the group that this server is built with, if any.
  private void register(ServedGroup group) {
    ServedGroup built =
        group.with(key -> Command.of(key).filter(mood.missing()::contains).isEmpty());
    if (!built.commands().isEmpty() && groups.put(group.number(), built) != null) {
      throw new IllegalArgumentException("group %d is served twice".formatted(group.number()));
    }
  }

  private List<ServedGroup> groups() {
    return List.copyOf(groups.values());
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
      rest = behind.from(Math.min(behind.size(), payload.size() + padding(payload.size())));
    }
    return answers;
  }

  /// Older servers look for the next request at a multiple of four.
  private int padding(int payloadSize) {
    return mood.has(Trait.PADDED) ? -payloadSize & 3 : 0;
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
    boolean knowsVersions = !mood.has(Trait.VERSION_1) && !mood.has(Trait.VERSION_ECHOED);
    if (knowsVersions && header.version() > Version.V2.bits()) {
      return refuse(header, Answer.ResultCode.VERSION_TOO_NEW);
    }
    Optional<CommandKey> asked = key(header);
    if (asked.isEmpty()) {
      return refuse(header, Answer.ResultCode.NOT_SUPPORTED);
    }
    CommandKey key = asked.get();
    ServedGroup group = Objects.requireNonNull(groups.get(key.group()));
    switch (hooks.command(header.group(), header.command(), key.operation())) {
      case Hooks.CommandVerdict.Proceed() -> {}
      case Hooks.CommandVerdict.Refuse(var reason) -> {
        return refuse(header, reason, CborMap.EMPTY);
      }
    }
    Optional<Request<?>> request = read(key, group.reader(key), payload);
    if (request.isEmpty()) {
      return refuse(header, Answer.ResultCode.INVALID);
    }
    return switch (group.handler().handle(link, request.get())) {
      case Response.Done(var reply) -> answer(header, withZeroCode(request.get(), reply.fields()));
      case Response.Refused(var reason, var more) -> refuse(header, reason, more);
    };
  }

  /// The command that is asked for, if this server has it.
  private Optional<CommandKey> key(SmpHeader header) {
    Optional<CommandKey> asked = header.key().filter(this::isServed);
    if (asked.isPresent() || !mood.has(Trait.READ_IS_WRITE)) {
      return asked;
    }
    return header
        .key()
        .map(key -> new CommandKey(key.group(), key.id(), SmpHeader.WRITE - key.operation()))
        .filter(this::isServed);
  }

  private boolean isServed(CommandKey key) {
    ServedGroup group = groups.get(key.group());
    return group != null && group.commands().containsKey(key);
  }

  /// Nothing counts as an empty map, but not for an echo: so it was seen.
  private Optional<Request<?>> read(CommandKey key, RequestReader reader, Payload payload) {
    Optional<Command> command = Command.of(key);
    boolean echo =
        command.filter(c -> c == Command.OS_ECHO || c == Command.OS_ECHO_READ).isPresent();
    if (payload.map().isEmpty() || (echo && payload.size() == 0)) {
      return Optional.empty();
    }
    CborMap fields = payload.map().get();
    if (mood.has(Trait.SHA_BEHIND_DATA)
        && command.equals(Optional.of(Command.IMAGE_UPLOAD))
        && hasShaBeforeData(fields)) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.read(CborFields.of(fields, "request")));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  /// Only a whole SHA-256 is too much for the decoder of such a server; a shorter one passes.
  private static boolean hasShaBeforeData(CborMap fields) {
    List<CborItem> keys = List.copyOf(fields.entries().keySet());
    int sha = keys.indexOf(new CborText("sha"));
    return sha >= 0
        && sha < keys.indexOf(new CborText("data"))
        && fields.get("sha").orElseThrow() instanceof CborBytes(var bytes)
        && bytes.size() >= SHA_SIZE;
  }

  private CborMap withZeroCode(Request<?> request, CborMap fields) {
    boolean isWanted =
        switch (request) {
          case Images.Upload _ -> mood.has(Trait.ZERO_CODE_IN_UPLOADS);
          case Statistics.Read _, Statistics.Names _ -> mood.has(Trait.ZERO_CODE_IN_STATISTICS);
          default -> fields.size() == 0 && mood.has(Trait.ZERO_CODE_ALONE);
        };
    if (!isWanted) {
      return fields;
    }
    CborMap.Builder out = CborMap.builder().put("rc", 0);
    fields.entries().forEach(out::put);
    return out.build();
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
      case Answer.OfGroup error -> {
        if (mood.has(Trait.VERSION_1) || mood.has(Trait.VERSION_ECHOED)) {
          out.put("rc", legacy(request, error));
        } else if (request.version() == Version.V1.bits()) {
          // A client of version 1 knows no groups' errors: it gets a code of SMP, and words.
          out.put("rc", legacy(request, error));
          if (hasWords(error.group())) {
            out.put("rsn", error.explain());
          }
        } else {
          out.put(
              "err", CborMap.builder().put("group", error.group()).put("rc", error.code()).build());
        }
      }
    }
    more.entries().forEach(out::put);
    return answer(request, out.build());
  }

  /// Of Zephyr's own groups only the images explain themselves.
  private static boolean hasWords(int group) {
    return group == Group.IMAGE.number() || group >= Group.OWN_FIRST;
  }

  private int legacy(SmpHeader request, Answer.OfGroup error) {
    Optional<Command> command = request.key().flatMap(Command::of);
    Optional<GroupError> known = error.known();
    if (command.isPresent() && known.isPresent()) {
      return mood.legacy(command.get(), known.get());
    }
    return Group.ofNumber(error.group())
        .map(group -> group.legacy(error.code()))
        .orElse(Answer.ResultCode.UNKNOWN);
  }

  private Bytes answer(SmpHeader request, CborMap fields) {
    Bytes payload = written(fields);
    if (SmpHeader.SIZE + payload.size() > setup.bufferSize()) {
      payload = written(CborMap.builder().put("rc", Answer.ResultCode.TOO_LARGE).build());
    }
    int operation =
        request.operation() == SmpHeader.READ ? SmpHeader.READ_ANSWER : SmpHeader.WRITE_ANSWER;
    int version =
        mood.has(Trait.VERSION_1)
            ? Version.V1.bits()
            : mood.has(Trait.VERSION_ECHOED)
                ? request.version()
                : Math.min(request.version(), Version.V2.bits());
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

  private Bytes written(CborMap fields) {
    return mood.has(Trait.DEFINITE_MAPS) ? Cbor.encode(fields) : Cbor.indefinite(fields);
  }

  private static SmpHeader header(Bytes packet) {
    try {
      return SmpHeader.read(packet);
    } catch (MalformedException e) {
      throw new IllegalStateException("eight bytes are a header", e);
    }
  }
}
