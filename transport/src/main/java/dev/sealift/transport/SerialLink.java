// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.wire.PacketAssembler;
import dev.sealift.smp.wire.SerialConsole;
import dev.sealift.smp.wire.SerialReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// SMP over a serial port: as lines of a console, or raw.
///
/// A packet goes out in one write. A device on a real UART takes its lines in at the pace of the
/// wire; one behind USB or a pseudo-terminal gets them all at once, and has buffers for a few. So
/// when packets of several lines are met by silence, this link writes one line at a time, with the
/// time between them that a line would take on the wire, and twice that after each further silence.
public final class SerialLink implements Link {
  private static final int PACKET_MAX = 0xffff - 2;

  /// The console's length and checksum lie in the server's buffer too.
  private static final int CONSOLE_WIRE_BYTES = 4;

  /// Start bit, eight bits, stop bit.
  private static final int BITS_A_BYTE = 10;

  /// A packet that pauses for so long on its way is not coming.
  private static final Duration QUIET = Duration.ofMillis(250);

  /// A device that needs longer for a line has other troubles.
  private static final Duration PAUSE_MAX = Duration.ofMillis(50);

  private final SerialLine line;
  private final String target;
  private final Framing framing;
  private final int wireBytes;
  private final int baud;
  private final Deque<Bytes> packets = new ArrayDeque<>();

  /// Between the lines of a packet; none at first.
  private Duration pause = Duration.ZERO;

  /// Whether packets of several lines went out and nothing has come since.
  private boolean isUnanswered;

  private long lastHeard = System.nanoTime();

  private SerialLink(SerialLine line, String target, Framing framing, int wireBytes, int baud) {
    this.line = line;
    this.target = target;
    this.framing = framing;
    this.wireBytes = wireBytes;
    this.baud = baud;
  }

  public static SerialLink open(Target.Serial target) throws IOException {
    return new SerialLink(
        SerialLine.open(target.port(), target.baud()),
        target.toString(),
        new Framing.Console(SerialConsole.PLAIN, new SerialReader(PACKET_MAX)),
        CONSOLE_WIRE_BYTES,
        target.baud());
  }

  public static SerialLink open(Target.Uart target) throws IOException {
    return new SerialLink(
        SerialLine.open(target.port(), target.baud()),
        target.toString(),
        new Framing.Raw(new PacketAssembler(PACKET_MAX)),
        0,
        target.baud());
  }

  @Override
  public String target() {
    return target;
  }

  /// What the format can say; the server's buffer is the limit.
  @Override
  public int packetMax() {
    return PACKET_MAX;
  }

  @Override
  public int wireBytes() {
    return wireBytes;
  }

  Duration pause() {
    return pause;
  }

  @Override
  public void send(Bytes packet) throws IOException {
    List<Bytes> pieces = framing.pieces(packet);
    if (pause.isZero()) {
      line.write(Bytes.concat(pieces.toArray(Bytes[]::new)));
    } else {
      for (Bytes piece : pieces) {
        line.write(piece);
        listen(pause);
      }
    }
    isUnanswered |= pieces.size() > 1;
  }

  @Override
  public Optional<Bytes> receive(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (packets.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        if (isUnanswered) {
          slowDown();
        }
        return Optional.empty();
      }
      take(line.read(Duration.ofNanos(left)));
    }
    return Optional.of(packets.remove());
  }

  private void slowDown() {
    long lineTime = 1_000_000_000L * BITS_A_BYTE * SerialConsole.LINE_MAX / baud;
    Duration slower = pause.isZero() ? Duration.ofNanos(lineTime) : pause.multipliedBy(2);
    pause = slower.compareTo(PAUSE_MAX) < 0 ? slower : PAUSE_MAX;
    // Not again for the same packet.
    isUnanswered = false;
  }

  /// Waits for all of that time; what comes meanwhile is kept for later.
  private void listen(Duration time) throws IOException {
    long deadline = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      take(line.read(Duration.ofNanos(left)));
    }
  }

  private void take(Optional<Bytes> arrived) {
    long now = System.nanoTime();
    if (now - lastHeard > QUIET.toNanos()) {
      framing.quiet();
    }
    if (arrived.isPresent()) {
      lastHeard = now;
      List<Bytes> complete = framing.packets(arrived.get());
      packets.addAll(complete);
      isUnanswered &= complete.isEmpty();
    }
  }

  @Override
  public void close() {
    line.close();
  }
}
