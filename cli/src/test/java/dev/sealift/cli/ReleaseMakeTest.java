// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Releases of one image and of several.
class ReleaseMakeTest {
  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void sign_images() {
    maker = new Maker(folder).image("app", "1.1.0", 2).image("net", "5.0.0", 0);
  }

  private String[] make(String... args) {
    return Maker.with(
        List.of(
            Maker.with(
                List.of("release", "make", "-o", maker.path("app.sealift")),
                Maker.ACME.toArray(String[]::new))),
        args);
  }

  private Release made() {
    return Releases.named(folder.resolve("app.sealift")).release();
  }

  @Test
  void a_release_takes_version_and_sequence_from_its_image() {
    Typed typed = maker.done(make(maker.path("app.bin")));
    assertThat(typed.out()).contains("not signed yet").contains("0 signatures");
    assertThat(made().sequence().toString()).isEqualTo("1:2");
    assertThat(made().version().toString()).isEqualTo("1.1.0");
    assertThat(made().parts()).extracting(Release.Part::place).containsExactly(Place.ofImage(0));
  }

  @Test
  void several_images_make_one_release() {
    Typed typed =
        maker.done(make(maker.path("app.bin"), "--image", "1=" + maker.path("net.bin"), "--json"));
    assertThat(typed.out()).contains("\"image\":1");
    assertThat(made().parts())
        .extracting(Release.Part::place)
        .containsExactly(Place.ofImage(0), Place.ofImage(1));
    assertThat(made().version().toString()).isEqualTo("1.1.0");
  }

  @Test
  void variants_are_for_one_slot_each() {
    maker.image("b", "1.1.0", 2, "--header-size", "0x400");
    maker.done(
        make("--slot", "0:0=" + maker.path("app.bin"), "--slot", "0:1=" + maker.path("b.bin")));
    assertThat(made().parts())
        .extracting(Release.Part::place)
        .containsExactly(Place.ofSlot(0, 0), Place.ofSlot(0, 1));
  }

  @Test
  void an_image_that_cannot_be_passed_on_is_told() {
    maker.done("key", "new", "--type", "x25519", maker.path("device.pem"));
    maker.done("key", "new", "--type", "ed25519", maker.path("ed.pem"));
    maker.done(
        "image",
        "sign",
        "--key",
        maker.path("ed.pem"),
        "--version",
        "1.1.0",
        "--sequence",
        "2",
        "--slot-size",
        "0x20000",
        "--pad-header",
        "--encrypt",
        maker.path("device.pub.pem"),
        maker.path("firmware.bin"),
        maker.path("secret.bin"));
    assertThat(maker.done(make(maker.path("secret.bin"))).out())
        .contains("is encrypted; devices cannot pass it on to each other");
    maker.write("firmware.bin", "the same again. ".repeat(500));
    maker.image("small", "1.1.0", 2, "--compression", "lzma2");
    assertThat(maker.done(make(maker.path("small.bin"))).out())
        .contains("is compressed; devices cannot pass it on to each other");
    assertThat(maker.done(make(maker.path("app.bin"))).out()).doesNotContain("pass it on");
  }

  @Test
  void what_does_not_fit_together_is_refused_and_nothing_written() {
    maker.image("later", "1.1.0", 3).image("foreign", "1.1.0", 2, "--vid", "other.example");
    maker.image("lamp", "1.1.0", 2, "--vid", "acme.example", "--cid", "lamp-1");
    maker.write("text.bin", "hello");
    record Case(String sentence, Exit exit, List<String> args) {}
    List<Case> cases =
        List.of(
            new Case("(R22)", Exit.REFUSED, List.of(maker.path("firmware.bin"))),
            new Case("(R22)", Exit.REFUSED, List.of(maker.path("text.bin"))),
            new Case("(R8)", Exit.REFUSED, List.of(maker.path("foreign.bin"))),
            new Case("(R9)", Exit.REFUSED, List.of(maker.path("lamp.bin"))),
            new Case(
                "does not carry a sequence number", Exit.REFUSED, List.of(maker.path("net.bin"))),
            new Case(
                "--sequence is 1:9",
                Exit.REFUSED,
                List.of(maker.path("app.bin"), "--sequence", "9")),
            new Case(
                "says 1:3",
                Exit.REFUSED,
                List.of(maker.path("app.bin"), "--image", "1=" + maker.path("later.bin"))),
            new Case(
                "--sequence is needed",
                Exit.USAGE,
                List.of("--no-image-sequence", maker.path("net.bin"))),
            new Case("give an IMAGE", Exit.USAGE, List.of()),
            new Case("must be like 1=FILE", Exit.USAGE, List.of("--image", "0:1=x")),
            new Case("must be like 0:1=FILE", Exit.USAGE, List.of("--slot", "1=x")),
            new Case(
                "must be 0 to 255", Exit.USAGE, List.of("--image", "x=" + maker.path("app.bin"))),
            new Case(
                "two files for image 0",
                Exit.USAGE,
                List.of(maker.path("app.bin"), "--image", "0=" + maker.path("app.bin"))),
            new Case(
                "two parts for image 0",
                Exit.USAGE,
                List.of(maker.path("app.bin"), "--slot", "0:1=" + maker.path("app.bin"))),
            new Case("no such file", Exit.WORLD, List.of(maker.path("none.bin"))));
    for (Case wrong : cases) {
      Typed typed = Typed.type(make(wrong.args().toArray(String[]::new)));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit().code());
      assertThat(typed.err()).as(wrong.toString()).contains(wrong.sentence());
      assertThat(folder.resolve("app.sealift")).doesNotExist();
    }
  }

  @Test
  void images_of_a_release_stay_where_they_are_whatever_is_put_beside_them() {
    maker.root().key("carol");
    maker.done(make(maker.path("app.bin"), "--image", "1=" + maker.path("net.bin")));
    Releases.Named before = Releases.named(folder.resolve("app.sealift"));
    Bytes whole = maker.read("app.sealift");
    maker.done(
        "release",
        "sign",
        maker.path("app.sealift"),
        "-k",
        maker.path("alice.pem"),
        "-k",
        maker.path("bob.pem"));
    maker.done("release", "attach", maker.path("app.sealift"), "--hint");
    Releases.Named after = Releases.named(folder.resolve("app.sealift"));
    assertThat(after.file().imageOffsets()).isEqualTo(before.file().imageOffsets());
    int first = before.file().imageOffset();
    assertThat(maker.read("app.sealift").from(first)).isEqualTo(whole.from(first));
    assertThat(after.digest()).isEqualTo(before.digest());
  }
}
