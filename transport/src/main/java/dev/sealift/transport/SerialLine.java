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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An open serial port: bytes out, and in as they come. Threads of its own read and write, so that
/// one may wait for exactly as long as one likes; what nobody takes is bounded, and then lost as it
/// is in the hardware.
final class SerialLine implements Closeable {
  private static final int CHUNK_MAX = 4096;
  private static final int CHUNKS_WAITING_MAX = 1024;

  /// How long the reading thread stays in the system; a port that is closed ends it after that.
  private static final int READ_MILLIS = 100;

  /// Longer than the largest packet takes at any usual speed.
  private static final int WRITE_MAX_SECONDS = 10;

  private final SerialPort port;
  private final String name;
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>(CHUNKS_WAITING_MAX);
  private final Thread reading;
  private final ExecutorService writer;
  private volatile boolean closed;
  private volatile boolean gone;
  private volatile boolean stuck;

  /// What the reading thread hands over.
  private sealed interface Arrived {
    record Some(Bytes bytes) implements Arrived {}

    /// The port went away, and nothing follows.
    record Gone() implements Arrived {}
  }

  private SerialLine(SerialPort port, String name) {
    this.port = port;
    this.name = name;
    this.writer =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("serial-write " + name).factory());
    this.reading = Thread.ofPlatform().daemon().name("serial-read " + name).unstarted(this::readOn);
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
    line.reading.start();
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

  /// All of it in one go, as far as the system lets it. A device that takes nothing in would keep
  /// the system for ever, so a thread of its own writes and this one gives up in time.
  void write(Bytes bytes) throws IOException {
    if (stuck) {
      throw stuck();
    }
    try {
      if (!writer
          .submit(() -> isWritten(bytes.toArray()))
          .get(WRITE_MAX_SECONDS, TimeUnit.SECONDS)) {
        throw gone();
      }
    } catch (TimeoutException _) {
      stuck = true;
      throw stuck();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing to " + name, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a write ended", e);
    } catch (RejectedExecutionException _) {
      throw gone();
    }
  }

  private boolean isWritten(byte[] all) {
    int at = 0;
    while (at < all.length) {
      int written = closed || gone ? -1 : port.writeBytes(all, all.length - at, at);
      if (written <= 0) {
        return false;
      }
      at += written;
    }
    return true;
  }

  private IOException stuck() {
    return new IOException(
        "the serial port %s takes nothing in; is the device hung?".formatted(name));
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

  /// The library frees at once what a read or a write is still using, and the whole process would
  /// go with it: so both must have ended before. A port that is stuck goes with the process.
  @Override
  public void close() {
    closed = true;
    writer.shutdown();
    try {
      reading.join();
      if (writer.awaitTermination(stuck ? 0 : WRITE_MAX_SECONDS, TimeUnit.SECONDS)) {
        port.closePort();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    arrived.offer(new Arrived.Gone());
  }
}
