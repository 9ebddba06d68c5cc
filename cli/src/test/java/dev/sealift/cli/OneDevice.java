// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootOutcome;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.DeviceEvent;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.Firmware;
import dev.sealift.device.VirtualDevice;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.server.LinkId;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.UdpListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// A virtual device without an agent on a real socket, for tests of verbs; it counts its starts,
/// and can be cut off and plugged in again.
final class OneDevice implements AutoCloseable {
  private final VirtualDevice device;
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicReference<UdpListener> listener = new AtomicReference<>();

  private OneDevice(VirtualDevice device) {
    this.device = device;
  }

  static OneDevice start(Maker maker, Firmware firmware) {
    maker.image("app-1.0.0", "1.0.0", 0);
    VendorId vendor = VendorId.ofDomain("acme.example");
    VirtualDevice made =
        VirtualDevice.of(
            new DeviceSetup(
                    Devices.profile(
                        0x20000, Keys.readPublic(maker.folder().resolve("image.pub.pem"))),
                    vendor,
                    ClassId.of(vendor, "sensor-1"),
                    Optional.empty())
                .with(firmware),
            Devices.surroundings());
    made.flash().lay(made.setup().boot().primary().start(), maker.read("app-1.0.0.bin"));
    OneDevice one = new OneDevice(made);
    made.observe(
        event -> {
          if (event instanceof DeviceEvent.Started) {
            one.starts.incrementAndGet();
          }
        });
    assertThat(made.powerOn().outcome()).isInstanceOf(BootOutcome.Booted.class);
    one.plugIn();
    return one;
  }

  VirtualDevice device() {
    return device;
  }

  int starts() {
    return starts.get();
  }

  void plugIn() {
    listen(device::receive);
  }

  /// It answers so many packets of that group, then its socket is gone.
  void vanishAfter(int packets, int group) {
    AtomicInteger left = new AtomicInteger(packets);
    listen(
        (link, packet) -> {
          if (group(packet) == group && left.getAndDecrement() <= 0) {
            close();
            return List.of();
          }
          return device.receive(link, packet);
        });
  }

  /// It hears that group and does what it is told, but its answers are lost.
  void loseAnswersOf(int group) {
    listen(
        (link, packet) -> {
          List<Bytes> answers = device.receive(link, packet);
          return group(packet) == group ? List.of() : answers;
        });
  }

  private static int group(Bytes packet) {
    return packet.at(4) << 8 | packet.at(5);
  }

  private void listen(MemoryLink.Server server) {
    close();
    try {
      listener.set(UdpListener.open(InetAddress.getLoopbackAddress(), 0, 4, server));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the device itself answers, past its socket.
  List<Bytes> receive(Bytes packet) {
    return device.receive(new LinkId("test"), packet);
  }

  String target() {
    return listener.get().target().toString();
  }

  String[] line(String... words) {
    return Stream.concat(
            Stream.concat(Stream.of("device"), Stream.of(words)), Stream.of("--to", target()))
        .toArray(String[]::new);
  }

  @Override
  public void close() {
    UdpListener open = listener.get();
    if (open != null) {
      open.close();
    }
  }
}
