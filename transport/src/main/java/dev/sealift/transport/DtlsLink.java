// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.DtlsHandshakeTimeoutException;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/// SMP over DTLS 1.2, as Zephyr's option expects it. The first packet waits for the handshake. A
/// device that has restarted knows nothing of the connection and keeps silent; so after silence the
/// next packet begins a new one.
public final class DtlsLink implements Link {
  /// With the record around it, a datagram of one Ethernet frame over IPv6 too.
  private static final int PACKET_MAX = 1400;

  private static final int PACKETS_WAITING_MAX = 1024;

  /// After so long without a word the device is taken to have forgotten the connection. Many
  /// erase for longer, but those are asked once and waited for.
  private static final Duration SILENCE_MAX = Duration.ofSeconds(3);

  private final DTLSConnector connector;
  private final Target.Dtls target;
  private final EndpointContext device;
  private final Duration handshakeMax;
  private final BlockingQueue<Bytes> arrived = new LinkedBlockingQueue<>(PACKETS_WAITING_MAX);
  private Duration silence = Duration.ZERO;

  private DtlsLink(
      DTLSConnector connector, Target.Dtls target, InetSocketAddress device, Duration handshake) {
    this.connector = connector;
    this.target = target;
    this.device = new AddressEndpointContext(device);
    this.handshakeMax = handshake;
  }

  public static DtlsLink open(Target.Dtls target) throws IOException {
    return open(target, DtlsEnd.Patience.USUAL);
  }

  static DtlsLink open(Target.Dtls target, DtlsEnd.Patience patience) throws IOException {
    InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
    if (address.isUnresolved()) {
      throw new IOException("the name %s does not resolve".formatted(target.host()));
    }
    DTLSConnector connector;
    try {
      connector = DtlsEnd.client(target.keys(), patience);
    } catch (IOException e) {
      throw new IOException("cannot speak to %s: %s".formatted(target, e.getMessage()), e);
    }
    DtlsLink link = new DtlsLink(connector, target, address, patience.inAll());
    // More than anybody takes is lost, as it would be in a socket.
    connector.setRawDataReceiver(data -> link.arrived.offer(Bytes.of(data.getBytes())));
    connector.start();
    return link;
  }

  @Override
  public String target() {
    return target.toString();
  }

  @Override
  public int packetMax() {
    return PACKET_MAX;
  }

  @Override
  public void send(Bytes packet) throws IOException {
    if (!connector.isRunning()) {
      throw new IOException("the link to %s is closed".formatted(target));
    }
    if (silence.compareTo(SILENCE_MAX) >= 0) {
      silence = Duration.ZERO;
      connector.close(device.getPeerAddress());
    }
    Sent sent = new Sent();
    try {
      connector.send(RawData.outbound(packet.toArray(), device, sent, false));
      sent.done.get(handshakeMax.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending to " + target, e);
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw failed(e);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw failed(e);
    }
  }

  private IOException failed(Throwable cause) {
    String why =
        switch (cause) {
          case DtlsHandshakeTimeoutException _, TimeoutException _ ->
              "no DTLS connection to %s: no answer that fits our key, or nobody listens there"
                  .formatted(target);
          case HandshakeException handshake ->
              "no DTLS connection to %s: %s (%s)"
                  .formatted(
                      target,
                      handshake.getMessage(),
                      handshake.getAlert().getDescription().getDescription());
          default -> "cannot send to %s: %s".formatted(target, cause.getMessage());
        };
    return new IOException(why, cause);
  }

  /// Done when the packet has left, or it is certain that it will not.
  private static final class Sent implements MessageCallback {
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    @Override
    public void onConnecting() {}

    @Override
    public void onDtlsRetransmission(int flight) {}

    @Override
    public void onContextEstablished(EndpointContext context) {}

    @Override
    public void onSent() {
      done.complete(true);
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }
  }

  @Override
  public Optional<Bytes> receive(Duration patience) throws IOException {
    try {
      Optional<Bytes> packet =
          Optional.ofNullable(arrived.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
      silence = packet.isPresent() ? Duration.ZERO : silence.plus(patience);
      return packet;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + target, e);
    }
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
