// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.smp.server.SmpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// The device's end of a wire: takes requests into the server's buffers and serves them one at a
/// time. Once it is closed, the server is not called any more.
public sealed interface Listener extends Closeable
    permits UdpListener, SerialListener, DtlsListener {
  /// Listens where that target leads to. The manners are those of a console, if it is one.
  static Listener open(
      Target target, ConsoleManners manners, SmpServer.Setup setup, MemoryLink.Server server)
      throws IOException {
    int size = setup.bufferSize();
    int count = setup.bufferCount();
    return switch (target) {
      case Target.Udp udp -> UdpListener.open(address(udp.host()), udp.port(), count, server);
      case Target.Dtls dtls ->
          DtlsListener.open(
              new InetSocketAddress(address(dtls.host()), dtls.port()), dtls.keys(), count, server);
      case Target.Serial serial -> SerialListener.open(serial, manners, size, count, server);
      case Target.Uart uart -> SerialListener.open(uart, size, count, server);
      case Target.Ble _ -> throw new IOException("a virtual device has no radio for " + target);
    };
  }

  private static InetAddress address(String host) throws IOException {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IOException("the name %s does not resolve".formatted(host), e);
    }
  }

  /// How a client names it.
  Target target();

  /// Requests that found no buffer since the start.
  long dropped();

  @Override
  void close();
}
