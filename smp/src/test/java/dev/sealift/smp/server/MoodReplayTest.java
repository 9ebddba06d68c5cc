// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Answer;
import dev.sealift.smp.BootMode;
import dev.sealift.smp.Command;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage;
import dev.sealift.testkit.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Our server in the mood of each server that was recorded hears the same requests and gives the
/// same answers, as values. Where it does not, the exchange stands in a list with the reason.
class MoodReplayTest {
  private static final long SLOT = 0x80000;

  private record Exchange(String name, Bytes request, Optional<Bytes> response) {}

  // Always the repository's own recordings: other sets come from servers of other make-up.
  private final Vectors vectors = new Vectors(Vectors.root().resolve("vectors").resolve("smp"));

  private void replay(String file, Served served, Map<String, String> differences)
      throws MalformedException {
    Map<String, String> found = new LinkedHashMap<>();
    for (Exchange exchange : exchanges(file)) {
      List<Bytes> answers = served.server().receive(new LinkId("replay"), exchange.request());
      if (!same(answers, exchange.response())) {
        found.put(exchange.name(), answers.isEmpty() ? "silence" : fields(answers.getFirst()));
      }
    }
    assertThat(found.keySet())
        .as("%s: %s", file, found)
        .containsExactlyInAnyOrderElementsOf(differences.keySet());
  }

  private static boolean same(List<Bytes> answers, Optional<Bytes> recorded)
      throws MalformedException {
    if (recorded.isEmpty() || answers.isEmpty()) {
      return recorded.isEmpty() == answers.isEmpty();
    }
    SmpHeader ours = SmpHeader.read(answers.getFirst());
    SmpHeader theirs = SmpHeader.read(recorded.get());
    return ours.operation() == theirs.operation()
        && ours.version() == theirs.version()
        && ours.group() == theirs.group()
        && ours.sequence() == theirs.sequence()
        && ours.command() == theirs.command()
        && Cbor.lenient(answers.getFirst().from(SmpHeader.SIZE))
            .equals(Cbor.lenient(recorded.get().from(SmpHeader.SIZE)));
  }

  private static String fields(Bytes packet) throws MalformedException {
    return SmpMessage.read(packet).fields().toString();
  }

  private record Served(SmpServer server) {}

  private static Served served(
      SmpServer.Setup setup, SystemFacts facts, TwoSlots slots, ServedGroup... more) {
    return new Served(
        new SmpServer(setup, facts, slots, List.of(more), Hooks.NONE, _ -> slots.restart()));
  }

  /// What the first list of images of a recording shows in slot 0.
  private Images.Slot running(String file) throws MalformedException {
    for (Exchange exchange : exchanges(file)) {
      SmpMessage request = SmpMessage.read(exchange.request());
      if (request.header().key().equals(Optional.of(Command.IMAGE_STATE.key()))) {
        Answer<Images.StateReply> answer =
            Answer.read(
                new Images.State(), SmpMessage.read(exchange.response().orElseThrow()).fields());
        return ((Answer.Done<Images.StateReply>) answer).result().images().getFirst();
      }
    }
    throw new AssertionError(file + " lists no images");
  }

  private static final SystemFacts PLAIN =
      SystemFacts.of(SystemFacts.Info.of("Zephyr"), BootMode.RAM_LOAD);

  private static ServedGroup statistics(String name, Map<String, Long> figures) {
    return ServedGroup.of(Group.STATISTICS, new StatisticsService(() -> Map.of(name, figures)));
  }

  @Test
  void zephyr_4_4_with_images() throws Exception {
    String file = "zephyr44-image-serial.json";
    replay(
        file,
        served(
            new SmpServer.Setup(2048, 4, Mood.ZEPHYR.without(Command.IMAGE_STATE_SET)),
            PLAIN,
            new TwoSlots(running(file), 1, SLOT)),
        Map.of(
            "upload to image 1 that is absent", "ours looks at the number and refuses it",
            "version 1 header, wrong magic", "the words are our own",
            "version 1 header, upload without offset", "the words are our own"));
  }

  @Test
  void mcuboot_in_recovery() throws Exception {
    String file = "mcuboot-recovery-serial.json";
    replay(
        file,
        served(
            new SmpServer.Setup(1024, 4, Mood.MCUBOOT_RECOVERY),
            PLAIN,
            new TwoSlots(running(file), 4, SLOT)),
        Map.of());
  }

