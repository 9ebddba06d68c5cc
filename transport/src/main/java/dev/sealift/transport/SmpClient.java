// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Files;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Os;
import dev.sealift.smp.Patience;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.SmpMessage.Version;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.smp.upload.Upload;
import dev.sealift.smp.upload.Upload.Action;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Speaks SMP over one link, blocking its caller. An answer is taken only when group, command,
/// operation and sequence number are those of a request that is out; anything else on the link is
/// dropped.
public final class SmpClient implements Closeable {
  /// Hears how far an upload has come, in bytes.
  @FunctionalInterface
  public interface ProgressListener {
    void at(long acknowledged, long total);
  }

  /// How an upload ended.
  public sealed interface Delivery {
    /// The device has it all; its last reply.
    record Delivered(Reply last) implements Delivery {}

    record Refused(Answer.Refused<?> refusal) implements Delivery {}

    /// The device answers but does not move on from this offset.
    record Stuck(long offset) implements Delivery {}
  }

  /// How a download ended.
  public sealed interface Fetch {
    record Whole(Bytes content) implements Fetch {}

    record Refused(Answer.Refused<?> refusal) implements Fetch {}

    /// The file is larger than what was allowed for.
    record TooLarge(long size) implements Fetch {}

    /// The device answers with something else than what is due at this offset.
    record Stuck(long offset) implements Fetch {}
  }

  /// A request that is not answered is sent again, with twice the patience, up to this; or with its
  /// own where that is longer.
  private static final Duration PATIENCE_MAX = Duration.ofSeconds(4);

  /// What may be sent again is given up after this, and after two times its own patience.
  private static final Duration WAITED_MAX = Duration.ofMillis(7500);

  /// What comes and answers nothing is dropped, but not for ever.
  private static final int STRAY_PACKETS_MAX = 10_000;

  /// How much an echo that must be put together is larger than a piece, and what of it is no text.
  private static final int ECHO_BEYOND = 16;

  private static final int ECHO_OVERHEAD = 14;
  private static final int ECHO_TRIES = 2;
  private static final Duration ECHO_PATIENCE = Duration.ofMillis(500);

  private final Link link;
  private final LongSupplier nanos;
  private Version version = Version.V2;

  /// What came with an answer and has not been looked at.
  private Bytes behind = Bytes.EMPTY;

  private int sequence;

  public SmpClient(Link link, LongSupplier nanos) {
    this.link = link;
    this.nanos = nanos;
  }

  public String target() {
    return link.target();
  }

  /// What a person should know about the link.
  public List<String> remarks() {
    return link.remarks();
  }

  /// Asks and waits for the answer, for as long as the request says. Repeats the request when
  /// nothing comes, if it may be carried out twice. All tries are the same packet: the answer to
  /// any of them counts, however slow the device is. A server that knows only another version is
  /// asked again in that.
  public <R extends Reply> Answer<R> call(Request<R> request) throws IOException {
    Answer<R> answer = ask(request);
    return answer instanceof Answer.Refused<R>(var reason, _) && changeVersion(reason)
        ? ask(request)
        : answer;
  }

  private <R extends Reply> Answer<R> ask(Request<R> request) throws IOException {
    long start = nanos.getAsLong();
    SmpMessage message = SmpMessage.request(request, version, nextSequence());
    for (Duration patience : patiences(request.patience())) {
      link.send(message.write());
      Optional<SmpMessage> answer = await(message.header(), patience);
      if (answer.isPresent()) {
        return read(request, answer.get());
      }
    }
    throw new DeviceSilentException(link.target(), Duration.ofNanos(nanos.getAsLong() - start));
  }

