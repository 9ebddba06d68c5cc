// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.device.Firmware;
import dev.sealift.device.FolderFiles;
import dev.sealift.smp.server.Mood;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files between a machine and a device, over a real socket.
@Timeout(120)
class DeviceFilesTest {
  private static final int FILES = 8;

  @TempDir private Path folder;
  private Maker maker;
  private OneDevice device;
  private Bytes content;

  @BeforeEach
  void start_a_device() {
    maker = new Maker(folder);
    device = OneDevice.start(maker, Firmware.ZEPHYR);
    content = noise(40_000);
    maker.write("data.bin", content);
  }

  private static Bytes noise(int size) {
    byte[] noise = new byte[size];
    new SplittableRandom(7).nextBytes(noise);
    return Bytes.owning(noise);
  }

  @AfterEach
  void stop_the_device() {
    device.close();
  }

  private Typed put(String file, String name, String... more) {
    return Typed.type(
        Maker.with(List.of(device.line("files", "put", maker.path(file), name)), more));
  }

  private List<String> inFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void a_file_goes_there_and_comes_back_with_progress_and_checksums() {
    Typed put = maker.done(device.line("files", "put", maker.path("data.bin"), "/lfs1/"));
    assertThat(put.out())
        .contains("file 100%")
        .contains("/lfs1/data.bin has arrived, its SHA-256 is right, 40000 bytes");
    assertThat(maker.done(device.line("files", "stat", "/lfs1/data.bin")).out())
        .contains("/lfs1/data.bin  40000 bytes");
    assertThat(maker.done(device.line("files", "hash", "/lfs1/data.bin", "--type", "sha256")).out())
        .startsWith(content.sha256().toHex() + "  /lfs1/data.bin  sha256, 40000 bytes");
    assertThat(
            maker
                .done(device.line("files", "hash", "/lfs1/data.bin", "--length", "9", "--json"))
                .out())
        .contains("\"type\":\"crc32\"")
        .contains("\"bytes\":9");
    assertThat(maker.done(device.line("files", "hash", "--types")).out())
        .contains("crc32      4 bytes")
        .contains("sha256     32 bytes");
    Typed got = maker.done(device.line("files", "get", "/lfs1/data.bin", maker.path("back.bin")));
    assertThat(got.out()).contains("file 100%").contains("its SHA-256 is right");
    assertThat(maker.read("back.bin")).isEqualTo(content);
    assertThat(
            maker
                .done(device.line("files", "get", "/lfs1/data.bin", maker.path("b"), "--json"))
                .out())
        .contains("\"size\":40000")
        .contains(content.sha256().toHex());
  }

  @Test
  void a_download_goes_into_a_folder_under_its_own_name() throws IOException {
    maker.done(device.line("files", "put", maker.path("data.bin"), "/lfs1/log.txt"));
    Files.createDirectory(folder.resolve("here"));
    maker.done(device.line("files", "get", "/lfs1/log.txt", maker.path("here")));
    assertThat(maker.read("here/log.txt")).isEqualTo(content);
    assertThat(maker.usage(device.line("files", "get", "/lfs1/..", maker.path("here"))).err())
        .contains("does not end with the name of a file");
  }

  @Test
  void a_download_writes_over_nothing_unless_told() {
    maker.done(device.line("files", "put", maker.path("data.bin"), "/lfs1/f"));
    maker.write("old", "precious");
    Typed refused = maker.refused(device.line("files", "get", "/lfs1/f", maker.path("old")));
    assertThat(refused.err()).contains("exists already").contains("--overwrite");
    assertThat(maker.read("old")).isEqualTo(Bytes.ofUtf8("precious"));
    maker.done(device.line("files", "get", "/lfs1/f", maker.path("old"), "--overwrite"));
    assertThat(maker.read("old")).isEqualTo(content);
  }

  @Test
  void an_empty_file_is_a_file() {
    maker.write("empty", "");
    maker.done(device.line("files", "put", maker.path("empty"), "/lfs1/empty"));
    maker.done(device.line("files", "get", "/lfs1/empty", maker.path("empty2")));
    assertThat(maker.read("empty2")).isEqualTo(Bytes.EMPTY);
    assertThat(maker.refused(device.line("files", "hash", "/lfs1/empty")).err())
        .contains("the file is empty");
  }

  @Test
  void what_is_there_already_is_not_sent_again() {
    assertThat(put("data.bin", "/lfs1/f", "--json").out()).contains("\"sent\":40000");
    assertThat(put("data.bin", "/lfs1/f", "--json").out()).contains("\"sent\":0");
    assertThat(put("data.bin", "/lfs1/f").out()).contains("is there already");
  }

  @Test
  void a_device_that_vanishes_in_an_upload_is_gone_on_with() {
    device.vanishAfter(12, FILES);
    Typed cut = put("data.bin", "/lfs1/f");
    assertThat(cut.exit()).as(cut.out() + cut.err()).isEqualTo(Exit.WORLD.code());
    assertThat(cut.err())
        .contains("nobody listens at udp://127.0.0.1")
        .contains("of /lfs1/f")
        .contains("it is incomplete on the device: run it again");
    device.plugIn();
    Typed rest = put("data.bin", "/lfs1/f");
    assertThat(rest.exit()).as(rest.err()).isZero();
    assertThat(rest.out())
        .contains("goes on at byte ")
        .contains("what is there is its beginning")
        .contains("has arrived, its SHA-256 is right, 40000 bytes");
    maker.done(device.line("files", "get", "/lfs1/f", maker.path("back")));
    assertThat(maker.read("back")).isEqualTo(content);
  }

