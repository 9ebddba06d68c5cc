// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import dev.sealift.bytes.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An open serial port: bytes out, and in as they come. A thread of its own reads, so that one may
/// wait for exactly as long as one likes; what nobody takes is bounded, and then lost as it would
/// be in the hardware.
final class SerialLine implements Closeable {
  private static final int CHUNK_MAX = 4096;
  private static final int CHUNKS_WAITING_MAX = 1024;

  /// How long the reading thread stays in the system; a port that is closed ends it after that.
  private static final int READ_MILLIS = 100;

  private final SerialPort port;
  private final String name;
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>(CHUNKS_WAITING_MAX);
  private volatile boolean closed;
  private volatile boolean gone;

  /// What the reading thread hands over.
  private sealed interface Arrived {
    record Some(Bytes bytes) implements Arrived {}

    /// The port went away, and nothing follows.
    record Gone() implements Arrived {}
  }

  private SerialLine(SerialPort port, String name) {
    this.port = port;
    this.name = name;
  }

  static SerialLine open(String device, int baud) throws IOException {
    SerialPort port;
    try {
      port = SerialPort.getCommPort(device);
    } catch (SerialPortInvalidPortException e) {
      throw new IOException("there is no serial port " + device, e);
    }
    port.setComPortParameters(baud, 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
    port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
    port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_MILLIS, 0);
    if (!port.openPort(0)) {
      throw new IOException(
          "cannot open %s: %s".formatted(device, reason(port.getLastErrorCode())));
    }
    SerialLine line = new SerialLine(port, device);
    Thread.ofPlatform().daemon().name("serial-read " + device).start(line::readOn);
    return line;
  }

  /// Numbers of the system's, as far as they tell a person what to do.
  private static String reason(int error) {
    return switch (error) {
      case 2 -> "it is gone, or another program has it open";
      case 13 -> "no permission (on Linux: be in the group dialout)";
      case 16 -> "another program has it open";
      default -> "error %d of the system".formatted(error);
    };
  }

  String name() {
    return name;
  }

  /// All of it in one go, as far as the system lets it.
  void write(Bytes bytes) throws IOException {
    byte[] all = bytes.toArray();
    int at = 0;
    while (at < all.length) {
      int written = closed || gone ? -1 : port.writeBytes(all, all.length - at, at);
      if (written <= 0) {
        throw gone();
      }
      at += written;
    }
  }

  /// What has come, or nothing when nothing came in that time. What came before the port went
  /// away is still handed out.
  Optional<Bytes> read(Duration patience) throws IOException {
    Arrived next;
    try {
      next = arrived.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading " + name, e);
    }
    if (next == null) {
      if (closed || gone) {
        throw gone();
      }
      return Optional.empty();
    }
    return switch (next) {
      case Arrived.Some(var bytes) -> Optional.of(bytes);
      case Arrived.Gone() -> throw gone();
    };
  }

  private IOException gone() {
    return new IOException(
        closed
            ? "the serial port %s is closed".formatted(name)
            : "the serial port %s went away; was it unplugged?".formatted(name));
  }

  private void readOn() {
    byte[] buffer = new byte[CHUNK_MAX];
    while (!closed) {
      int count = port.readBytes(buffer, buffer.length);
      if (count < 0) {
        gone = true;
        // When it is full, the one who reads finds `gone` behind what waits.
        arrived.offer(new Arrived.Gone());
        return;
      }
      if (count > 0) {
        arrived.offer(new Arrived.Some(Bytes.copyOf(buffer, 0, count)));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    port.closePort();
    arrived.offer(new Arrived.Gone());
  }
}
