// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.device.Firmware;
import dev.sealift.testkit.PtyPair;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A device's shell: one command, a pipe of them, a person at a terminal.
@Timeout(120)
class DeviceShellTest {
  private static final int SHELL = 9;
  private static final Terminal SEEN = new Terminal(Terminal.Kind.INTERACTIVE, 80);

  @TempDir private Path folder;
  private Maker maker;
  private OneDevice device;

  @BeforeEach
  void start_a_device() {
    maker = new Maker(folder);
    device = OneDevice.start(maker, Firmware.ZEPHYR);
  }

  @AfterEach
  void stop_the_device() {
    device.close();
  }

  @Test
  void a_command_shows_what_it_wrote_and_its_code_is_ours() {
    assertThat(maker.done(device.line("shell", "kernel", "version")).out())
        .isEqualTo("Zephyr version 4.4.0\n");
    assertThat(maker.done(device.line("shell", "kernel version", "--json")).out())
        .contains("\"command\":\"kernel version\"")
        .contains("\"output\":\"Zephyr version 4.4.0\"")
        .contains("\"code\":0");
    assertThat(maker.refused(device.line("shell", "bogus")).out())
        .isEqualTo("bogus: command not found\n(it gave back -8)\n");
  }

  @Test
  void colours_are_for_those_who_see_them() {
    assertThat(Typed.type(SEEN, device.line("shell", "bogus")).out())
        .contains("\u001b[1;31mbogus: command not found")
        .contains("\u001b[m");
    assertThat(Typed.type(device.line("shell", "bogus")).out()).doesNotContain("\u001b");
    assertThat(Typed.type(SEEN, device.line("shell", "bogus", "--json")).out())
        .doesNotContain("\u001b")
        .doesNotContain("u001b");
  }

  @Test
  void words_behind_two_dashes_are_the_devices() {
    String[] line = device.line("shell");
    Typed typed = Typed.type(Maker.with(List.of(line), "--", "kernel", "--help"));
    assertThat(typed.out()).contains("kernel: command not found");
  }

  @Test
  void lines_from_a_pipe_are_run_until_exit() {
    Typed typed =
        Typed.piped(
            "kernel version\n\n  image\nexit\nbogus\n", Terminal.NONE, device.line("shell"));
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(typed.out()).isEqualTo("Zephyr version 4.4.0\nrunning image 1.0.0+0\n");
    Typed json = Typed.piped("image\nbogus", Terminal.NONE, device.line("shell", "--json"));
    assertThat(json.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(json.out().lines().toList())
        .hasSize(3)
        .last()
        .asString()
        .contains("\"commands\":2,\"failed\":1");
  }

  @Test
  void a_refused_line_ends_a_pipe() {
    Typed typed = Typed.piped("x".repeat(300) + "\nimage\n", Terminal.NONE, device.line("shell"));
    assertThat(typed.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(typed.err()).contains("refuses to run 'xxx");
    assertThat(typed.out()).isEmpty();
  }

  @Test
  void a_device_without_a_shell_says_so() {
    device.close();
    device =
        OneDevice.start(maker, Firmware.ZEPHYR.with(java.util.Set.<dev.sealift.smp.Group>of()));
    assertThat(maker.refused(device.line("shell", "help")).err())
        .contains(device.target() + " refuses to run 'help': not supported by the device")
        .contains("'sealift device groups'");
  }

  @Test
  void a_lost_answer_leaves_it_open_whether_it_was_done() {
    device.vanishAfter(0, SHELL);
    Typed typed = Typed.type(device.line("shell", "image"));
    assertThat(typed.exit()).isEqualTo(Exit.WORLD.code());
    device.loseAnswersOf(SHELL);
    Typed lost = Typed.piped("image\nkernel version\n", Terminal.NONE, device.line("shell"));
    assertThat(lost.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(lost.err())
        .contains("no answer from " + device.target())
        .contains("perhaps it ran 'image' and perhaps not")
        .contains("look before asking again");
    assertThat(lost.out()).isEmpty();
  }

  @Test
  void quotes_keep_words_together() {
    assertThat(DeviceShell.split(" log  \"two  words\" it's  all  one ' ' x"))
        .containsExactly("log", "\"two  words\"", "it's  all  one '", "' x");
    assertThat(DeviceShell.split(" \t ")).isEmpty();
  }

  /// A real process on a pseudo-terminal; the answers are awaited by what they say.
  @Test
  void a_person_types_and_calls_lines_back() throws Exception {
    Optional<PtyPair> cable = PtyPair.open();
    if (cable.isEmpty()) {
      return;
    }
    try (PtyPair pty = cable.get();
        FileInputStream seen = new FileInputStream(pty.left());
        FileOutputStream keys = new FileOutputStream(pty.left())) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.sealift.cli.Main",
                  "device",
                  "shell",
                  "--to",
                  device.target())
              .redirectInput(new File(pty.right()))
              .redirectOutput(new File(pty.right()))
              .redirectError(new File(pty.right()));
      builder.environment().put("TERM", "xterm");
      builder.environment().remove("COLUMNS");
      Process process = builder.start();
      // Whoever waits for its words then hears that there are no more.
      Runnable unplug = pty::close;
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                process.onExit().join();
                unplug.run();
              });
      try {
        await(seen, "device> ");
        type(keys, "kernel version\r");
        await(seen, "Zephyr version 4.4.0");
        await(seen, "device> ");
        // The line before, called back.
        type(keys, "\u001bOA\r");
        await(seen, "Zephyr version 4.4.0");
        await(seen, "device> ");
        type(keys, "bogus\r");
        await(seen, "\u001b[1;31mbogus: command not found");
        await(seen, "device> ");
        type(keys, "\u0004");
        assertThat(process.waitFor()).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static void type(FileOutputStream keys, String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private static void await(FileInputStream seen, String wanted) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(wanted) < 0) {
      int next;
      try {
        next = seen.read();
      } catch (IOException e) {
        throw new AssertionError("ended after: " + text, e);
      }
      assertThat(next).as("ended after: " + text).isNotNegative();
      text.append((char) next);
    }
  }
}
