// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.hex.Segment;
import dev.sealift.testkit.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Intel HEX wherever the command takes an image, told by its name.
class ImageHexTest {
  private static final Path VECTORS = Vectors.of("mcuboot").folder();

  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String recorded(String name) {
    return VECTORS.resolve(name).toString();
  }

  private Typed sign(String input, String output, String... more) {
    List<String> args = new ArrayList<>(List.of("image", "sign"));
    args.addAll(List.of("--key", recorded("keys/ed25519.pem"), "--version", "1.0.0"));
    args.addAll(List.of(more));
    args.addAll(List.of(input, output));
    return type(args.toArray(String[]::new));
  }

  private record Case(String name, String input, List<String> more) {
    Case(String name, String input, String... more) {
      this(name, input, List.of(more));
    }
  }

  @Test
  void the_recorded_hex_files_come_out_byte_for_byte() throws Exception {
    List<Case> cases =
        List.of(
            new Case("hex-padhdr-hex-out", "nohdr.hex", "--pad-header", "-S", "0x20000"),
            new Case("hex-zero-padhdr", "zero.hex", "--pad-header", "-S", "0x20000"),
            new Case("hex-addr-override", "gap.hex", "-x", "0x30000", "-S", "0x20000"),
            new Case(
                "bin-to-hex",
                "odd.bin",
                "--pad-header",
                "--hex-addr",
                "0x8000000",
                "-S",
                "0x20000"),
            new Case(
                "hex-pad",
                "odd.bin",
                "--pad-header",
                "-x",
                "0x40000",
                "--pad",
                "-M",
                "16",
                "--align",
                "8",
                "-S",
                "0x4000"),
            new Case(
                "hex-overwrite-confirm",
                "odd.bin",
                "--pad-header",
                "-x",
                "0xc000",
                "--confirm",
                "--overwrite-only",
                "-S",
                "0x4000"));
    for (Case one : cases) {
      String output = path(one.name() + ".hex");
      Typed typed =
          sign(recorded("payloads/" + one.input()), output, one.more().toArray(String[]::new));
      assertThat(typed.exit()).as(one.name() + typed.err()).isZero();
      assertThat(Path.of(output))
          .as(one.name())
          .hasSameBinaryContentAs(VECTORS.resolve("images/" + one.name() + ".hex"));
    }
  }

  @Test
  void hex_is_verified_and_shown_as_the_flash_it_describes() {
    String key = recorded("keys/ed25519.pub.pem");
    Typed verified =
        type(
            "image",
            "verify",
            "--key",
            key,
            recorded("images/hex-confirm.hex"),
            recorded("images/hex-addr-override.hex"));
    assertThat(verified.exit()).as(verified.out()).isZero();
    assertThat(type("image", "show", recorded("images/hex-confirm.hex")).out())
        .contains("slot trailer, alignment 8, image ok set");
    assertThat(
            type(
                    "image",
                    "verify",
                    "--key",
                    recorded("keys/p256.pub.pem"),
                    recorded("images/hex-confirm.hex"))
                .out())
        .contains("reason unknown-key");
  }

  @Test
  void in_a_batch_a_broken_hex_file_is_one_verdict_of_many() {
    Typed typed =
        type(
            "image",
            "verify",
            "--key",
            recorded("keys/ed25519.pub.pem"),
            recorded("hostile/hex-bad-checksum.hex"),
            recorded("images/hex-confirm.hex"));
    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out())
        .contains("refused, line 2: the checksum is")
        .contains("reason bad-hex, at offset 44")
        .contains("hex-confirm.hex: accepted");
  }

  @Test
  void hex_goes_into_a_release_as_its_binary() throws Exception {
    String image = path("app.hex");
    String binary = path("app.bin");
    for (String output : List.of(image, binary)) {
      String[] address = output.equals(image) ? new String[] {"-x", "0xc000"} : new String[0];
      List<String> more =
          new ArrayList<>(List.of("--pad-header", "-S", "0x20000", "--sequence", "1"));
      more.addAll(List.of(address));
      assertThat(sign(recorded("payloads/odd.bin"), output, more.toArray(String[]::new)).exit())
          .isZero();
      assertThat(
              type(
                      "release",
                      "make",
                      output,
                      "--vendor",
                      "v",
                      "--class",
                      "c",
                      "-o",
                      output + ".sealift")
                  .exit())
          .isZero();
    }
    assertThat(Path.of(image + ".sealift")).hasSameBinaryContentAs(Path.of(binary + ".sealift"));
    Bytes taken = Releases.material(Path.of(image)).image();
    assertThat(taken).isEqualTo(Bytes.of(Files.readAllBytes(Path.of(binary))));
  }

  private record Wrong(int exit, String says, String input, String output, List<String> more) {
    Wrong(int exit, String says, String input, String output, String... more) {
      this(exit, says, input, output, List.of(more));
    }
  }

  @Test
  void what_makes_no_hex_is_refused_and_nothing_is_written() throws Exception {
    Files.write(
        Path.of(path("low.hex")),
        HexFile.of(new Segment(0x100, Bytes.filled(600, 0))).write().toArray());
    List<Wrong> wrongs =
        List.of(
            new Wrong(2, "give --hex-addr", recorded("payloads/odd.bin"), "o.hex"),
            new Wrong(2, "not called .hex", recorded("payloads/odd.bin"), "o.bin", "-x", "0"),
            new Wrong(2, "0 to 4294967295", recorded("payloads/odd.bin"), "o.hex", "-x", "-1"),
            new Wrong(2, "pass 32 bits", recorded("payloads/odd.bin"), "o.hex", "-x", "0xffffff00"),
            new Wrong(2, "no room before it", path("low.hex"), "o.hex"),
            new Wrong(
                1, "as Intel HEX: line 2", recorded("hostile/hex-bad-checksum.hex"), "o.bin"));
    for (Wrong wrong : wrongs) {
      List<String> more = new ArrayList<>(List.of("--pad-header", "-S", "0x20000"));
      more.addAll(wrong.more());
      Typed typed = sign(wrong.input(), path(wrong.output()), more.toArray(String[]::new));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit());
      assertThat(typed.err()).contains(wrong.says());
      assertThat(Path.of(path(wrong.output()))).doesNotExist();
    }
  }
}
