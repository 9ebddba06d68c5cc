// SPDX-License-Identifier: Apache-2.0
package dev.sealift.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
  private static final Path ROOT = Path.of(System.getProperty("sealift.root"));

  @Test
  void every_class_keeps_the_rules_of_the_house() throws Exception {
    List<HouseRules.Breach> breaches = new ArrayList<>();
    int classes = 0;
    for (Path room : roomsWithCode()) {
      String name = room.getFileName().toString();
      List<References> code = References.in(room.resolve("target/classes"));
      assertThat(code).as("%s is not compiled: run mvn verify from the top", name).isNotEmpty();
      classes += code.size();
      code.forEach(one -> breaches.addAll(HouseRules.breaches(name, one)));
    }
    assertThat(breaches).isEmpty();
    System.out.println("house rules: " + classes + " classes hold them");
  }

  @Test
  void no_test_sleeps() throws Exception {
    List<HouseRules.Breach> breaches = new ArrayList<>();
    for (Path room : Rooms.all(ROOT)) {
      References.in(room.resolve("target/test-classes")).stream()
          .filter(one -> !one.name().startsWith("dev/sealift/house/HouseRulesTest"))
          .forEach(one -> breaches.addAll(HouseRules.sleeps(one)));
    }
    assertThat(breaches).isEmpty();
  }

  @Test
  void every_package_is_null_marked() throws Exception {
    List<String> unmarked = new ArrayList<>();
    for (Path room : roomsWithCode()) {
      List<References> code = References.in(room.resolve("target/classes"));
      for (References one : code) {
        String folder = one.name().substring(0, one.name().lastIndexOf('/'));
        boolean marked =
            code.stream()
                .anyMatch(
                    info ->
                        info.name().equals(folder + "/package-info")
                            && info.annotations()
                                .contains("Lorg/jspecify/annotations/NullMarked;"));
        if (!marked && !unmarked.contains(folder)) {
          unmarked.add(folder);
        }
      }
    }
    assertThat(unmarked).as("give these a package-info.java with @NullMarked").isEmpty();
  }

  @Test
  void every_room_has_its_arrows_written_down() throws Exception {
    assertThat(roomsWithCode())
        .allSatisfy(
            room ->
                assertThat(HouseRules.ARROWS)
                    .as("arrows of a new room belong into HouseRules and ARCHITECTURE.md")
                    .containsKey(room.getFileName().toString()));
  }

  @Test
  void every_room_stands_in_the_picture() throws Exception {
    String architecture = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    assertThat(Rooms.all(ROOT))
        .allSatisfy(room -> assertThat(architecture).contains("`" + room.getFileName() + "`"));
  }

  /// Breaks every rule for time and dice, so that the rules are shown to bite.
  @SuppressWarnings({"unused", "ThreadSleep"})
  private static final class Sinner {
    long time() throws InterruptedException {
      Thread.sleep(0);
      return System.nanoTime() + UUID.randomUUID().hashCode();
    }

    boolean file() {
      return Files.exists(Path.of("/"));
    }
  }

  private static final class SinnerUtil {}

  @Test
  void the_rules_bite() throws Exception {
    References sinner = read(Sinner.class);
    assertThat(HouseRules.breaches("image", sinner))
        .extracting(HouseRules.Breach::how)
        .contains(
            "uses java/lang/System.nanoTime",
            "uses java/util/UUID.randomUUID",
            "uses java/lang/Thread.sleep",
            "names java/nio/file/Files");
    assertThat(HouseRules.sleeps(sinner)).hasSize(1);
    assertThat(HouseRules.breaches("image", read(SinnerUtil.class))).isNotEmpty();
  }

  @Test
  void an_arrow_that_runs_back_is_found() {
    References backwards =
        new References(
            "dev/sealift/image/Image",
            java.util.Set.of("dev/sealift/boot/Flash", "dev/sealift/bytes/Bytes"),
            java.util.Set.of(),
            java.util.Set.of());
    assertThat(HouseRules.breaches("image", backwards))
        .singleElement()
        .satisfies(breach -> assertThat(breach.how()).contains("uses the room boot"));
  }

  @Test
  void a_shipped_room_that_could_make_a_control_is_found() {
    References culprit =
        new References(
            "dev/sealift/device/Backdoor",
            java.util.Set.of("dev/sealift/permit/control/LeftOut"),
            java.util.Set.of(),
            java.util.Set.of());
    assertThat(HouseRules.breaches("device", culprit)).hasSize(1);
    assertThat(HouseRules.breaches("cli", culprit)).isNotEmpty();
    assertThat(
            HouseRules.breaches(
                "attacks",
                new References(
                    "dev/sealift/attacks/Control",
                    culprit.classes(),
                    java.util.Set.of(),
                    java.util.Set.of())))
        .isEmpty();
  }

  private static List<Path> roomsWithCode() throws IOException {
    return Rooms.all(ROOT).stream()
        .filter(room -> Files.isDirectory(room.resolve("src/main/java")))
        .toList();
  }

  private static References read(Class<?> type) throws IOException {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException("no class file of " + type);
      }
      return References.of(in.readAllBytes());
    }
  }
}