  /// How long to wait after each try.
  private static List<Duration> patiences(Patience patience) {
    if (patience.repeat() == Patience.Repeat.NEVER) {
      return List.of(patience.work());
    }
    List<Duration> tries = new ArrayList<>();
    Duration next = patience.work();
    Duration waited = Duration.ZERO;
    Duration most = max(WAITED_MAX, patience.work().multipliedBy(2));
    while (waited.compareTo(most) < 0) {
      tries.add(next);
      waited = waited.plus(next);
      next = max(patience.work(), min(PATIENCE_MAX, next.multipliedBy(2)));
    }
    return tries;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /// Whether the device asks for another version than the one it was spoken to, and this side knows
  /// that one.
  private boolean changeVersion(Answer.Reason reason) {
    if (!(reason instanceof Answer.Protocol(var code, _))) {
      return false;
    }
    Version before = version;
    if (code == Answer.ResultCode.VERSION_TOO_NEW) {
      version = Version.V1;
    } else if (code == Answer.ResultCode.VERSION_TOO_OLD) {
      version = Version.V2;
    }
    return version != before;
  }

  /// What the server's buffers allow on this wire; the safe minimum where it does not say.
  public Frame frame() throws IOException {
    return switch (call(new Os.Parameters())) {
      case Answer.Done<Os.ParametersReply>(var parameters) ->
          Frame.of(parameters, requestMax(parameters.bufferSize()));
      case Answer.Refused<Os.ParametersReply> _ ->
          Frame.SAFE.within(Math.min(usable(Frame.SAFE.requestMax()), piece()));
    };
  }

  /// On a link of pieces a server's buffers are of use only if it puts pieces together. It does not
  /// say whether it does, so it is tried with an echo that is a little larger than a piece.
  private int requestMax(long bufferSize) throws IOException {
    int usable = usable(bufferSize);
    int longer = link.pieceMax() + ECHO_BEYOND;
    boolean largerIsOfUse = longer <= usable && putsTogether(longer) == Reassembly.SEEN;
    return largerIsOfUse ? usable : Math.min(usable, piece());
  }

  private int usable(long bufferSize) {
    return (int) Math.min(link.packetMax(), bufferSize - link.wireBytes());
  }

  /// What was seen of a server on a link of pieces.
  private enum Reassembly {
    SEEN,
    NOT_SEEN
  }

  private Reassembly putsTogether(int size) throws IOException {
    Os.Echo echo = new Os.Echo(Optional.of("-".repeat(size - ECHO_OVERHEAD)));
    for (int i = 0; i < ECHO_TRIES; i++) {
      SmpMessage message = SmpMessage.request(echo, version, nextSequence());
      link.send(message.write());
      Optional<SmpMessage> answer = await(message.header(), ECHO_PATIENCE);
      if (answer.isPresent()) {
        // A server that takes every piece for a packet says of the first that it is cut off.
        return read(echo, answer.get())
                    instanceof Answer.Refused<?>(Answer.Protocol(var code, _), _)
                && code == Answer.ResultCode.CORRUPT
            ? Reassembly.NOT_SEEN
            : Reassembly.SEEN;
      }
    }
    return Reassembly.NOT_SEEN;
  }

  private int piece() throws IOException {
    if (link.pieceMax() < Frame.REQUEST_MIN) {
      throw new IOException(
          "%s takes %d bytes at a time and is not seen to put more together: too few for an upload"
              .formatted(link.target(), link.pieceMax()));
    }
    return link.pieceMax();
  }

  /// Sends the content with as many requests out as the frame allows.
  public Delivery upload(ChunkedContent content, Frame frame, ProgressListener listener)
      throws IOException {
    Delivery delivery = uploadOnce(content, frame, listener);
    return delivery instanceof Delivery.Refused(var refusal) && changeVersion(refusal.reason())
        ? uploadOnce(content, frame, listener)
        : delivery;
  }

  /// Reads a file of at most `sizeMax` bytes from the device.
  public Fetch download(String name, long sizeMax, ProgressListener listener) throws IOException {
    ByteWriter content = new ByteWriter(ByteOrder.BIG_ENDIAN);
    long total = 0;
    while (true) {
      switch (call(new Files.Read(name, content.size()))) {
        case Answer.Refused<Files.ReadReply> refusal -> {
          return new Fetch.Refused(refusal);
        }
        case Answer.Done<Files.ReadReply>(var part) -> {
          if (content.size() == 0) {
            total = part.length().orElse(0L);
          }
          if (total > sizeMax) {
            return new Fetch.TooLarge(total);
          }
          boolean fits =
              part.offset() == content.size() && part.data().size() <= total - content.size();
          if (!fits || (part.data().isEmpty() && content.size() < total)) {
            return new Fetch.Stuck(content.size());
          }
          content.bytes(part.data());
          listener.at(content.size(), total);
          if (content.size() == total) {
            return new Fetch.Whole(content.toBytes());
          }
        }
      }
    }
  }

  private Delivery uploadOnce(ChunkedContent content, Frame frame, ProgressListener listener)
      throws IOException {
    Upload upload = new Upload(content, frame);
    Outstanding outstanding = new Outstanding();
    List<Action> actions = upload.start(nanos.getAsLong());
    long reported = -1;
    // Stands until the next one is named: an answer that says nothing new changes no timer.
    long wake = nanos.getAsLong();
    while (true) {
      for (Action action : actions) {
        switch (action) {
          case Action.Send(var token, var request) -> {
            SmpMessage message = SmpMessage.request(request, version, nextSequence());
            outstanding.add(message.header(), token, request);
            link.send(message.write());
          }
          case Action.WakeAt(var when) -> wake = when;
          case Action.Finished(var last) -> {
            listener.at(upload.total(), upload.total());
            return new Delivery.Delivered(last);
          }
          case Action.Failed(Upload.Failure.Silent(var waited)) ->
              throw new DeviceSilentException(link.target(), waited);
          case Action.Failed(Upload.Failure.Refused(var refusal)) -> {
            return new Delivery.Refused(refusal);
          }
          case Action.Failed(Upload.Failure.Stuck(var offset)) -> {
            return new Delivery.Stuck(offset);
          }
        }
      }
      if (upload.acknowledged() != reported) {
        reported = upload.acknowledged();
        listener.at(reported, upload.total());
      }
      actions = next(upload, outstanding, wake);
    }
  }

  private List<Action> next(Upload upload, Outstanding outstanding, long wake) throws IOException {
    while (true) {
      long left = wake - nanos.getAsLong();
      if (left <= 0) {
        return upload.tick(nanos.getAsLong());
      }
      Optional<Bytes> packet = receive(Duration.ofNanos(left));
      if (packet.isEmpty()) {
        // A link in memory has no time to wait: the waiting is over all the same.
        return upload.tick(Math.max(wake, nanos.getAsLong()));
      }
      Optional<SmpMessage> message = readable(packet.get());
      Optional<List<Action>> actions =
          message.flatMap(answer -> outstanding.answer(upload, answer, nanos));
      if (actions.isPresent()) {
        message.ifPresent(this::stepDown);
        return actions.get();
      }
    }
  }

  /// The requests of an upload that are out, by sequence number.
  private static final class Outstanding {
    private record Waiting(SmpHeader header, int token, Request<? extends Reply> request) {}

    private final Map<Integer, Waiting> bySequence = new HashMap<>();

    void add(SmpHeader header, int token, Request<? extends Reply> request) {
      bySequence.put(header.sequence(), new Waiting(header, token, request));
    }

    /// Empty when the message answers nothing, or cannot be read as an answer.
    Optional<List<Action>> answer(Upload upload, SmpMessage message, LongSupplier nanos) {
      Waiting waiting = bySequence.get(message.header().sequence());
      if (waiting == null || !message.header().answers(waiting.header())) {
        return Optional.empty();
      }
      try {
        Answer<? extends Reply> answer = Answer.read(waiting.request(), message.fields());
        bySequence.remove(message.header().sequence());
        return Optional.of(upload.answered(waiting.token(), answer, nanos.getAsLong()));
      } catch (MalformedException _) {
        return Optional.empty();
      }
    }
  }

  private Optional<SmpMessage> await(SmpHeader request, Duration patience) throws IOException {
    long deadline = nanos.getAsLong() + patience.toNanos();
    for (int strays = 0; strays < STRAY_PACKETS_MAX; strays++) {
      long left = deadline - nanos.getAsLong();
      if (left <= 0) {
        return Optional.empty();
      }
      Optional<Bytes> packet = receive(Duration.ofNanos(left));
      if (packet.isEmpty()) {
        return Optional.empty();
      }
      Optional<SmpMessage> answer =
          readable(packet.get()).filter(message -> message.header().answers(request));
      if (answer.isPresent()) {
        stepDown(answer.get());
        return answer;
      }
    }
    return Optional.empty();
  }

  /// The next answer. A server may send several back to back.
  private Optional<Bytes> receive(Duration patience) throws IOException {
    Optional<Bytes> next = behind.isEmpty() ? link.receive(patience) : Optional.of(behind);
    behind = next.map(SmpMessage::behindFirst).orElse(Bytes.EMPTY);
    return next.map(packet -> packet.first(packet.size() - behind.size()));
  }

  /// A server that answers in version 1 knows only that.
  private void stepDown(SmpMessage answer) {
    if (answer.header().version() == Version.V1.bits()) {
      version = Version.V1;
    }
  }

  private static <R extends Reply> Answer<R> read(Request<R> request, SmpMessage answer)
      throws IOException {
    try {
      return Answer.read(request, answer.fields());
    } catch (MalformedException e) {
      throw new IOException(
          "the device's answer to %s makes no sense: %s"
              .formatted(request.command(), e.getMessage()),
          e);
    }
  }

  private static Optional<SmpMessage> readable(Bytes packet) {
    try {
      return Optional.of(SmpMessage.read(packet));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private int nextSequence() {
    sequence = (sequence + 1) & 0xff;
    return sequence;
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
