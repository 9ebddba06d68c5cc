// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LocalKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people do with images beside plain signing: elsewhere, again, alike each time, compared.
class ImageWorkTest {
  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @BeforeEach
  void makeKeysAndBinary() throws Exception {
    assertThat(type("key", "new", path("k.pem")).exit()).isZero();
    assertThat(type("key", "new", "--type", "ecdsa-p384", path("other.pem")).exit()).isZero();
    Files.write(folder.resolve("app.bin"), Bytes.filled(5000, 0x3c).toArray());
  }

  private Typed sign(String output, String... more) {
    List<String> args = new ArrayList<>(List.of("image", "sign", "--version", "1.0.0"));
    args.addAll(List.of("--slot-size", "0x20000", "--pad-header"));
    args.addAll(List.of(more));
    args.add(path("app.bin"));
    if (!output.isEmpty()) {
      args.add(path(output));
    }
    return type(args.toArray(String[]::new));
  }

  private Typed verify(String key, String... files) {
    List<String> args = new ArrayList<>(List.of("image", "verify", "--key", path(key)));
    for (String file : files) {
      args.add(path(file));
    }
    return type(args.toArray(String[]::new));
  }

  @Test
  void of_many_files_each_is_judged_whatever_the_others_are() {
    assertThat(sign("good.img", "--key", path("k.pem")).exit()).isZero();
    Typed all = verify("k.pub.pem", "nowhere.img", "app.bin", "good.img");
    assertThat(all.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(all.err()).contains("nowhere.img: no such file");
    assertThat(all.out())
        .contains("app.bin: refused")
        .contains("good.img: accepted, version 1.0.0");
    assertThat(verify("k.pub.pem", "app.bin", "good.img").exit()).isEqualTo(Exit.REFUSED.code());
  }

  @Test
  void an_image_is_signed_elsewhere_in_two_steps() throws Exception {
    String[] first = {"--public", path("k.pub.pem"), "--to-sign", path("app.tosign")};
    assertThat(sign("", first).exit()).isZero();
    LocalKey key = KeyFile.readPrivate(Files.readString(folder.resolve("k.pem")));
    Bytes signature =
        key.signing(new SecureRandom())
            .sign(Bytes.of(Files.readAllBytes(folder.resolve("app.tosign"))));
    Files.write(folder.resolve("app.sig"), signature.toArray());
    Files.writeString(
        folder.resolve("app.b64"), Base64.getMimeEncoder().encodeToString(signature.toArray()));
    for (String form : List.of("app.sig", "app.b64")) {
      String[] second = {"--public", path("k.pub.pem"), "--signature", path(form)};
      assertThat(sign(form + ".img", second).exit()).isZero();
      assertThat(verify("k.pub.pem", form + ".img").exit()).isZero();
    }
    Typed wrong =
        sign(
            "wrong.img",
            "--non-bootable",
            "--public",
            path("k.pub.pem"),
            "--signature",
            path("app.sig"));
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err()).contains("holds no signature of this image");
    assertThat(folder.resolve("wrong.img")).doesNotExist();
    assertThat(sign("", "--to-sign", path("x")).err()).contains("needs the public half");
    assertThat(sign("", "--key", path("k.pem")).err()).contains("OUTPUT is missing");
  }

  @Test
  void a_deterministic_signature_reproduces() throws Exception {
    sign("a.img", "--key", path("other.pem"), "--deterministic");
    sign("b.img", "--key", path("other.pem"), "--deterministic");
    assertThat(folder.resolve("a.img")).hasSameBinaryContentAs(folder.resolve("b.img"));
    assertThat(type("image", "diff", path("a.img"), path("b.img")).exit()).isZero();
    type("key", "new", "--type", "rsa-2048", path("rsa.pem"));
    Typed rsa = sign("c.img", "--key", path("rsa.pem"), "--deterministic");
    assertThat(rsa.exit()).isEqualTo(1);
    assertThat(rsa.err()).contains("random salt");
  }

