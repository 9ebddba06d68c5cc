// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;

/// The device's end of DTLS: only who has shown the right key or certificate reaches the server.
public final class DtlsListener implements Listener {
  private final DTLSConnector connector;
  private final Target.Dtls target;
  private final ServerLoop loop;

  private DtlsListener(DTLSConnector connector, Target.Dtls target, ServerLoop loop) {
    this.connector = connector;
    this.target = target;
    this.loop = loop;
  }

  /// Port 0 takes any free one.
  public static DtlsListener open(
      InetSocketAddress address, DtlsKeys keys, int bufferCount, MemoryLink.Server server)
      throws IOException {
    return open(address, keys, bufferCount, server, DtlsEnd.Patience.USUAL);
  }

  static DtlsListener open(
      InetSocketAddress address,
      DtlsKeys keys,
      int bufferCount,
      MemoryLink.Server server,
      DtlsEnd.Patience patience)
      throws IOException {
    DTLSConnector connector = DtlsEnd.server(address, keys, patience);
    ServerLoop loop = new ServerLoop("dtls-serve", server, bufferCount);
    connector.setRawDataReceiver(
        data -> {
          EndpointContext peer = data.getEndpointContext();
          InetSocketAddress from = peer.getPeerAddress();
          loop.offer(
              new LinkId(
                  new Target.Dtls(from.getAddress().getHostAddress(), from.getPort(), keys)
                      .toString()),
              Bytes.of(data.getBytes()),
              answer -> connector.send(RawData.outbound(answer.toArray(), peer, null, false)));
        });
    try {
      connector.start();
    } catch (IOException e) {
      connector.destroy();
      throw new IOException(
          "cannot listen on UDP port %d of %s: %s"
              .formatted(address.getPort(), address.getAddress().getHostAddress(), e.getMessage()),
          e);
    }
    InetSocketAddress bound = connector.getAddress();
    DtlsListener listener =
        new DtlsListener(
            connector,
            new Target.Dtls(bound.getAddress().getHostAddress(), bound.getPort(), keys),
            loop);
    loop.start();
    return listener;
  }

  @Override
  public Target.Dtls target() {
    return target;
  }

  @Override
  public long dropped() {
    return loop.dropped();
  }

  @Override
  public void close() {
    connector.destroy();
    loop.close();
  }
}