  @Test
  void the_library_of_mynewt() throws Exception {
    String file = "mynewt-udp-update.json";
    Map<String, Long> link = new LinkedHashMap<>();
    link.put("rx", 12L);
    link.put("tx", 3L);
    Map<String, Map<String, Long>> figures = new LinkedHashMap<>();
    figures.put("smp_svr_stats", Map.of());
    figures.put("link", link);
    replay(
        file,
        served(
            new SmpServer.Setup(1024, 4, Mood.MYNEWT),
            PLAIN,
            new TwoSlots(running(file), 4, SLOT),
            ServedGroup.of(Group.STATISTICS, new StatisticsService(() -> figures))),
        Map.of());
  }

  @Test
  void zephyr_1_14() throws Exception {
    String file = "zephyr114-serial.json";
    replay(
        file,
        served(
            new SmpServer.Setup(1024, 4, Mood.ZEPHYR_1_14),
            PLAIN,
            new TwoSlots(running(file), 1, SLOT),
            statistics("smp_svr_stats", Map.of())),
        Map.of());
  }

  @Test
  void zephyr_4_4_with_all_groups_but_images() throws Exception {
    String file = "zephyr44-udp.json";
    Map<String, Map<String, Long>> figures = new LinkedHashMap<>();
    figures.put("flash_sim_stats", Map.of());
    figures.put("flash_sim_thresholds", Map.of());
    figures.put("smp_svr_stats", Map.of("ticks", 1L));
    Mood mood =
        Mood.ZEPHYR
            .without(ofGroup(Group.IMAGE))
            .without(Command.OS_DATETIME, Command.OS_DATETIME_SET, Command.OS_BOOTLOADER);
    Map<String, Os.Task> tasks = tasks(file);
    SystemFacts facts =
        SystemFacts.of(
                new SystemFacts.Info(
                    "Zephyr",
                    "unknown",
                    "684c9e8f32e4",
                    "4.4.0",
                    "Wed Jun  3 22:19:37 2026",
                    "posix",
                    "x86",
                    "native_sim/native",
                    "Zephyr"),
                BootMode.UNKNOWN)
            .with(() -> tasks, Map::of);
    replay(
        file,
        served(
            new SmpServer.Setup(2048, 2, mood),
            facts,
            new TwoSlots(running("zephyr44-image-serial.json"), 1, SLOT),
            ServedGroup.of(Group.FILES, new FilesService(new MemoryFiles("/lfs1", 65536), 2048)),
            ServedGroup.of(Group.SETTINGS, new SettingsService(new SettingsMemory(Set.of()))),
            ServedGroup.of(Group.SHELL, new ShellService(MoodReplayTest::shell, 2048)),
            ServedGroup.of(Group.STATISTICS, new StatisticsService(() -> figures)),
            ServedGroup.of(Group.BASIC, (_, _) -> GroupHandler.Response.nothing())),
        Map.of(
            "group list", "groups stand in the order of registration, which is another",
            "group by index", "the same",
            "group details", "the same"));
  }

  private static Command[] ofGroup(Group group) {
    return Arrays.stream(Command.values())
        .filter(command -> command.key().group() == group.number())
        .toArray(Command[]::new);
  }

  private static ShellService.Outcome shell(List<String> words) {
    return words.equals(List.of("kernel", "version"))
        ? new ShellService.Outcome("\r\nZephyr version 4.4.0\r\n", 0)
        : new ShellService.Outcome(
            "\r\n\u001b[1;31m" + words.getFirst() + ": command not found\r\n\u001b[m", -8);
  }

  private Map<String, Os.Task> tasks(String file) throws MalformedException {
    for (Exchange exchange : exchanges(file)) {
      if (exchange.name().equals("task statistics")) {
        Answer<Os.TasksReply> answer =
            Answer.read(
                new Os.Tasks(), SmpMessage.read(exchange.response().orElseThrow()).fields());
        return ((Answer.Done<Os.TasksReply>) answer).result().tasks();
      }
    }
    throw new AssertionError(file + " shows no tasks");
  }

  private List<Exchange> exchanges(String file) throws MalformedException {
    List<Exchange> exchanges = new ArrayList<>();
    for (CborItem item : CborFields.of(vectors.json(file), file).list("exchanges")) {
      CborFields one = CborFields.of(item, file);
      CborItem response = one.required(new CborText("response"));
      exchanges.add(
          new Exchange(
              one.text("name"),
              Bytes.ofHex(one.text("request")),
              response instanceof CborNull
                  ? Optional.empty()
                  : Optional.of(Bytes.ofHex(one.text("response")))));
    }
    return exchanges;
  }
}
