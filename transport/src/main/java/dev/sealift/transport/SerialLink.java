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
/// when packets of several lines are met by silence, this link goes over to one line at a time,
/// each given the time that it would take on the wire, and stays with that.
public final class SerialLink implements Link {
  private static final int PACKET_MAX = 0xffff - 2;

  /// The console's length and checksum lie in the server's buffer too.
  private static final int CONSOLE_WIRE_BYTES = 4;

  /// Start bit, eight bits, stop bit.
  private static final int BITS_A_BYTE = 10;

  /// A packet that pauses for so long on its way is not coming.
  private static final Duration QUIET = Duration.ofMillis(250);

  /// How the lines of a packet are written.
  enum Pace {
    AT_ONCE,
    LINE_BY_LINE
  }

  private final SerialLine line;
  private final String target;
  private final Framing framing;
  private final int wireBytes;
  private final int baud;
  private final Deque<Bytes> packets = new ArrayDeque<>();
  private Pace pace = Pace.AT_ONCE;

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

  Pace pace() {
    return pace;
  }

  @Override
  public void send(Bytes packet) throws IOException {
    List<Bytes> pieces = framing.pieces(packet);
    switch (pace) {
      case AT_ONCE -> line.write(Bytes.concat(pieces.toArray(Bytes[]::new)));
      case LINE_BY_LINE -> {
        for (Bytes piece : pieces) {
          line.write(piece);
          listen(Duration.ofNanos(1_000_000_000L * BITS_A_BYTE * piece.size() / baud));
        }
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
          pace = Pace.LINE_BY_LINE;
        }
        return Optional.empty();
      }
      take(line.read(Duration.ofNanos(left)));
    }
    return Optional.of(packets.remove());
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
