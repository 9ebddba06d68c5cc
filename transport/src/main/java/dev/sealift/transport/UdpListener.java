// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.RequestBuffers;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The device's end of UDP: one thread takes datagrams into the server's buffers, another serves
/// them one at a time, so that a burst drops what a real server would drop. Once it is closed, the
/// server is not called any more.
public final class UdpListener implements Closeable {
  /// Peers remembered for answers; one more and the one that asked longest ago is forgotten. Far
  /// more than any number of buffers, so none is forgotten while its request waits.
  private static final int PEERS_MAX = 1024;

  private final DatagramSocket socket;
  private final Target.Udp target;
  private final MemoryLink.Server server;
  private final Thread receiving;
  private final Thread serving;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final RequestBuffers buffers;
  private final Map<LinkId, InetSocketAddress> peers = new LinkedHashMap<>();

  /// A request, and where its answers go.
  private record Asked(RequestBuffers.Waiting request, InetSocketAddress peer) {}

  private UdpListener(DatagramSocket socket, MemoryLink.Server server, int bufferCount) {
    this.socket = socket;
    this.target = new Target.Udp(socket.getLocalAddress().getHostAddress(), socket.getLocalPort());
    this.server = server;
    this.buffers = new RequestBuffers(bufferCount);
    this.receiving = Thread.ofVirtual().name("udp-receive").unstarted(this::receive);
    this.serving = Thread.ofVirtual().name("udp-serve").unstarted(this::serve);
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
    listener.receiving.start();
    listener.serving.start();
    return listener;
  }

  public Target.Udp target() {
    return target;
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
      take(
          (InetSocketAddress) packet.getSocketAddress(),
          Bytes.copyOf(buffer, 0, packet.getLength()));
    }
  }

  private void take(InetSocketAddress peer, Bytes datagram) {
    if (peer.getPort() == 0) {
      // A forged sender: no answer could reach it.
      return;
    }
    LinkId link =
        new LinkId(new Target.Udp(peer.getAddress().getHostAddress(), peer.getPort()).toString());
    lock.lock();
    try {
      long dropped = buffers.dropped();
      buffers.offer(link, datagram);
      if (buffers.dropped() == dropped) {
        remember(link, peer);
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void remember(LinkId link, InetSocketAddress peer) {
    peers.remove(link);
    peers.put(link, peer);
    if (peers.size() > PEERS_MAX) {
      peers.remove(peers.keySet().iterator().next());
    }
  }

  private void serve() {
    while (true) {
      Optional<Asked> next = await();
      if (next.isEmpty()) {
        return;
      }
      Asked asked = next.get();
      List<Bytes> answers = answers(asked.request());
      lock.lock();
      try {
        buffers.served();
      } finally {
        lock.unlock();
      }
      for (Bytes answer : answers) {
        send(answer, asked.peer());
      }
    }
  }

  /// The outermost loop of a device: a mistake of ours is reported, costs this one answer, and the
  /// next request is served.
  private List<Bytes> answers(RequestBuffers.Waiting request) {
    try {
      return server.receive(request.link(), request.datagram());
    } catch (RuntimeException mistake) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, mistake);
      return List.of();
    }
  }

  private void send(Bytes answer, InetSocketAddress peer) {
    try {
      socket.send(new DatagramPacket(answer.toArray(), answer.size(), peer));
    } catch (IOException _) {
      // As on the air: an answer that cannot go out is lost, the client asks again.
    }
  }

  /// Empty once the listener is closed.
  private Optional<Asked> await() {
    lock.lock();
    try {
      while (!socket.isClosed()) {
        Optional<RequestBuffers.Waiting> next = buffers.serve();
        if (next.isPresent()) {
          return next.map(this::asked);
        }
        arrived.await();
      }
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Asked asked(RequestBuffers.Waiting request) {
    InetSocketAddress peer = peers.get(request.link());
    if (peer == null) {
      throw new IllegalStateException("a request from nowhere: " + request.link());
    }
    return new Asked(request, peer);
  }

  /// Waits for the request that is being served, unless it is that one which closes.
  @Override
  public void close() {
    socket.close();
    lock.lock();
    try {
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() == serving) {
      return;
    }
    try {
      serving.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
