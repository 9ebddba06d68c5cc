// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.testkit.PtyPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One device on several wires at once, a real process, and the commands that speak to it.
@Timeout(180)
class VirtualWiresTest {
  @TempDir private Path folder;

  @BeforeEach
  void make_a_firmware() throws IOException {
    byte[] firmware = new byte[20_000];
    new SplittableRandom(5).nextBytes(firmware);
    Files.write(folder.resolve("fw.bin"), firmware);
    Files.writeString(folder.resolve("psk"), "00112233445566778899aabbccddeeff");
    assertThat(Typed.type("key", "new", path("k.pem")).exit()).isZero();
    assertThat(Typed.type("key", "public", path("k.pem"), "-o", path("k.pub.pem")).exit()).isZero();
    for (String version : List.of("1.0.0", "1.1.0")) {
      Typed signed =
          Typed.type(
              "image",
              "sign",
              "--key",
              path("k.pem"),
              "--version",
              version,
              "--pad-header",
              "--slot-size",
              "0x60000",
              path("fw.bin"),
              path(version));
      assertThat(signed.exit()).as(signed.err()).isZero();
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Process virtual(List<String> more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sealift.cli.Main",
                "virtual",
                "--image-key",
                path("k.pub.pem"),
                "--firmware",
                path("1.0.0")));
    command.addAll(more);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  @Test
  void a_device_on_every_wire_is_updated_over_one_and_read_over_the_others() throws Exception {
    Optional<PtyPair> console = PtyPair.open();
    Optional<PtyPair> raw = PtyPair.open();
    if (console.isEmpty() || raw.isEmpty()) {
      return;
    }
    String dtls = "dtls://127.0.0.1:%d?psk-id=lab&psk=%s".formatted(freePort(), path("psk"));
    String udp = "udp://127.0.0.1:" + freePort();
    Process process =
        virtual(
            List.of(
                "--listen",
                "serial://%s?baud=1000000".formatted(console.get().right()),
                "--console",
                "recovery",
                "--listen",
                "uart://%s?baud=1000000".formatted(raw.get().right()),
                "--listen",
                dtls,
                "--listen",
                udp));
    try (PtyPair _ = console.get();
        PtyPair _ = raw.get()) {
      BufferedReader out = process.inputReader();
      List<String> said = new ArrayList<>();
      while (said.stream().filter(line -> line.contains("listening at ")).count() < 4) {
        String line = out.readLine();
        assertThat(line).as("the process ended: " + said).isNotNull();
        said.add(line);
      }
      String serial = "serial://%s?baud=1000000".formatted(console.get().left());
      Typed uploaded = Typed.type("device", "upload", path("1.1.0"), "--to", serial);
      assertThat(uploaded.exit()).as(uploaded.err()).isZero();
      for (String target :
          List.of(serial, "uart://%s?baud=1000000".formatted(raw.get().left()), dtls, udp)) {
        Typed images = Typed.type("device", "images", "--to", target);
        assertThat(images.exit()).as(target + ": " + images.err()).isZero();
        assertThat(images.out()).as(target).contains("1.0.0").contains("1.1.0");
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void wires_that_make_no_sense_are_refused() {
    record Case(String words, List<String> more) {}
    for (Case wrong :
        List.of(
            new Case(
                "--listen is for one device",
                List.of("--listen", "udp://127.0.0.1", "--count", "2")),
            new Case("--listen: 'nowhere' is no target", List.of("--listen", "nowhere")),
            new Case("--console must be zephyr", List.of("--console", "shell")))) {
      List<String> all =
          new ArrayList<>(
              List.of("virtual", "--image-key", path("k.pub.pem"), "--firmware", path("1.0.0")));
      all.addAll(wrong.more());
      if (all.contains("--count")) {
        all.set(1, "--profile");
        all.set(2, "nrf52840");
      }
      Typed typed = Typed.type(all.toArray(String[]::new));
      assertThat(typed.exit()).as(typed.err()).isEqualTo(Exit.USAGE.code());
      assertThat(typed.err()).contains(wrong.words());
    }
    Typed radio =
        Typed.type(
            "virtual",
            "--image-key",
            path("k.pub.pem"),
            "--firmware",
            path("1.0.0"),
            "--listen",
            "ble://me");
    assertThat(radio.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(radio.err()).contains("a virtual device has no radio for ble://me");
  }

  @Test
  void a_scan_lists_targets_that_can_be_spoken_to() {
    Typed scan = Typed.type("device", "scan", "--seconds", "1", "--json");
    assertThat(scan.exit()).as(scan.err()).isZero();
    assertThat(scan.out()).startsWith("{\"found\":[").contains("\"failed\":[");
  }
}
