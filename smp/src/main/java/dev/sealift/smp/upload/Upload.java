// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.upload;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Images;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sends content in chunks, as a state machine: events and the time go in, actions come out. It
/// reads no clock and touches no wire.
///
/// Go-back-N at the server's offset. Every answer tells how far the server has come, so it
/// acknowledges all chunks before that offset, whichever of them it answers. A chunk that the
/// server dropped (its answer shows an offset before the chunk) sends the whole window again from
/// there; answers to chunks of before such a restart no longer cause one. Silence does the same
/// after a timeout measured from the round trips; repeated silence also halves the window.
public final class Upload {
  /// What to do now.
  public sealed interface Action {
    /// Send this; `token` comes back with its answer. At most [Frame#window] are out at once.
    record Send(int token, Request<? extends Reply> request) implements Action {}

    /// Call [#tick] at that time unless an answer comes first.
    record WakeAt(long nanos) implements Action {}

    /// All is there; the last reply may say more.
    record Finished(Reply last) implements Action {}

    record Failed(Failure failure) implements Action {}
  }

  /// Why an upload ended without its content being there.
  public sealed interface Failure {
    /// No answer in all that time.
    record Silent(Duration waited) implements Failure {}

    record Refused(Answer.Refused<?> refusal) implements Failure {}

    /// The server answers and does not move on.
    record Stuck(long offset) implements Failure {}
  }

  /// What every server takes whole, until one shows that its flash is written in larger units.
  private static final int ALIGN = 4;

  private static final int ALIGN_MAX = 512;

  /// A server of 2019 refuses larger chunks, without saying why.
  private static final int CHUNK_OLD_MAX = 512;

  /// How often a device may take a part of a chunk only. Once or twice shows its unit.
  private static final int CUTS_MAX = 1000;

  private static final long MILLI = 1_000_000;

  /// The first chunk may wait for the erase of a whole slot.
  private static final long FIRST_TIMEOUT = 1000 * MILLI;

  private static final long TIMEOUT_MIN = 50 * MILLI;
  private static final long TIMEOUT_MAX = 8000 * MILLI;
  private static final long TIMEOUT_UNMEASURED = 1000 * MILLI;

  /// A pause doubles from the first to the last, so that all restarts together outlast the erase of
  /// a slot.
  private static final long BUSY_PAUSE = 100 * MILLI;

  private static final long BUSY_PAUSE_MAX = 1000 * MILLI;

  /// Silence of 1 + 2 + 4 + 8 + 8 + 8 + 8 seconds ends an upload that had not begun.
  private static final int SILENCES_MAX = 6;

  /// Restarts without any progress between them.
  private static final int RESTARTS_MAX = 50;

  /// How often a device may lose all that it had, or a part of it as many times, before it is taken
  /// for one that never comes to the end.
  private static final int LOSSES_MAX = 8;

  private final ChunkedContent content;
  private final Frame frame;

  private final Map<Integer, Sent> inFlight = new LinkedHashMap<>();
  private int nextToken;
  private long acknowledged;
  private long nextOffset;
  private boolean opened;
  private int align = ALIGN;
  private int dataMax = Integer.MAX_VALUE;
  private int cuts;
  private long sentUpTo;
  private int window;
  private int grown;
  private int silences;
  private int restarts;
  private long lost;
  private long lastHeard;
  private long pausedUntil = Long.MIN_VALUE;
  private long roundTrip = -1;
  private long deviation;
  private boolean ended;

  /// A chunk that is out; sent again when all of it had been sent before, so that the server may
  /// have had it already.
  private record Sent(long offset, int size, long at, Times times) {
    long end() {
      return offset + size;
    }
  }

  private enum Times {
    ONCE,
    AGAIN
  }

  public Upload(ChunkedContent content, Frame frame) {
    if (content.content().isEmpty()) {
      throw new IllegalArgumentException("nothing to send");
    }
    this.content = content;
    this.frame = frame;
    this.window = frame.window();
  }

  /// Bytes that the device has said it holds.
  public long acknowledged() {
    return acknowledged;
  }

  public long total() {
    return content.content().size();
  }

  public List<Action> start(long now) {
    lastHeard = now;
    return fill(now, new ArrayList<>());
  }

