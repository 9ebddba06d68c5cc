// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.DeviceEvent;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.VirtualDevice;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.server.LinkId;
import dev.sealift.transport.ble.BluezStandIn;
import dev.sealift.transport.ble.Peripheral;
import dev.sealift.transport.ble.PrivateBus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command in processes of its own, on a real bus with a stand-in for BlueZ on it and a virtual
/// device in the air.
@Timeout(300)
class BluetoothCommandsTest {
  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /// On the bus instead of that of the system.
  private Typed typed(PrivateBus bus, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sealift.cli.Main"));
    command.addAll(List.of(words));
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    process.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
    int exit = process.start().waitFor();
    return new Typed(
        exit, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
  }

  private VirtualDevice device() throws IOException {
    byte[] firmware = new byte[20_000];
    new SplittableRandom(5).nextBytes(firmware);
    Files.write(folder.resolve("fw.bin"), firmware);
    assertThat(type("key", "new", path("k.pem")).exit()).isZero();
    for (String version : List.of("1.0.0", "1.1.0")) {
      Typed signed =
          type(
              "image",
              "sign",
              "--key",
              path("k.pem"),
              "--version",
              version,
              "--pad-header",
              "--sequence",
              "1",
              "--slot-size",
              "0x20000",
              path("fw.bin"),
              path(version));
      assertThat(signed.exit()).as(signed.err()).isZero();
    }
    VendorId vendor = VendorId.ofDomain("acme.example");
    VirtualDevice device =
        VirtualDevice.of(
            new DeviceSetup(
                Devices.profile(0x20000, Keys.readPublic(folder.resolve("k.pub.pem"))),
                vendor,
                ClassId.of(vendor, "sensor-1"),
                Optional.empty()),
            Devices.surroundings());
    device
        .flash()
        .lay(
            device.setup().boot().primary().start(),
            Bytes.owning(Files.readAllBytes(folder.resolve("1.0.0"))));
    assertThat(device.powerOn().outcome()).isInstanceOf(BootOutcome.Booted.class);
    return device;
  }

  @Test
  void a_device_is_paired_by_its_passkey_asked_and_filled_over_bluetooth() throws Exception {
    Optional<PrivateBus> found = PrivateBus.start();
    if (found.isEmpty()) {
      return;
    }
    VirtualDevice device = device();
    Peripheral sensor =
        new Peripheral(
                "C0:FF:EE:00:00:01", "sensor", packet -> device.receive(new LinkId("ble"), packet))
            .withPasskey(1234);
    try (PrivateBus bus = found.get();
        BluezStandIn _ = BluezStandIn.start(bus.address(), sensor)) {
      Typed scan = typed(bus, "device", "scan", "--seconds", "1");
      assertThat(scan.exit()).as(scan.err()).isZero();
      assertThat(scan.out().lines())
          .anyMatch(line -> line.matches("ble://C0:FF:EE:00:00:01 +sensor, not paired, -55 dBm"));

      Typed stranger = typed(bus, "device", "info", "--to", "ble://sensor");
      assertThat(stranger.exit()).isEqualTo(3);
      assertThat(stranger.err()).contains("sensor is not paired with this machine");

      Typed wrong = typed(bus, "device", "pair", "--to", "ble://sensor", "--passkey", "4321");
      assertThat(wrong.exit()).isEqualTo(3);
      assertThat(wrong.err()).contains("the passkey is wrong");

      Typed paired = typed(bus, "device", "pair", "--to", "ble://sensor", "--passkey", "1234");
      assertThat(paired.err()).isEmpty();
      assertThat(paired.out()).isEqualTo("sensor (C0:FF:EE:00:00:01) is paired\n");

      Typed info = typed(bus, "device", "info", "--to", "ble://sensor");
      assertThat(info.exit()).as(info.err()).isZero();
      assertThat(info.err()).isEmpty();
      assertThat(info.out())
          .contains("link        MTU 247: up to 244 bytes in one write")
          .contains("link        paired: ")
          .contains("link        connection interval ")
          .contains("bootloader  MCUboot");

      Typed upload =
          typed(bus, "device", "upload", path("1.1.0"), "--to", "ble://C0:FF:EE:00:00:01");
      assertThat(upload.exit()).as(upload.err()).isZero();
      assertThat(device.image(Slot.SECONDARY).orElseThrow().header().version())
          .hasToString("1.1.0+0");

      assertThat(typed(bus, "device", "forget", "--to", "ble://sensor").exit()).isZero();
      assertThat(typed(bus, "device", "info", "--to", "ble://sensor").exit()).isEqualTo(3);
    }
  }

  /// The restart takes the connection with it; the update connects again and goes on.
  @Test
  void a_device_is_updated_over_bluetooth_through_its_restart() throws Exception {
    Optional<PrivateBus> found = PrivateBus.start();
    if (found.isEmpty()) {
      return;
    }
    VirtualDevice device = device();
    AtomicInteger restarts = new AtomicInteger();
    device.observe(
        event -> {
          if (event instanceof DeviceEvent.Started) {
            restarts.incrementAndGet();
          }
        });
    AtomicInteger losses = new AtomicInteger();
    AtomicReference<BluezStandIn> bluez = new AtomicReference<>();
    AtomicReference<Peripheral> own = new AtomicReference<>();
    Peripheral sensor =
        new Peripheral(
                "C0:FF:EE:00:00:01",
                "sensor",
                packet -> {
                  List<Bytes> answers = device.receive(new LinkId("ble"), packet);
                  if (losses.get() < restarts.get()) {
                    losses.incrementAndGet();
                    Thread.startVirtualThread(() -> lose(bluez.get(), own.get()));
                  }
                  return answers;
                })
            .bonded();
    own.set(sensor);
    try (PrivateBus bus = found.get();
        BluezStandIn started = BluezStandIn.start(bus.address(), sensor)) {
      bluez.set(started);
      Typed update = typed(bus, "device", "update", path("1.1.0"), "--to", "ble://sensor");
      assertThat(update.exit()).as(update.err()).isZero();
      assertThat(update.out()).contains("restart").contains("the image runs and is confirmed");
      assertThat(losses).hasValue(1);
    }
  }

  private static void lose(BluezStandIn bluez, Peripheral sensor) {
    try {
      bluez.lose(sensor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void pairing_wants_a_bluetooth_device_and_somebody_to_answer_its_questions() {
    Typed wire = type("device", "pair", "--to", "udp://192.0.2.7");
    assertThat(wire.exit()).isEqualTo(2);
    assertThat(wire.err()).contains("'udp://192.0.2.7' is no Bluetooth device");
    Typed nobody = type("device", "pair", "--to", "ble://sensor");
    assertThat(nobody.exit()).isEqualTo(2);
    assertThat(nobody.err()).contains("say --passkey DIGITS or --just-works");
    assertThat(type("device", "pair", "--to", "ble://sensor", "--passkey", "1234567").exit())
        .isEqualTo(2);
    Typed both = type("device", "pair", "--to", "ble://s", "--passkey", "1", "--just-works");
    assertThat(both.exit()).isEqualTo(2);
    assertThat(type("device", "forget", "--to", "ble://sensor/x").exit()).isEqualTo(2);
  }
}
