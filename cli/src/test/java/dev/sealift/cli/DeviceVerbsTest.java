// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.Firmware;
import dev.sealift.smp.Group;
import dev.sealift.smp.server.Mood;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What can be asked of a device beside its images and files, over a real socket.
@Timeout(120)
class DeviceVerbsTest {
  private static final int OS = 0;

  @TempDir private Path folder;
  private Maker maker;
  private OneDevice device;

  @BeforeEach
  void start_a_device() {
    maker = new Maker(folder);
    device =
        OneDevice.start(
            maker,
            Firmware.ZEPHYR.with(Set.copyOf(Firmware.CHOICE)).with(Firmware.Recovery.BY_RESET));
  }

  @AfterEach
  void stop_the_device() {
    device.close();
  }

  private Typed done(String... words) {
    return maker.done(device.line(words));
  }

  private Typed refused(String... words) {
    Typed typed = maker.refused(device.line(words));
    assertThat(typed.err()).contains(device.target());
    return typed;
  }

  @Test
  void settings_are_read_as_text_or_hex_and_changed() {
    assertThat(done("settings", "get", "id/name").out()).isEqualTo("virtual\n");
    assertThat(done("settings", "get", "id/name", "--hex").out()).isEqualTo("7669727475616c\n");
    assertThat(done("settings", "get", "app/interval").out()).isEqualTo("3c000000\n");
    assertThat(done("settings", "get", "id/name", "--json").out())
        .contains("\"hex\":\"7669727475616c\",\"text\":\"virtual\"");
    done("settings", "set", "bt/name", "lamp 7");
    assertThat(done("settings", "get", "bt/name").out()).isEqualTo("lamp 7\n");
    done("settings", "set", "app/interval", "--hex", "1b5b324a");
    // Text that a terminal would obey is no text.
    assertThat(done("settings", "get", "app/interval").out()).isEqualTo("1b5b324a\n");
    maker.write("value", Bytes.filled(40, 0xee));
    done("settings", "set", "net/key", "--file", maker.path("value"));
    done("settings", "get", "net/key", "--file", maker.path("back"));
    assertThat(maker.read("back")).isEqualTo(maker.read("value"));
    assertThat(
            maker
                .refused(device.line("settings", "get", "net/key", "--file", maker.path("back")))
                .err())
        .contains("exists already");
  }

  @Test
  void settings_that_are_not_saved_are_gone_after_a_restart() {
    done("settings", "set", "bt/name", "lamp");
    done("settings", "commit");
    done("settings", "load");
    assertThat(refused("settings", "get", "bt/name").err()).contains("no such setting");
    done("settings", "set", "bt/name", "lamp");
    done("settings", "save", "bt");
    done("reset");
    assertThat(done("settings", "get", "bt/name").out()).isEqualTo("lamp\n");
    done("settings", "delete", "bt/name");
    done("settings", "save");
    assertThat(refused("settings", "get", "bt/name").err()).contains("perhaps it was never set");
    assertThat(refused("settings", "set", "no/such", "x").err())
        .contains("nobody keeps settings of that root")
        .contains("such as bt/name");
    assertThat(refused("settings", "get", "app/" + "x".repeat(40)).err())
        .contains("the name is too long");
    for (List<String> wrong : List.of(List.of("a/b"), List.of("a/b", "x", "--hex", "00"))) {
      assertThat(
              maker
                  .usage(
                      device.line(
                          Maker.with(List.of("settings", "set"), wrong.toArray(String[]::new))))
                  .err())
          .contains("give one value");
    }
  }

  @Test
  void figures_are_listed_and_shown() {
    assertThat(done("stat").out()).isEqualTo("flash_sim_stats\nsmp_svr_stats\n");
    assertThat(done("stat", "flash_sim_stats").out()).contains("bytes_written");
    assertThat(done("stat", "smp_svr_stats", "--json").out()).contains("\"figures\":{\"packets\":");
    assertThat(refused("stat", "none").err())
        .contains("show the figures of none")
        .contains("lists what it counts");
  }

