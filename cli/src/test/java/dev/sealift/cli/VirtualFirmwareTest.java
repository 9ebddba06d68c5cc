// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.FlashTimings;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.VirtualDevice;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.VendorId;
import dev.sealift.transport.ConsoleManners;
import dev.sealift.transport.Target;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How the firmware of a virtual device can be built, and the time that its flash takes.
@Timeout(120)
class VirtualFirmwareTest {
  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_an_image() {
    maker = new Maker(folder).image("app-1.0.0", "1.0.0", 0);
  }

  private List<String> virtual(String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "virtual",
                "--image-key",
                maker.path("image.pub.pem"),
                "--firmware",
                maker.path("app-1.0.0.bin")));
    line.addAll(List.of(more));
    return line;
  }

  private Typed typed(String... more) {
    return Typed.type(virtual(more).toArray(String[]::new));
  }

  @Test
  void what_makes_no_sense_is_refused() {
    assertThat(typed("--mood", "gloomy").err())
        .contains("--mood must be one of zephyr, zephyr-2, zephyr-1.14, mynewt, is 'gloomy'");
    assertThat(typed("--mood", "mcuboot-recovery").err()).contains("--recovery builds it in");
    Typed nowhere = typed("--files", maker.path("nowhere"));
    assertThat(nowhere.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(nowhere.err()).contains("there is no folder");
    assertThat(typed("--profile", "nrf52840", "--count", "2", "--files", folder.toString()).err())
        .contains("--files is for one device");
  }

  @Test
  void a_device_of_mynewt_with_a_folder_and_a_recovery_is_talked_to() throws Exception {
    Path files = Files.createDirectory(folder.resolve("disk"));
    Files.writeString(files.resolve("hello.txt"), "hello");
    List<String> line = new ArrayList<>();
    line.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.sealift.cli.Main"));
    line.addAll(
        virtual(
            "--port",
            "0",
            "--json",
            "--mood",
            "mynewt",
            "--recovery",
            "--files",
            files.toString()));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try {
      BufferedReader out = process.inputReader();
      String said = out.readLine();
      while (said != null && !said.contains("\"target\"")) {
        said = out.readLine();
      }
      assertThat(said).isNotNull();
      String target = said.replaceFirst(".*(udp://[0-9.:]+).*", "$1");
      assertThat(maker.done("device", "log", "list", "--to", target).out()).isEqualTo("boot\n");
      maker.done("device", "files", "get", "/lfs1/hello.txt", maker.path("h"), "--to", target);
      assertThat(maker.read("h").toUtf8()).isEqualTo("hello");
      maker.refused("device", "params", "--to", target);
      maker.done("device", "reset", "--bootloader", "--to", target);
      maker.refused("device", "log", "list", "--to", target);
      maker.done("device", "reset", "--to", target);
      maker.done("device", "log", "list", "--to", target);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void an_answer_waits_for_the_flash() throws Exception {
    DeviceProfile plain =
        Devices.profile(0x20000, Keys.readPublic(folder.resolve("image.pub.pem")));
    DeviceProfile slow =
        new DeviceProfile(
            plain.name(),
            plain.board(),
            plain.boot(),
            new FlashTimings(85_000_000, 41_000, 0),
            plain.storage(),
            plain.vendor(),
            plain.deviceClass(),
            plain.smp());
    VendorId vendor = VendorId.ofDomain("acme.example");
    VirtualDevice device =
        VirtualDevice.of(
            new DeviceSetup(slow, vendor, ClassId.of(vendor, "s"), Optional.empty()),
            Devices.surroundings());
    device.flash().lay(slow.boot().primary().start(), maker.read("app-1.0.0.bin"));
    List<Duration> waited = new CopyOnWriteArrayList<>();
    Console nowhere =
        new Console(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(OutputStream.nullOutputStream()),
            Terminal.NONE);
    try (RunningDevice running =
        new RunningDevice("slow", RunningDevice.Company.ALONE, device, nowhere, waited::add)) {
      running.powerOn(dev.sealift.device.PowerSupply.STEADY);
      int port;
      try (var free = new java.net.DatagramSocket(0, java.net.InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      String target = "udp://127.0.0.1:" + port;
      running.listen(
          new RunningDevice.Ears.Wires(List.of(Target.parse(target)), ConsoleManners.ZEPHYR),
          new CompletableFuture<>());
      maker.done("device", "images", "--to", target);
      assertThat(waited).isEmpty();
      maker.done("device", "erase", "--to", target);
      // A slot of 32 sectors.
      assertThat(waited.stream().reduce(Duration.ZERO, Duration::plus))
          .isGreaterThanOrEqualTo(Duration.ofMillis(32 * 85));
    }
  }
}
