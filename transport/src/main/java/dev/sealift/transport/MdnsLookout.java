// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceEvent;
import javax.jmdns.ServiceInfo;
import javax.jmdns.ServiceListener;

/// Devices that make themselves known by multicast DNS as `_mcumgr._udp`, on every network this
/// machine is in. What they say is a hint, proved by nothing.
public record MdnsLookout() implements Lookout {
  static final String SERVICE = "_mcumgr._udp.local.";

  private static final int NETWORKS_MAX = 16;

  @Override
  public String wire() {
    return "UDP by mDNS";
  }

  @Override
  public List<Sighting> look(Duration patience) throws IOException {
    Map<String, Sighting> found = new ConcurrentSkipListMap<>();
    List<JmDNS> ears = new ArrayList<>();
    try {
      for (InetAddress own : ownAddresses()) {
        JmDNS ear = JmDNS.create(own);
        ears.add(ear);
        ear.addServiceListener(SERVICE, new Hearing(ear, found));
      }
      pass(patience);
      return List.copyOf(found.values());
    } finally {
      close(ears);
    }
  }

  private static void pass(Duration patience) throws IOException {
    try {
      // Nobody counts it down: devices may answer until the end.
      boolean _ = new CountDownLatch(1).await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking round", e);
    }
  }

  /// One of each network; what is heard by it is heard once.
  private static List<InetAddress> ownAddresses() throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (network.isUp() && network.supportsMulticast() && !network.isLoopback()) {
        Stream.concat(
                network.inetAddresses().filter(own -> own.getAddress().length == 4),
                network.inetAddresses())
            .findFirst()
            .ifPresent(addresses::add);
      }
    }
    return addresses.subList(0, Math.min(addresses.size(), NETWORKS_MAX));
  }

  /// Saying goodbye takes the library seconds, and nobody waits for it.
  private static void close(List<JmDNS> ears) {
    for (JmDNS ear : ears) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  ear.close();
                } catch (IOException _) {
                  // It only listened.
                }
              });
    }
  }

  private record Hearing(JmDNS ear, Map<String, Sighting> found) implements ServiceListener {
    @Override
    public void serviceAdded(ServiceEvent event) {
      ear.requestServiceInfo(event.getType(), event.getName());
    }

    @Override
    public void serviceRemoved(ServiceEvent event) {}

    @Override
    public void serviceResolved(ServiceEvent event) {
      sighting(event.getInfo())
          .filter(_ -> found.size() < SIGHTINGS_MAX)
          .ifPresent(seen -> found.putIfAbsent(seen.target().toString(), seen));
    }
  }

  /// Nothing of one that names no address or no port.
  private static Optional<Sighting> sighting(ServiceInfo info) {
    return Stream.<InetAddress>concat(
            Arrays.stream(info.getInet4Addresses()), Arrays.stream(info.getInet6Addresses()))
        .findFirst()
        .filter(_ -> info.getPort() >= 1 && info.getPort() <= 0xffff)
        .map(
            address ->
                new Sighting(
                    new Target.Udp(address.getHostAddress(), info.getPort()), info.getName()));
  }
}
