// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.LinkId;
import dev.sealift.smp.RequestBuffers;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The device's end of UDP: one thread takes datagrams into the server's buffers, another serves
/// them one at a time, so that a burst drops what a real server would drop.
public final class UdpListener implements Closeable {
  /// Peers remembered for answers; one more and the oldest mapping is given up.
  private static final int PEERS_MAX = 1024;

  private final DatagramSocket socket;
  private final MemoryLink.Server server;
  private final RequestBuffers buffers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<LinkId, InetSocketAddress> peers = new ConcurrentHashMap<>();

  private UdpListener(DatagramSocket socket, MemoryLink.Server server, int bufferCount) {
    this.socket = socket;
    this.server = server;
    this.buffers = new RequestBuffers(bufferCount);
  }

  /// Port 0 takes any free one.
  public static UdpListener open(
      InetAddress address, int port, int bufferCount, MemoryLink.Server server) throws IOException {
    UdpListener listener;
    try {
      listener =
          new UdpListener(
              new DatagramSocket(new InetSocketAddress(address, port)), server, bufferCount);
    } catch (SocketException e) {
      throw new IOException(
          "cannot listen on UDP port %d of %s: %s"
              .formatted(port, address.getHostAddress(), e.getMessage()),
          e);
    }
    Thread.ofVirtual().name("udp-receive").start(listener::receive);
    Thread.ofVirtual().name("udp-serve").start(listener::serve);
    return listener;
  }

  public Target.Udp target() {
    return new Target.Udp(socket.getLocalAddress().getHostAddress(), socket.getLocalPort());
  }

  /// Datagrams that found no buffer since the start.
  public long dropped() {
    lock.lock();
    try {
      return buffers.dropped();
    } finally {
      lock.unlock();
    }
  }

  private void receive() {
    byte[] buffer = new byte[0xffff];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (IOException _) {
        // A peer that is gone is reported here; a closed socket ends the loop.
        continue;
      }
      InetSocketAddress peer = (InetSocketAddress) packet.getSocketAddress();
      LinkId link =
          new LinkId("udp://" + peer.getAddress().getHostAddress() + ":" + peer.getPort());
      if (peers.size() >= PEERS_MAX && !peers.containsKey(link)) {
        peers.clear();
      }
      peers.put(link, peer);
      lock.lock();
      try {
        buffers.offer(link, Bytes.copyOf(buffer, 0, packet.getLength()));
        arrived.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  private void serve() {
    while (!socket.isClosed()) {
      Optional<RequestBuffers.Waiting> next = await();
      if (next.isEmpty()) {
        return;
      }
      RequestBuffers.Waiting request = next.get();
      List<Bytes> answers = server.receive(request.link(), request.datagram());
      lock.lock();
      try {
        buffers.served();
      } finally {
        lock.unlock();
      }
      InetSocketAddress peer = peers.get(request.link());
      for (Bytes answer : answers) {
        send(answer, peer);
      }
    }
  }

  private void send(Bytes answer, @org.jspecify.annotations.Nullable InetSocketAddress peer) {
    if (peer == null) {
      return;
    }
    try {
      socket.send(new DatagramPacket(answer.toArray(), answer.size(), peer));
    } catch (IOException _) {
      // As on the air: an answer that cannot go out is lost, the client asks again.
    }
  }

  private Optional<RequestBuffers.Waiting> await() {
    lock.lock();
    try {
      while (true) {
        Optional<RequestBuffers.Waiting> next = buffers.serve();
        if (next.isPresent() || socket.isClosed()) {
          return next;
        }
        arrived.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    socket.close();
    lock.lock();
    try {
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