  /// An answer to the request of that token. Unknown tokens are ignored: late, or never asked.
  public List<Action> answered(int token, Answer<? extends Reply> answer, long now) {
    List<Action> actions = new ArrayList<>();
    Sent sent = inFlight.remove(token);
    if (ended || sent == null) {
      return actions;
    }
    lastHeard = now;
    silences = 0;
    switch (answer) {
      case Answer.Refused<? extends Reply> refused -> {
        refused(sent, refused, now, actions);
      }
      case Answer.Done<? extends Reply>(var reply) -> {
        measure(Math.max(0, now - sent.at()));
        progress(sent, content.offset(reply), reply, now, actions);
      }
    }
    return ended ? actions : fill(now, actions);
  }

  /// The time has come that a [Action.WakeAt] named; harmless at any other time.
  public List<Action> tick(long now) {
    List<Action> actions = new ArrayList<>();
    if (ended) {
      return actions;
    }
    if (!inFlight.isEmpty() && now >= oldest() + timeout()) {
      silences++;
      if (silences > SILENCES_MAX) {
        end(new Action.Failed(new Failure.Silent(Duration.ofNanos(now - lastHeard))), actions);
        return actions;
      }
      if (silences > 1) {
        window = Math.max(1, window / 2);
      }
      goBack(acknowledged);
    }
    return fill(now, actions);
  }

  private void refused(
      Sent sent, Answer.Refused<? extends Reply> refused, long now, List<Action> actions) {
    Optional<Reply> progress = content.progress(refused);
    if (isBusy(refused)) {
      pauseAndGoBack(now, actions);
    } else if (progress.isPresent()) {
      progress(sent, content.offset(progress.get()), progress.get(), now, actions);
    } else if (isInvalid(refused) && sent.size() > CHUNK_OLD_MAX && mayRestart(actions)) {
      dataMax = CHUNK_OLD_MAX;
      goBack(acknowledged);
    } else if (isInvalid(refused) && sent.offset() > 0 && content.endsSession()) {
      // An old server has no upload any more: it was at the end, or has restarted.
      progress(sent, 0, new Images.UploadReply(0, Optional.empty()), now, actions);
    } else {
      end(new Action.Failed(new Failure.Refused(refused)), actions);
    }
  }

  private void progress(Sent sent, long offset, Reply reply, long now, List<Action> actions) {
    if (offset > total()) {
      end(new Action.Failed(new Failure.Stuck(offset)), actions);
      return;
    }
    if (offset == 0
        && content.endsSession()
        && sent.end() == total()
        && sent.times() == Times.AGAIN
        && acknowledged == sent.offset()) {
      // The last chunk had been sent before and all before it is there: the server has ended this
      // upload, and the answer that said so was lost. Whoever needs certainty looks at the slots.
      acknowledged = total();
      end(new Action.Finished(new Images.UploadReply(total(), Optional.empty())), actions);
      return;
    }
    if (offset > sent.offset() && offset < sent.end()) {
      if (++cuts > CUTS_MAX) {
        end(new Action.Failed(new Failure.Stuck(offset)), actions);
        return;
      }
      learnAlign(offset - sent.offset(), sent.end() - offset);
    }
    if (offset == total()) {
      acknowledged = offset;
      end(new Action.Finished(reply), actions);
    } else if (offset > acknowledged) {
      acknowledged = offset;
      restarts = 0;
      boolean boundary = opened && (offset == nextOffset || startsAt(offset));
      opened = true;
      dropAcknowledged();
      if (boundary) {
        grow();
      } else {
        // The first answer may resume far ahead, a later one may show a chunk cut short: go on
        // exactly from there.
        goBack(offset);
      }
    } else {
      // The server stands before this chunk: one ahead of it was lost, or the session is gone.
      if (offset < acknowledged) {
        lost += Math.max(acknowledged - offset, frame.requestMax());
        sentUpTo = offset;
      }
      acknowledged = offset;
      if (sent.offset() == offset) {
        // It dropped exactly what it wants: its storage is busy.
        pauseAndGoBack(now, actions);
      } else if (mayRestart(actions)) {
        goBack(offset);
      }
    }
  }

