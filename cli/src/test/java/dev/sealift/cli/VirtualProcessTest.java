// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.DeviceProfileFile;
import dev.sealift.boot.TrailerLayout;
import dev.sealift.bytes.Bytes;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process of virtual devices, killed as `kill -9` does it, and started again.
class VirtualProcessTest {
  private static final int HEADER = 4096;
  private static final int ATTEMPTS = 10;

  private static final String PROFILE =
      """
      name = "mine"
      board = "native_sim"
      [flash]
      size = "1 MiB"
      sector = "4 KiB"
      write-unit = 4
      [timings]
      erase-us-per-sector = 85000
      [boot]
      mode = "swap-move"
      keys = ["k.pub.pem"]
      [[image]]
      primary = { start = 0x0, size = "480 KiB" }
      secondary = { start = 0x80000, size = "480 KiB" }
      [smp]
      buffer-size = 1024
      buffer-count = 4
      """;

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void make_two_versions() throws IOException {
    byte[] firmware = new byte[300_000];
    new SplittableRandom(5).nextBytes(firmware);
    Files.write(folder.resolve("fw.bin"), firmware);
    Files.writeString(folder.resolve("my.toml"), PROFILE);
    assertThat(Typed.type("key", "new", path("k.pem")).exit()).isZero();
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
              "--sequence",
              "1",
              "--slot-size",
              "480000",
              path("fw.bin"),
              path(version));
      assertThat(signed.exit()).as(signed.err()).isZero();
    }
  }

  @AfterEach
  void end_what_still_runs() {
    started.forEach(Process::destroyForcibly);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private record Running(Process process, BufferedReader out, List<String> said, String target) {
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  private Process process(String state, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sealift.cli.Main",
                "virtual",
                "--profile",
                path("my.toml"),
                "--port",
                "0",
                "--state",
                path(state)));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private Running start(String state, String... more) throws IOException {
    Process process = process(state, more);
    BufferedReader out = process.inputReader();
    List<String> said = new ArrayList<>();
    while (true) {
      String line = out.readLine();
      assertThat(line).as("the process ended: " + said).isNotNull();
      said.add(line);
      if (line.contains("listening at ")) {
        String target = line.replaceAll(".*listening at ([^ ,]+).*", "$1");
        return new Running(process, out, said, target);
      }
    }
  }

  private Typed on(Running device, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--to", device.target()));
    return Typed.type(all.toArray(String[]::new));
  }

  private BootConfig boot() throws Exception {
    return DeviceProfileFile.read(PROFILE, name -> Bytes.of(read(folder.resolve(name))).toUtf8())
        .boot();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void killed_in_the_middle_of_an_upload_it_goes_on_from_its_bytes() throws Exception {
    Running first = start("s", "--firmware", path("1.0.0"));
    assertThat(first.said()).anyMatch(line -> line.equals("mine-1: boot: version 1.0.0 starts"));
    Bytes image = Bytes.of(read(folder.resolve("1.1.0")));
    try (SmpClient client = new SmpClient(Target.parse(first.target()).open(), System::nanoTime)) {
      client.upload(
          new ChunkedContent.Image(image),
          client.frame(),
          (acknowledged, _) -> {
            if (acknowledged > 150_000) {
              first.process().destroyForcibly();
            }
          });
      throw new AssertionError("the upload survived the device");
    } catch (IOException _) {
      // As it should be.
    }
    first.process().waitFor();
    int secondary = HEADER + boot().secondary().start();
    Bytes stored = Bytes.of(read(folder.resolve("s/mine-1.flash")));
    assertThat(stored.slice(secondary, secondary + 140_000)).isEqualTo(image.first(140_000));
    assertThat(stored.slice(secondary + 300_000, secondary + 400_000).isFilledWith(0xff)).isTrue();

    Running second = start("s");
    assertThat(second.said()).anyMatch(line -> line.startsWith("mine-1: goes on from "));
    assertThat(read(folder.resolve("s/mine-1.flash"))).isEqualTo(stored.toArray());
    assertThat(on(second, "device", "upload", path("1.1.0")).exit()).isZero();
    assertThat(on(second, "device", "images").out()).contains("1.0.0").contains("1.1.0");
    second.kill();
  }

  @Test
  void killed_in_the_middle_of_a_swap_it_completes_the_swap() throws Exception {
    BootConfig boot = boot();
    int primary = HEADER + boot.primary().start();
    TrailerLayout trailer = TrailerLayout.of(boot, boot.primary());
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String state = "s" + attempt;
      Running first = start(state, "--firmware", path("1.0.0"));
      assertThat(on(first, "device", "upload", path("1.1.0")).exit()).isZero();
      Path file = folder.resolve(state + "/mine-1.flash");
      assertThat(on(first, "device", "test").exit()).isZero();
      Thread reset = Thread.ofPlatform().start(() -> on(first, "device", "reset"));
      // The swap has begun when its first fields stand in the primary slot's trailer.
      try (RandomAccessFile flash = new RandomAccessFile(file.toFile(), "r")) {
        do {
          flash.seek(primary + trailer.magic());
        } while (flash.read() == 0xff && first.process().isAlive());
      }
      first.kill();
      reset.join();
      Bytes stored = Bytes.of(read(file));
      boolean wasUnderway = stored.at(primary + trailer.copyDone()) == 0xff;
      Running second = start(state);
      assertThat(second.said()).anyMatch(line -> line.contains("boot: version 1.1.0 starts"));
      assertThat(on(second, "device", "confirm").exit()).isZero();
      second.kill();
      Running third = start(state);
      assertThat(third.said()).anyMatch(line -> line.equals("mine-1: boot: version 1.1.0 starts"));
      third.kill();
      if (wasUnderway) {
        assertThat(second.said())
            .anyMatch(line -> line.matches(".*; \\d+ flash operations, [0-9.]+ s by its timings"));
        return;
      }
    }
    throw new AssertionError("the kill came after the swap " + ATTEMPTS + " times");
  }

  @Test
  void a_state_in_use_or_of_another_profile_is_refused_and_untouched() throws Exception {
    Running first = start("s", "--firmware", path("1.0.0"));
    Process twin = process("s");
    assertThat(
            new String(
                twin.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("another device is running on it");
    assertThat(twin.waitFor()).isEqualTo(Exit.REFUSED.code());
    first.kill();
    byte[] before = read(folder.resolve("s/mine-1.flash"));
    Files.writeString(folder.resolve("my.toml"), PROFILE.replace("swap-move", "overwrite"));
    Process other = process("s");
    assertThat(
            new String(
                other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("the profile mine has changed since");
    assertThat(other.waitFor()).isEqualTo(Exit.REFUSED.code());
    assertThat(read(folder.resolve("s/mine-1.flash"))).isEqualTo(before);
    Files.writeString(folder.resolve("my.toml"), PROFILE);
    Process renumbered = process("s", "--serial", "2");
    assertThat(
            new String(
                renumbered.getInputStream().readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8))
        .contains("is the flash of device")
        .contains("the same --vendor, --serial and profiles");
    assertThat(renumbered.waitFor()).isEqualTo(Exit.REFUSED.code());
    assertThat(read(folder.resolve("s/mine-1.flash"))).isEqualTo(before);
  }

  @Test
  void an_image_that_fails_its_self_test_is_reverted_by_the_device_itself() throws Exception {
    Maker maker = new Maker(folder).root();
    Files.writeString(
        folder.resolve("my.toml"), PROFILE + "[storage]\nstart = 0xf8000\nsize = \"32 KiB\"\n");
    List<String> make = new ArrayList<>(List.of("release", "make", path("1.1.0")));
    make.addAll(Maker.ACME);
    make.addAll(List.of("-o", path("app.sealift")));
    maker.done(make.toArray(String[]::new));
    maker.done(
        "release", "sign", path("app.sealift"), "-k", path("alice.pem"), "-k", path("bob.pem"));
    for (String result : List.of("fail", "pass")) {
      List<String> more =
          new ArrayList<>(
              List.of(
                  "--firmware", path("1.0.0"), "--root", path("root.cbor"), "--self-test", result));
      more.addAll(Maker.ACME);
      Running device = start(result, more.toArray(String[]::new));
      Typed updated = on(device, "device", "update", path("app.sealift"));
      assertThat(updated.exit())
          .as(updated.err())
          .isEqualTo((result.equals("pass") ? Exit.DONE : Exit.REFUSED).code());
      assertThat(on(device, "device", "images").out().lines().findFirst().orElseThrow())
          .contains(result.equals("pass") ? "1.1.0" : "1.0.0")
          .contains("runs, confirmed");
      device.kill();
    }
    Process lax = process("x", "--firmware", path("1.0.0"), "--self-test", "lax");
    assertThat(lax.waitFor()).isEqualTo(Exit.USAGE.code());
  }

  @Test
  void many_devices_have_their_own_ports_and_names() throws Exception {
    Process process = process("s", "--firmware", path("1.0.0"), "--count", "3", "--json");
    BufferedReader out = process.inputReader();
    List<String> targets = new ArrayList<>();
    while (targets.size() < 3) {
      String line = out.readLine();
      assertThat(line).isNotNull();
      if (line.contains("target")) {
        targets.add(line);
      }
    }
    assertThat(targets).doesNotHaveDuplicates();
    for (int i = 0; i < 3; i++) {
      assertThat(targets.get(i))
          .contains("\"device\":\"mine-" + (i + 1) + "\"")
          .contains("\"id\":")
          .contains("\"serial\":" + (i + 1));
    }
    process.destroyForcibly().waitFor();
  }
}
