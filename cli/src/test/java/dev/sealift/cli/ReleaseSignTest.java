// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signing a release, and what a second signer compares first (T06).
class ReleaseSignTest {
  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_a_release() {
    maker = new Maker(folder).root().release("app", "1.1.0", 2, "alice");
  }

  private String[] sign(String... more) {
    return Maker.with(
        List.of("release", "sign", maker.path("app.sealift"), "-k", maker.path("bob.pem")), more);
  }

  @Test
  void a_key_signs_once_and_several_sign_at_a_time() {
    Bytes before = maker.read("app.sealift");
    assertThat(
            maker
                .refused(
                    "release", "sign", maker.path("app.sealift"), "-k", maker.path("alice.pem"))
                .err())
        .contains("a key counts once");
    assertThat(maker.usage(sign("-k", maker.path("bob.pem"))).err()).contains("twice");
    assertThat(maker.usage("release", "sign", maker.path("app.sealift")).err()).contains("--key");
    assertThat(
            maker
                .refused(
                    "release", "sign", maker.path("app.sealift"), "-k", maker.path("bob.pub.pem"))
                .err())
        .contains("only a public key");
    assertThat(
            maker
                .refused("release", "sign", maker.path("app.bin"), "-k", maker.path("bob.pem"))
                .err())
        .contains("is an image, not a release");
    assertThat(maker.read("app.sealift")).isEqualTo(before);
    assertThat(maker.done(sign("-k", maker.path("stranger.pem"))).out()).contains("3 signatures");
  }

  @Test
  void ones_own_build_is_found_in_the_release_in_whatever_form() {
    // The same image under another key, as a second signer without the image key makes it.
    maker.key("own");
    maker.done(
        "image",
        "sign",
        "--key",
        maker.path("own.pem"),
        "--version",
        "1.1.0",
        "--sequence",
        "2",
        "--slot-size",
        "0x20000",
        "--pad-header",
        maker.path("firmware.bin"),
        maker.path("own.bin"));
    Bytes firmware = maker.read("firmware.bin");
    maker.write("room.bin", Bytes.filled(0x200, 0).plus(firmware));
    List<List<String>> builds =
        List.of(
            List.of("app.bin", "byte for byte"),
            List.of("own.bin", "only what stands behind it differs"),
            List.of("firmware.bin", "its header was not compared"),
            List.of("room.bin", "its header was not compared"));
    Bytes before = maker.read("app.sealift");
    for (List<String> build : builds) {
      maker.write("app.sealift", before);
      assertThat(maker.done(sign("--image", maker.path(build.get(0)))).out())
          .as(build.toString())
          .contains(build.get(1))
          .contains("2 signatures");
    }
  }

  @Test
  void another_build_is_not_signed_and_both_digests_are_said() {
    byte[] patched = maker.read("firmware.bin").toArray();
    patched[4000] ^= 1;
    maker.write("patched.bin", Bytes.owning(patched));
    maker.image("other", "1.1.1", 2);
    Bytes before = maker.read("app.sealift");
    Typed binary = maker.refused(sign("--image", maker.path("patched.bin")));
    assertThat(binary.err())
        .contains("nothing was signed")
        .contains("(R21)")
        .contains(Bytes.owning(patched).sha256().toHex())
        .contains(maker.read("firmware.bin").sha256().toHex());
    Typed image = maker.refused(sign("--image", maker.path("other.bin")));
    assertThat(image.err())
        .contains("(R21)")
        .containsPattern("names [0-9a-f]{64}, your build has [0-9a-f]{64}");
    assertThat(maker.refused(sign("--image", "1=" + maker.path("app.bin"))).err())
        .contains("has nothing for image 1; it has image 0");
    assertThat(maker.read("app.sealift")).isEqualTo(before);
  }

  @Test
  void a_release_that_names_another_digest_than_its_image_has_is_found_out() {
    // The builder swapped the image's own digest, which only the bootloader would notice.
    byte[] image = maker.read("app.bin").toArray();
    image[0x300] ^= 1;
    maker.write("swapped.bin", Bytes.owning(image));
    maker.done(
        Maker.with(
            List.of("release", "make", maker.path("swapped.bin"), "-o", maker.path("app.sealift")),
            Maker.ACME.toArray(String[]::new)));
    byte[] firmware = maker.read("firmware.bin").toArray();
    firmware[0x100] ^= 1;
    maker.write("same.bin", Bytes.owning(firmware));
    Bytes before = maker.read("app.sealift");
    assertThat(maker.refused(sign("--image", maker.path("same.bin"))).err())
        .contains("(R21)")
        .contains("carries another image than it names");
    assertThat(maker.read("app.sealift")).isEqualTo(before);
  }

  @Test
  void of_several_images_each_build_is_compared_and_the_rest_is_said() {
    maker.image("net", "5.0.0", 0);
    maker.done(
        Maker.with(
            List.of(
                "release",
                "make",
                maker.path("app.bin"),
                "--image",
                "1=" + maker.path("net.bin"),
                "-o",
                maker.path("app.sealift")),
            Maker.ACME.toArray(String[]::new)));
    assertThat(maker.done(sign("--image", maker.path("app.bin"))).out())
        .contains("image 0: ")
        .contains("image 1: not compared");
    maker.refused(
        "release",
        "sign",
        maker.path("app.sealift"),
        "-k",
        maker.path("alice.pem"),
        "--image",
        "1=" + maker.path("app.bin"));
    maker.done(
        "release",
        "sign",
        maker.path("app.sealift"),
        "-k",
        maker.path("alice.pem"),
        "--image",
        "0=" + maker.path("app.bin"),
        "--image",
        "1=" + maker.path("net.bin"));
  }
}