  /// The server kept whole units of its flash: more than were cut off, and all that it kept.
  private void learnAlign(long kept, long cutOff) {
    long unit = Long.highestOneBit(cutOff) << 1;
    if (unit <= ALIGN_MAX && kept % unit == 0) {
      align = (int) Math.max(align, unit);
    }
  }

  private boolean startsAt(long offset) {
    return inFlight.values().stream().anyMatch(sent -> sent.offset() == offset);
  }

  private void dropAcknowledged() {
    Iterator<Sent> waiting = inFlight.values().iterator();
    while (waiting.hasNext()) {
      Sent sent = waiting.next();
      if (sent.offset() + sent.size() <= acknowledged) {
        waiting.remove();
      }
    }
  }

  private void goBack(long offset) {
    inFlight.clear();
    nextOffset = offset;
  }

  private void pauseAndGoBack(long now, List<Action> actions) {
    if (mayRestart(actions)) {
      goBack(acknowledged);
      pausedUntil = now + Math.min(BUSY_PAUSE << Math.min(restarts - 1, 8), BUSY_PAUSE_MAX);
    }
  }

  private boolean mayRestart(List<Action> actions) {
    restarts++;
    long lostMax = LOSSES_MAX * total() + (long) RESTARTS_MAX * frame.requestMax();
    if (restarts <= RESTARTS_MAX && lost <= lostMax) {
      return true;
    }
    end(new Action.Failed(new Failure.Stuck(acknowledged)), actions);
    return false;
  }

  private List<Action> fill(long now, List<Action> actions) {
    if (now < pausedUntil) {
      actions.add(new Action.WakeAt(pausedUntil));
      return actions;
    }
    int allowed = opened ? window : 1;
    while (inFlight.size() < allowed && nextOffset < total()) {
      Bytes data = data();
      int token = nextToken++;
      long end = nextOffset + data.size();
      inFlight.put(
          token,
          new Sent(nextOffset, data.size(), now, end <= sentUpTo ? Times.AGAIN : Times.ONCE));
      actions.add(new Action.Send(token, content.chunk(nextOffset, data)));
      nextOffset = end;
      sentUpTo = Math.max(sentUpTo, end);
    }
    if (!inFlight.isEmpty()) {
      actions.add(new Action.WakeAt(oldest() + timeout()));
    }
    return actions;
  }

  private Bytes data() {
    Bytes data = content.dataAt(nextOffset, frame.requestMax(), align);
    return data.size() > dataMax ? data.first(dataMax) : data;
  }

  private long oldest() {
    return inFlight.values().iterator().next().at();
  }

  /// A few round trips, or the long one of an upload that has not begun; doubled with each silence.
  private long timeout() {
    long base =
        !opened
            ? FIRST_TIMEOUT
            : roundTrip < 0
                ? TIMEOUT_UNMEASURED
                : Math.max(TIMEOUT_MIN, 2 * roundTrip + 4 * deviation);
    return Math.min(TIMEOUT_MAX, base << Math.min(silences, 8));
  }

  private void measure(long sample) {
    if (roundTrip < 0) {
      roundTrip = sample;
      deviation = sample / 2;
    } else {
      deviation += (Math.abs(sample - roundTrip) - deviation) / 4;
      roundTrip += (sample - roundTrip) / 8;
    }
  }

  /// A whole window without a silence earns one more request, up to what the server can hold.
  private void grow() {
    if (window < frame.window() && ++grown >= window) {
      window++;
      grown = 0;
    }
  }

  private void end(Action last, List<Action> actions) {
    ended = true;
    inFlight.clear();
    actions.add(last);
  }

  private static boolean isInvalid(Answer.Refused<?> refused) {
    return refused.reason() instanceof Answer.Protocol(var code, _)
        && code == Answer.ResultCode.INVALID;
  }

  /// Busy storage; or no buffer for an answer, which before the upload has begun means no slot.
  private boolean isBusy(Answer.Refused<?> refused) {
    return refused.reason() instanceof Answer.Protocol(var code, _)
        && (code == Answer.ResultCode.BUSY || (opened && code == Answer.ResultCode.NO_MEMORY));
  }
}
