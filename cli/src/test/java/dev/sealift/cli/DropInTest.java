// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropInTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Terminal.NONE);
    return Main.run(console, args);
  }

  @Test
  void imgtool_has_its_own_command_line_and_exit_codes(@TempDir Path folder) throws Exception {
    String key = folder.resolve("key.pem").toString();
    String input = folder.resolve("in.bin").toString();
    String image = folder.resolve("out.bin").toString();
    Files.write(Path.of(input), new byte[1000]);
    assertThat(run("imgtool", "version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("2.4.0\n");
    assertThat(run("imgtool", "keygen", "-ted25519", "-k", key)).isZero();
    assertThat(
            run(
                "imgtool",
                "sign",
                "-k",
                key,
                "-H32",
                "-S0x2000",
                "-v1.2.3",
                "--align=4",
                input,
                image))
        .isZero();
    assertThat(run("imgtool", "verify", "-k", key, image)).isZero();
    assertThat(run("image", "verify", "--key", key, image)).isZero();
    assertThat(run("imgtool", "verify", "-k", key, input)).isEqualTo(1);
    assertThat(run("imgtool", "frob")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("imgtool: there is no command frob\n");
  }

  @Test
  void it_stands_in_the_list_of_commands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("imgtool");
    assertThat(run("--json", "imgtool")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("comes first");
  }
}