  @Test
  void the_system_is_looked_at() {
    assertThat(done("params").out())
        .contains("buffers   4 of 2048 bytes")
        .contains("requests  up to 1500 bytes on this wire, 3 at once");
    assertThat(done("tasks").out()).contains("mcumgr smp").contains("stack 932 of 3072 B");
    assertThat(done("tasks", "--json").out()).contains("\"name\":\"main\",\"priority\":1");
    assertThat(done("pools").out()).contains("net_buf").contains("16 x 128 B, 14 free, once 9");
    assertThat(done("pools", "--json").out()).contains("\"free_min\":9");
    assertThat(done("echo", "hello").out()).isEqualTo("hello\n");
    assertThat(done("groups").out())
        .contains("    0  os mgmt")
        .contains("    8  fs mgmt")
        .contains("   63  zephyr basic mgmt");
    assertThat(done("groups", "--json").out()).contains("{\"group\":9,\"name\":\"shell mgmt\"}");
  }

  @Test
  void the_clock_is_set_and_read() {
    assertThat(refused("datetime").err())
        .contains("the clock is not set")
        .contains("datetime --set now");
    done("datetime", "--set", "2026-11-21T08:30:00+01:00");
    assertThat(done("datetime").out()).isEqualTo("2026-11-21T07:30:00\n");
    done("datetime", "--set", "2026-11-21T08:30:00", "--json");
    assertThat(done("datetime", "--json").out()).contains("\"datetime\":\"2026-11-21T08:30:00\"");
    assertThat(done("datetime", "--set", "now").out()).contains("the clock is set to 20");
    assertThat(maker.usage(device.line("datetime", "--set", "noon")).err())
        .contains("--set must be now or like");
    assertThat(DeviceDatetime.wanted("now", Instant.parse("2026-11-21T08:30:00.7Z")))
        .isEqualTo("2026-11-21T08:30:00");
  }

  @Test
  void logs_are_listed_shown_and_cleared() {
    assertThat(done("log", "list").out()).isEqualTo("boot\n");
    assertThat(done("log", "show").out()).contains("boot 0 0.000000 INFO  started image 1.0.0");
    assertThat(done("log", "show", "boot", "--from", "1").out()).isEqualTo("no entries\n");
    assertThat(done("log", "show", "--json").out()).contains("\"level\":\"INFO\"");
    done("log", "clear", "boot");
    assertThat(done("log", "show", "boot").out()).isEqualTo("no entries\n");
    done("log", "clear");
    assertThat(refused("log", "show", "nope").err()).contains("show its log nope: no such entry");
  }

  @Test
  void a_reset_restarts_and_may_lead_into_the_recovery() {
    assertThat(done("reset", "--force").out()).contains("restarts");
    assertThat(device.starts()).isEqualTo(2);
    assertThat(done("reset", "--bootloader").out()).contains("restarts into its bootloader");
    // MCUboot waits there: it knows no shell.
    refused("shell", "help");
    done("reset");
    assertThat(device.starts()).isEqualTo(3);
    done("shell", "help");
  }

