// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Stands between one UDP client and one server, on real sockets, and lets the weather decide what
/// becomes of each datagram in either direction.
public final class LossyProxy implements AutoCloseable {
  private static final int DATAGRAM_MAX = 0xffff;

  private final DatagramSocket front;
  private final DatagramSocket back;
  private final Direction toServer;
  private final Direction toClient;
  private volatile Optional<InetSocketAddress> client = Optional.empty();

  /// One direction: its weather, and the datagram that is late.
  private static final class Direction {
    private final Weather weather;
    private final AtomicLong harmed = new AtomicLong();
    private Optional<byte[]> late = Optional.empty();

    Direction(Weather weather) {
      this.weather = weather;
    }

    void carry(byte[] datagram, Consumer<byte[]> out) {
      Weather.Fate fate = weather.next();
      if (fate != Weather.Fate.ARRIVES) {
        harmed.incrementAndGet();
      }
      switch (fate) {
        case LOST -> {}
        case LATE -> {
          late.ifPresent(out);
          late = Optional.of(datagram);
          return;
        }
        case TWICE -> {
          out.accept(datagram);
          out.accept(datagram);
        }
        case ARRIVES -> out.accept(datagram);
      }
      late.ifPresent(out);
      late = Optional.empty();
    }
  }

  private LossyProxy(DatagramSocket front, DatagramSocket back, Weather requests, Weather answers) {
    this.front = front;
    this.back = back;
    this.toServer = new Direction(requests);
    this.toClient = new Direction(answers);
  }

  /// A client speaks to [#port] of the loopback address instead of to the server.
  public static LossyProxy before(InetSocketAddress server, Weather requests, Weather answers)
      throws IOException {
    DatagramSocket back = new DatagramSocket();
    back.connect(server);
    LossyProxy proxy =
        new LossyProxy(
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            back,
            requests,
            answers);
    Thread.ofVirtual().start(proxy::carryRequests);
    Thread.ofVirtual().start(proxy::carryAnswers);
    return proxy;
  }

  public int port() {
    return front.getLocalPort();
  }

  /// How many datagrams did not simply arrive.
  public long harmed() {
    return toServer.harmed.get() + toClient.harmed.get();
  }

  private void carryRequests() {
    byte[] buffer = new byte[DATAGRAM_MAX];
    while (!front.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        front.receive(packet);
      } catch (IOException _) {
        continue;
      }
      client = Optional.of((InetSocketAddress) packet.getSocketAddress());
      toServer.carry(
          Arrays.copyOf(buffer, packet.getLength()),
          datagram -> send(back, new DatagramPacket(datagram, datagram.length)));
    }
  }

  private void carryAnswers() {
    byte[] buffer = new byte[DATAGRAM_MAX];
    while (!back.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        back.receive(packet);
      } catch (IOException _) {
        continue;
      }
      Optional<InetSocketAddress> to = client;
      if (to.isPresent()) {
        toClient.carry(
            Arrays.copyOf(buffer, packet.getLength()),
            datagram -> send(front, new DatagramPacket(datagram, datagram.length, to.get())));
      }
    }
  }

  private static void send(DatagramSocket socket, DatagramPacket packet) {
    try {
      socket.send(packet);
    } catch (IOException _) {
      // Lost, as datagrams may be.
    }
  }

  @Override
  public void close() {
    front.close();
    back.close();
  }
}
