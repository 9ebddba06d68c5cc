// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.SmpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/// SMP over UDP, IPv4 or IPv6, one packet a datagram. The socket is connected: datagrams from
/// elsewhere never arrive.
public final class UdpLink implements Link {
  private static final int RECEIVE_MAX = 0xffff;

  private final DatagramSocket socket;
  private final String target;
  private final byte[] buffer = new byte[RECEIVE_MAX];

  private UdpLink(DatagramSocket socket, String target) {
    this.socket = socket;
    this.target = target;
  }

  public static UdpLink open(Target.Udp target) throws IOException {
    InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
    if (address.isUnresolved()) {
      throw new IOException("the name %s does not resolve".formatted(target.host()));
    }
    DatagramSocket socket = new DatagramSocket();
    try {
      socket.connect(address);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw new IOException("cannot reach %s: %s".formatted(target, e.getMessage()), e);
    }
    return new UdpLink(socket, target.toString());
  }

  @Override
  public String target() {
    return target;
  }

  /// What servers take, however large their buffers are.
  @Override
  public int packetMax() {
    return SmpServer.DATAGRAM_MAX;
  }

  @Override
  public void send(Bytes packet) throws IOException {
    try {
      socket.send(new DatagramPacket(packet.toArray(), packet.size()));
    } catch (PortUnreachableException e) {
      throw unreachable(e);
    } catch (IOException e) {
      throw new IOException("cannot send to %s: %s".formatted(target, e.getMessage()), e);
    }
  }

  @Override
  public Optional<Bytes> receive(Duration patience) throws IOException {
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    try {
      // A timeout of 0 would wait for ever.
      socket.setSoTimeout(Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE));
      socket.receive(packet);
      return Optional.of(Bytes.copyOf(buffer, 0, packet.getLength()));
    } catch (SocketTimeoutException _) {
      return Optional.empty();
    } catch (PortUnreachableException e) {
      throw unreachable(e);
    } catch (IOException e) {
      throw new IOException("cannot receive from %s: %s".formatted(target, e.getMessage()), e);
    }
  }

  private IOException unreachable(PortUnreachableException cause) {
    return new IOException("nobody listens at " + target, cause);
  }

  @Override
  public void close() {
    socket.close();
  }
}
