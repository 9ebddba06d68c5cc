// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.SmpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/// The device's end of UDP: one thread takes datagrams in, another serves them. As on real servers
/// a longer datagram is cut, whatever the buffers hold.
public final class UdpListener implements Listener {
  private final DatagramSocket socket;
  private final Target.Udp target;
  private final ServerLoop loop;
  private final Thread receiving;

  private UdpListener(DatagramSocket socket, MemoryLink.Server server, int bufferCount) {
    this.socket = socket;
    this.target = new Target.Udp(socket.getLocalAddress().getHostAddress(), socket.getLocalPort());
    this.loop = new ServerLoop("udp-serve", server, bufferCount);
    this.receiving = Thread.ofVirtual().name("udp-receive").unstarted(this::receive);
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
    listener.loop.start();
    return listener;
  }

  @Override
  public Target.Udp target() {
    return target;
  }

  @Override
  public long dropped() {
    return loop.dropped();
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
          Bytes.copyOf(buffer, 0, Math.min(packet.getLength(), SmpServer.DATAGRAM_MAX)));
    }
  }

  private void take(InetSocketAddress peer, Bytes datagram) {
    if (peer.getPort() == 0) {
      // A forged sender: no answer could reach it.
      return;
    }
    LinkId link =
        new LinkId(new Target.Udp(peer.getAddress().getHostAddress(), peer.getPort()).toString());
    loop.offer(link, datagram, answer -> send(answer, peer));
  }

  private void send(Bytes answer, InetSocketAddress peer) {
    try {
      socket.send(new DatagramPacket(answer.toArray(), answer.size(), peer));
    } catch (IOException _) {
      // As on the air: an answer that cannot go out is lost, the client asks again.
    }
  }

  @Override
  public void close() {
    socket.close();
    loop.close();
  }
}