  @Test
  void another_file_of_that_name_is_not_gone_on_with() {
    maker.write("other", Bytes.filled(9000, 3));
    put("other", "/lfs1/f");
    assertThat(put("data.bin", "/lfs1/f").out()).doesNotContain("goes on").contains("has arrived");
  }

  @Test
  void a_device_that_vanishes_in_a_download_leaves_no_half_file() throws IOException {
    put("data.bin", "/lfs1/f");
    List<String> before = inFolder();
    device.vanishAfter(5, FILES);
    Typed cut = Typed.type(device.line("files", "get", "/lfs1/f", maker.path("back")));
    assertThat(cut.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(cut.err()).contains("nobody listens").contains("nothing was written here");
    assertThat(inFolder()).isEqualTo(before);
    device.plugIn();
    maker.done(device.line("files", "get", "/lfs1/f", maker.path("back")));
    assertThat(maker.read("back")).isEqualTo(content);
  }

  @Test
  void a_full_device_says_so_and_how_far_it_came() {
    maker.write("large", noise(70_000));
    Typed full = maker.refused(device.line("files", "put", maker.path("large"), "/lfs1/f"));
    assertThat(full.err())
        .contains("refuses to take /lfs1/f at byte 6")
        .contains("the file cannot be written")
        .contains("its file system may be full")
        .contains("what it has of the file is incomplete");
  }

  /// A process whose files may not grow beyond some kilobytes: to it the disk is full.
  @Test
  void a_full_disk_leaves_no_half_file() throws Exception {
    put("data.bin", "/lfs1/f");
    List<String> before = inFolder();
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 16; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sealift.cli.Main",
                "device",
                "files",
                "get",
                "/lfs1/f",
                maker.path("back"),
                "--to",
                device.target())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(err).isEqualTo(Exit.WORLD.code());
    assertThat(err).contains("cannot write " + maker.path("back"));
    assertThat(inFolder()).isEqualTo(before);
  }

  @Test
  void refusals_name_the_device_the_file_and_a_way_out() {
    record Case(String sentence, String hint, List<String> words) {}
    List<Case> cases =
        List.of(
            new Case("give out /lfs1/no: no such file", "", List.of("get", "/lfs1/no", "x")),
            new Case(
                "no file system under that name",
                "begin with a mount point",
                List.of("stat", "/nowhere/f")),
            new Case("not the name of a file", "names are absolute", List.of("stat", "f")),
            new Case("this is a directory", "cannot list", List.of("stat", "/lfs1/")),
            new Case("no such file", "", List.of("hash", "/lfs1/no")),
            new Case(
                "no file system under that name",
                "begin with a mount point",
                List.of("put", "data.bin", "/sd/f")));
    for (Case wrong : cases) {
      String[] words = wrong.words().toArray(String[]::new);
      for (int i = 1; i < words.length; i++) {
        words[i] =
            words[i].equals("x") || words[i].equals("data.bin") ? maker.path(words[i]) : words[i];
      }
      Typed typed = maker.refused(device.line(Maker.with(List.of("files"), words)));
      assertThat(typed.err())
          .contains(device.target() + " refuses to ")
          .contains(wrong.sentence())
          .contains(wrong.hint());
    }
    assertThat(folder.resolve("x")).doesNotExist();
    put("data.bin", "/lfs1/f");
    assertThat(maker.refused(device.line("files", "hash", "/lfs1/f", "--type", "md4")).err())
        .contains("no such kind of checksum")
        .contains("--types");
    assertThat(maker.usage(device.line("files", "hash")).err()).contains("--types alone");
    Typed nowhere =
        Typed.type(device.line("files", "get", "/lfs1/f", maker.path("no/such/folder")));
    assertThat(nowhere.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(nowhere.err()).contains("no such folder");
  }

  @Test
  void an_old_server_takes_and_gives_files_too() throws IOException {
    device.close();
    for (Mood mood : List.of(Mood.ZEPHYR_2, Mood.ZEPHYR_1_14, Mood.MYNEWT)) {
      device = OneDevice.start(maker, Firmware.ZEPHYR.with(mood));
      maker.done(device.line("files", "put", maker.path("data.bin"), "/lfs1/f"));
      maker.done(device.line("files", "get", "/lfs1/f", maker.path("back")));
      assertThat(maker.read("back")).as(mood.name()).isEqualTo(content);
      Files.delete(folder.resolve("back"));
      device.close();
    }
  }

  @Test
  void a_file_larger_than_any_is_not_fetched() throws IOException {
    device.close();
    Path disk = Files.createDirectory(folder.resolve("disk"));
    try (RandomAccessFile file = new RandomAccessFile(disk.resolve("huge").toFile(), "rw")) {
      file.setLength((64L << 20) + 1);
    }
    device =
        OneDevice.start(maker, Firmware.ZEPHYR.with(() -> new FolderFiles("/lfs1", disk, 1000)));
    assertThat(maker.refused(device.line("files", "get", "/lfs1/huge", maker.path("h"))).err())
        .contains("says that /lfs1/huge has 67108865 bytes; at most 67108864 are fetched");
    assertThat(folder.resolve("h")).doesNotExist();
  }
}
