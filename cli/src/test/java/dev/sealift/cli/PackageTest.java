// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.image.dfu.DfuFile;
import dev.sealift.image.dfu.DfuPackage;
import dev.sealift.image.dfu.DfuTarget;
import dev.sealift.image.dfu.DfuVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageTest {
  @TempDir private Path folder;

  private Maker maker;

  @BeforeEach
  void images() {
    maker = new Maker(folder).image("app", "1.2.3+4", 0).image("net", "7.0.0", 0);
  }

  private String path(String name) {
    return maker.path(name);
  }

  private DfuPackage read(String name) throws MalformedException {
    return DfuPackage.read(maker.read(name));
  }

  @Test
  void a_package_of_two_cores_says_what_builds_say() throws MalformedException {
    Typed made =
        maker.done(
            "package",
            "make",
            path("both.zip"),
            path("app.bin"),
            "1=" + path("net.bin"),
            "--name",
            "sensor",
            "--board",
            "sensor_app",
            "--board",
            "1=sensor_net",
            "--soc",
            "nrf5340");
    assertThat(made.out()).contains("wrote " + path("both.zip") + ": 2 files");
    DfuPackage dfu = read("both.zip");
    assertThat(dfu.formatVersion()).hasValue(1);
    assertThat(dfu.name()).contains("sensor");
    assertThat(dfu.targets().keySet()).containsExactly(new DfuTarget(0, 1), new DfuTarget(1, 1));
    DfuFile net = dfu.files().get(1);
    assertThat(net.name()).isEqualTo("net.bin");
    assertThat(net.content()).isEqualTo(maker.read("net.bin"));
    assertThat(net.slotIndexes()).contains(new DfuFile.SlotIndexes(3, 4));
    assertThat(net.version()).contains(new DfuVersion(DfuVersion.Field.MCUBOOT, "7.0.0+0"));
    assertThat(net.board()).contains("sensor_net");
    assertThat(net.soc()).contains("nrf5340");
    assertThat(net.type()).contains("application");
    assertThat(dfu.files().get(0).board()).contains("sensor_app");
  }

  @Test
  void the_same_images_are_the_same_package() {
    for (String name : List.of("one.zip", "two.zip")) {
      maker.done("package", "make", path(name), path("app.bin"));
    }
    assertThat(maker.read("one.zip")).isEqualTo(maker.read("two.zip"));
  }

  @Test
  void a_pair_of_direct_xip_is_named_apart_and_says_its_slots() throws Exception {
    for (String slot : List.of("a", "b")) {
      Files.createDirectory(folder.resolve(slot));
      Files.copy(folder.resolve("app.bin"), folder.resolve(slot + "/zephyr.signed.bin"));
    }
    maker.done(
        "package",
        "make",
        path("xip.zip"),
        "0:1=" + path("b/zephyr.signed.bin"),
        "0:0=" + path("a/zephyr.signed.bin"));
    List<DfuFile> files = read("xip.zip").files();
    assertThat(files)
        .extracting(DfuFile::name)
        .containsExactly("image0-slot0-zephyr.signed.bin", "image0-slot1-zephyr.signed.bin");
    assertThat(files).extracting(DfuFile::slot).containsExactly(Optional.of(0), Optional.of(1));
    assertThat(files.getFirst().version().orElseThrow().field())
        .isEqualTo(DfuVersion.Field.MCUBOOT_XIP);
    assertThat(files.getFirst().slotIndexes()).isEmpty();
  }

  @Test
  void hex_goes_in_as_its_binary() throws MalformedException {
    maker.done(
        "image",
        "sign",
        "--key",
        path("image.pem"),
        "--version",
        "1.0.0",
        "--slot-size",
        "0x20000",
        "--pad-header",
        "--hex-addr",
        "0xc000",
        path("firmware.bin"),
        path("app.hex"));
    maker.done("package", "make", path("h.zip"), path("app.hex"));
    DfuFile file = read("h.zip").files().getFirst();
    assertThat(file.name()).isEqualTo("app.bin");
    assertThat(file.content().startsWith(Bytes.ofHex("3db8f396"))).isTrue();
  }

  @Test
  void show_says_where_each_file_goes_and_what_its_image_says() throws MalformedException {
    maker.done("package", "make", path("p.zip"), "1=" + path("app.bin"), "--board", "sensor");
    String digest =
        Maker.text(Maker.json(type("image", "show", "--json", path("app.bin"))), "hash");
    assertThat(maker.done("package", "show", path("p.zip")).out())
        .contains("file   app.bin, ")
        .contains("for      image 1, slot 1")
        .contains("board    sensor")
        .contains("version  1.2.3+4")
        .contains("digest   " + digest)
        .doesNotContain("note");
    CborFields json = Maker.json(maker.done("package", "show", "--json", path("p.zip")));
    CborFields file = CborFields.of(json.list("files").getFirst(), "file");
    assertThat(file.integer("image")).isEqualTo(1);
    assertThat(file.integer("slot")).isEqualTo(1);
    assertThat(file.text("version")).isEqualTo("1.2.3+4");
    assertThat(file.text("declared-version")).isEqualTo("1.2.3+4");
    assertThat(file.text("digest")).isEqualTo(digest);
    assertThat(json.map().get("format-version")).contains(CborInt.of(1));
    assertThat(json.map().get("unlisted")).contains(CborList.of());
  }

  /// What a build got wrong is said, and what is no image of MCUboot too.
  @Test
  void show_says_where_manifest_and_image_differ() throws Exception {
    DfuFile other =
        DfuFile.builder("app.bin", maker.read("app.bin"))
            .version(Optional.of(new DfuVersion(DfuVersion.Field.MCUBOOT, "9.9.9")))
            .build();
    DfuFile none =
        DfuFile.builder("net.bin", Bytes.ofUtf8("no image")).image(Optional.of(1)).build();
    DfuFile envelope =
        DfuFile.builder("e.suit", Bytes.EMPTY).type(Optional.of("suit-envelope")).build();
    maker.write(
        "odd.zip", DfuPackage.of(Optional.empty(), 0, List.of(other, none, envelope)).write());
    Typed shown = maker.done("package", "show", path("odd.zip"));
    assertThat(shown.out())
        .contains("the manifest says version 9.9.9, the image 1.2.3+4")
        .contains("no MCUboot image: ")
        .contains("for      the SUIT processor");
    assertThat(Json.read(maker.done("package", "show", "--json", path("odd.zip")).out()))
        .isNotNull();
  }

  private record Wrong(Exit exit, String says, List<String> args) {
    Wrong(Exit exit, String says, String... args) {
      this(exit, says, List.of(args));
    }
  }

  @Test
  void what_makes_no_package_is_refused_and_nothing_is_written() throws IOException {
    maker.write("bad.hex", "no hex");
    List<Wrong> wrongs =
        List.of(
            new Wrong(Exit.USAGE, "missing required parameter"),
            new Wrong(Exit.REFUSED, "is no MCUboot image", path("firmware.bin")),
            new Wrong(Exit.REFUSED, "as Intel HEX: line 1", path("bad.hex")),
            new Wrong(Exit.WORLD, "no such file", path("nowhere.bin")),
            new Wrong(Exit.USAGE, "two files for image 0", path("app.bin"), path("net.bin")),
            new Wrong(Exit.USAGE, "FILE must be 0 to 255", "256=" + path("app.bin")),
            new Wrong(Exit.USAGE, "slots 0 or 1", "0:2=" + path("app.bin")),
            new Wrong(
                Exit.USAGE,
                "both for image 0, slot 1",
                "0:1=" + path("app.bin"),
                "0:0=" + path("net.bin"),
                "0=" + path("net.bin")),
            new Wrong(Exit.USAGE, "[N=]TEXT", path("app.bin"), "--board", "0:1=x"));
    for (Wrong wrong : wrongs) {
      String[] args =
          Stream.concat(Stream.of("package", "make", path("none.zip")), wrong.args().stream())
              .toArray(String[]::new);
      Typed typed = type(args);
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit().code());
      assertThat(typed.err()).contains(wrong.says()).doesNotContain("xception");
      assertThat(folder.resolve("none.zip")).doesNotExist();
    }
  }

  @Test
  void what_is_no_package_is_refused_with_a_sentence() {
    maker.refused("package", "show", path("app.bin"));
    assertThat(type("package", "show", path("app.bin")).err()).contains("this is no ZIP archive");
    maker.done("package", "make", path("p.zip"), path("app.bin"));
    Bytes zip = maker.read("p.zip");
    maker.write("cut.zip", zip.first(zip.size() - 7));
    assertThat(maker.refused("package", "show", path("cut.zip")).err()).contains("cut off");
    byte[] damaged = zip.toArray();
    damaged[500] ^= 1;
    maker.write("damaged.zip", Bytes.owning(damaged));
    assertThat(maker.refused("package", "show", "--json", path("damaged.zip")).out())
        .contains("app.bin is damaged");
  }
}