  @Test
  void an_image_gets_another_key_and_the_difference_is_told() {
    sign("a.img", "--key", path("k.pem"));
    assertThat(
            type("image", "resign", "--key", path("other.pem"), path("a.img"), path("b.img"))
                .exit())
        .isZero();
    assertThat(verify("other.pub.pem", "b.img").exit()).isZero();
    assertThat(verify("k.pub.pem", "b.img").exit()).isEqualTo(1);
    Typed diff = type("image", "diff", path("a.img"), path("b.img"));
    assertThat(diff.exit()).isEqualTo(1);
    assertThat(diff.out()).contains("unprotected KEYHASH").doesNotContain("payload");
  }

  @Test
  void an_image_in_intel_hex_stays_where_it_lies() throws Exception {
    sign("a.hex", "--key", path("k.pem"), "--hex-addr", "0xc000");
    assertThat(
            type("image", "resign", "--key", path("other.pem"), path("a.hex"), path("b.hex"))
                .exit())
        .isZero();
    assertThat(verify("other.pub.pem", "b.hex").exit()).isZero();
    HexFile signed = HexFile.read(Bytes.of(Files.readAllBytes(folder.resolve("b.hex"))));
    assertThat(signed.address()).isEqualTo(0xc000);
    sign("a.img", "--key", path("k.pem"));
    Typed unknown =
        type("image", "resign", "--key", path("other.pem"), path("a.img"), path("c.hex"));
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("where the image lies");
    assertThat(folder.resolve("c.hex")).doesNotExist();
  }

  @Test
  void the_bootloader_decides_where_it_is_asked_to() throws Exception {
    sign("a.img", "--key", path("k.pem"));
    Files.write(folder.resolve("a.img"), new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
    List<String> args =
        new ArrayList<>(List.of("image", "verify", "--device", "nrf52840", "--json"));
    args.addAll(List.of("--key", path("k.pub.pem"), path("a.img")));
    Typed ours = type(args.toArray(String[]::new));
    assertThat(ours.exit()).isEqualTo(1);
    assertThat(ours.out()).contains("\"trailing-data\"", "\"verdict\":\"reject\"");
    args.add("--as-bootloader");
    Typed bootloaders = type(args.toArray(String[]::new));
    assertThat(bootloaders.exit()).isZero();
    assertThat(bootloaders.out()).contains("\"trailing-data\"", "\"verdict\":\"accept\"");
    assertThat(type("image", "verify", "--as-bootloader", "--hash-only", path("a.img")).err())
        .contains("are for --device");
  }

  @Test
  void a_slot_is_known_by_a_profile_or_by_its_sectors() {
    for (List<String> also :
        List.of(
            List.of("--slot-size", "0x20000"),
            List.of("--mode", "swap-move"),
            List.of("--align", "8"),
            List.of("--sector-size", "4096"))) {
      List<String> args = new ArrayList<>(List.of("image", "sign", "--version", "1.0.0"));
      args.addAll(List.of("--device", "nrf52840", "--key", path("k.pem"), "--pad-header"));
      args.addAll(also);
      args.addAll(List.of(path("app.bin"), path("a.img")));
      Typed both = type(args.toArray(String[]::new));
      assertThat(both.exit()).as(also.toString()).isEqualTo(2);
      assertThat(both.err()).contains("--device says all about the slot");
    }
    Typed noSize = type("image", "verify", "--hash-only", "--align", "8", path("app.bin"));
    assertThat(noSize.exit()).isEqualTo(2);
    assertThat(noSize.err()).contains("give --slot-size");
    Typed tight =
        sign("a.img", "--key", path("k.pem"), "--mode", "swap-move", "--sector-size", "0x10000");
    assertThat(tight.exit()).isEqualTo(1);
    assertThat(tight.err()).contains("takes 0 (swap-move)");
    Typed odd = sign("a.img", "--key", path("k.pem"), "--sector-size", "3000");
    assertThat(odd.exit()).isEqualTo(2);
    assertThat(odd.err()).contains("not made of whole sectors");
    assertThat(sign("a.img", "--key", path("k.pem"), "--mode", "sideways").err())
        .contains("swap-offset, overwrite");
  }
}