  @Test
  void a_lost_answer_to_a_reset_is_told_as_that_and_asked_once() {
    device.loseAnswersOf(OS);
    Typed typed = Typed.type(device.line("reset"));
    assertThat(typed.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(typed.err())
        .contains("no answer from " + device.target())
        .contains("perhaps it restarts and perhaps not")
        .contains("look whether it restarted");
    assertThat(device.starts()).isEqualTo(2);
  }

  @Test
  void a_slot_is_erased_but_not_the_one_that_runs() {
    maker.image("app-1.1.0", "1.1.0", 0);
    done("upload", maker.path("app-1.1.0.bin"));
    assertThat(device.device().image(Slot.SECONDARY)).isPresent();
    Bytes running = device.device().runningImage().orElseThrow().hash().orElseThrow();
    assertThat(refused("erase", "--slot", "0").err()).contains("refuses to erase slot 0");
    assertThat(device.device().image(Slot.SECONDARY)).isPresent();
    assertThat(done("erase", "--slot", "1").out())
        .contains("erases slot 1, which may take up to 40 s")
        .contains("slot 1 is erased");
    assertThat(device.device().image(Slot.SECONDARY)).isEmpty();
    assertThat(done("erase", "--json").out()).contains("\"erased\":true");
    assertThat(device.device().runningImage().orElseThrow().hash()).contains(running);
  }

  @Test
  void storage_is_erased_only_on_a_clear_word() {
    int at = device.device().setup().storage().start();
    device.device().flash().lay(at, Bytes.ofUtf8("keys"));
    assertThat(maker.usage(device.line("erase-storage")).err()).contains("say --yes");
    assertThat(device.device().flash().read(at, 4)).isEqualTo(Bytes.ofUtf8("keys"));
    assertThat(done("erase-storage", "--yes").out()).contains("the storage is erased");
    assertThat(device.device().flash().read(at, 4)).isEqualTo(Bytes.filled(4, 0xff));
  }

  @Test
  void a_crash_is_asked_for_twice() {
    assertThat(maker.usage(device.line("crash", "assert")).err()).contains("say --yes");
    assertThat(device.starts()).isEqualTo(1);
    assertThat(done("crash", "assert", "--yes").out()).contains("look whether it restarts");
    assertThat(device.starts()).isEqualTo(2);
    assertThat(refused("crash", "sideways", "--yes").err()).contains("invalid request");
  }

  @Test
  void an_old_server_refuses_what_it_has_not_in_the_same_words() {
    device.close();
    device = OneDevice.start(maker, Firmware.ZEPHYR.with(Mood.ZEPHYR_1_14));
    for (List<String> verb :
        List.of(
            List.of("settings", "get", "id/name"),
            List.of("params"),
            List.of("groups"),
            List.of("log", "list"))) {
      assertThat(refused(verb.toArray(String[]::new)).err())
          .contains("not supported by the device")
          .contains("'sealift device groups'");
    }
    assertThat(done("shell", "kernel", "version").out()).contains("4.4.0");
    assertThat(done("stat").out()).contains("smp_svr_stats");
  }

  @Test
  void an_echo_that_is_not_the_same_is_no_echo() {
    device.close();
    device = OneDevice.start(maker, Firmware.ZEPHYR.with(Mood.MYNEWT).with(Set.of(Group.LOG)));
    assertThat(refused("echo", "x".repeat(200)).err()).contains("sends back something else: ''");
  }

  /// All verbs, not only those of today.
  @Test
  void every_verb_explains_itself_in_a_narrow_terminal() {
    Console nowhere =
        new Console(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(OutputStream.nullOutputStream()),
            Terminal.NONE);
    List<List<String>> verbs = new ArrayList<>();
    collect(
        Given.required(WholeLine.commandLine(nowhere, "device").getSubcommands().get("device")),
        List.of("device"),
        verbs);
    assertThat(verbs).hasSizeGreaterThan(35);
    for (List<String> verb : verbs) {
      Typed help = Typed.type(new Terminal(Terminal.Kind.PLAIN, 55), Maker.with(verb, "--help"));
      assertThat(help.exit()).isZero();
      assertThat(help.out())
          .as(verb.toString())
          .contains("Example: sealift " + String.join(" ", verb));
      assertThat(help.out().lines().filter(line -> line.length() > 55))
          .as(verb.toString())
          .isEmpty();
    }
    assertThat(Typed.type(new Terminal(Terminal.Kind.PLAIN, 55), "virtual", "--help").out().lines())
        .allMatch(line -> line.length() <= 55);
  }

  private static void collect(CommandLine command, List<String> path, List<List<String>> verbs) {
    if (command.getSubcommands().isEmpty()) {
      verbs.add(path);
    }
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> longer = new ArrayList<>(path);
              longer.add(name);
              collect(sub, longer, verbs);
            });
  }
}
