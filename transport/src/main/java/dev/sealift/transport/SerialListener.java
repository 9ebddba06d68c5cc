// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.wire.PacketAssembler;
import dev.sealift.smp.wire.SerialReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The device's end of a serial port, as a console or raw. It ends by itself when the port goes
/// away.
public final class SerialListener implements Listener {
  private static final int CONSOLE_WIRE_BYTES = 4;

  /// The silence after which a raw packet that has begun is given up, as Zephyr has it.
  private static final Duration QUIET = Duration.ofMillis(500);

  private final SerialLine line;
  private final Target target;
  private final Framing framing;
  private final Optional<LineBuffers> buffers;
  private final ServerLoop loop;
  private final Thread receiving;

  private SerialListener(
      SerialLine line,
      Target target,
      Framing framing,
      Optional<LineBuffers> buffers,
      ServerLoop loop) {
    this.line = line;
    this.target = target;
    this.framing = framing;
    this.buffers = buffers;
    this.loop = loop;
    this.receiving = Thread.ofVirtual().name("serial-receive").unstarted(this::receive);
  }

  /// A console. A request shares its buffer with the length and the checksum; a longer one is met
  /// by silence.
  public static SerialListener open(
      Target.Serial target,
      ConsoleManners manners,
      int bufferSize,
      int bufferCount,
      MemoryLink.Server server)
      throws IOException {
    return started(
        new SerialListener(
            SerialLine.open(target.port(), target.baud()),
            target,
            new Framing.Console(
                manners.writer(), new SerialReader(bufferSize - CONSOLE_WIRE_BYTES)),
            Optional.of(new LineBuffers(manners)),
            new ServerLoop("console-serve", server, bufferCount)));
  }

  public static SerialListener open(
      Target.Uart target, int bufferSize, int bufferCount, MemoryLink.Server server)
      throws IOException {
    return started(
        new SerialListener(
            SerialLine.open(target.port(), target.baud()),
            target,
            new Framing.Raw(new PacketAssembler(bufferSize)),
            Optional.empty(),
            new ServerLoop("uart-serve", server, bufferCount)));
  }

  private static SerialListener started(SerialListener listener) {
    listener.loop.start();
    listener.receiving.start();
    return listener;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public long dropped() {
    return loop.dropped();
  }

  private void receive() {
    LinkId link = new LinkId(target.toString());
    try {
      while (true) {
        Optional<Bytes> arrived = line.read(QUIET);
        if (arrived.isEmpty()) {
          framing.quiet();
        } else {
          for (Bytes piece : pieces(arrived.get())) {
            framing.packets(piece).forEach(packet -> loop.offer(link, packet, this::send));
          }
        }
      }
    } catch (IOException _) {
      // Closed, or unplugged: nobody can ask any more.
    }
  }

  private List<Bytes> pieces(Bytes arrived) {
    return buffers.map(all -> all.take(arrived)).orElseGet(() -> List.of(arrived));
  }

  private void send(Bytes answer) {
    try {
      line.write(Bytes.concat(framing.pieces(answer).toArray(Bytes[]::new)));
    } catch (IOException _) {
      // As on a wire that was pulled: the answer is lost.
    }
  }

  @Override
  public void close() {
    line.close();
    loop.close();
    if (Thread.currentThread() == receiving) {
      return;
    }
    try {
      receiving.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
