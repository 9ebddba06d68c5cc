// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Maker.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every answer that a policy has, for devices described at the prompt.
class ReleaseCheckTest {
  private static final String NONCE = "00112233445566778899aabbccddeeff";

  @TempDir private Path folder;
  private Maker maker;

  /// Approved for serial numbers 1 to 9 of the plant, with news.
  @BeforeEach
  void make_a_release() {
    maker = new Maker(folder).managed().release("app", "1.1.0", 2, "alice");
    news("beacon.cbor", "1", "app", "1");
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--beacon", maker.path("beacon.cbor"));
    approve("--stage", "serials=1-9");
  }

  private void news(String file, String number, String latest, String floor, String... more) {
    maker.done(
        Maker.with(
            List.of(
                "trust",
                "beacon",
                "--root",
                maker.path("root.cbor"),
                "-k",
                maker.path("fresh.pem"),
                "--number",
                number,
                "--latest",
                maker.path(latest + ".sealift"),
                "--floor",
                floor,
                "-o",
                maker.path(file)),
            more));
  }

  private void approve(String... more) {
    maker.done(
        Maker.with(
            List.of(
                "release",
                "approve",
                maker.path("app.sealift"),
                "--deployment",
                Maker.PLANT,
                "-k",
                maker.path("op.pem"),
                "-k",
                maker.path("op2.pem"),
                "--use",
                "1"),
            more));
  }

  private CborFields asked(String... more) {
    return maker.check("app", Maker.with(List.of("--deployment", Maker.PLANT), more));
  }

  private String answer(String... more) {
    CborFields json = asked(more);
    return text(json, "verdict").equals("refuse") ? text(json, "refusal") : text(json, "verdict");
  }

  @Test
  void each_outcome_has_its_answer() {
    record Case(String answer, List<String> device) {}
    List<Case> cases =
        List.of(
            new Case("install", List.of()),
            new Case("install", List.of("--installed", "1", "--serial", "9")),
            new Case("there", List.of("--installed", "2")),
            new Case("R12", List.of("--installed", "3")),
            new Case("R10", List.of("--serial", "10")),
            new Case("R10", List.of("--serial", "A-17")),
            new Case("carry", List.of("--serial", "10", "--carry")),
            new Case("R19", List.of("--slot-size", "0x1000")),
            new Case("R15", List.of("--counter", "1")),
            new Case("R16", List.of("--mode", "strict")),
            new Case("install", List.of("--mode", "open")),
            new Case("install", List.of("--now", "+1d")),
            new Case("install", List.of("--heard", maker.path("beacon.cbor"))));
    for (Case each : cases) {
      assertThat(answer(each.device().toArray(String[]::new)))
          .as(each.toString())
          .isEqualTo(each.answer());
    }
  }

  @Test
  void whose_device_it_is_counts() {
    assertThat(text(maker.check("app"), "refusal")).isEqualTo("R11");
    assertThat(text(maker.check("app", "--deployment", "acme.example/other"), "refusal"))
        .isEqualTo("R11");
    assertThat(plain("--vendor", "other.example", "--class", "sensor-1").out()).contains("R8");
    assertThat(plain("--vendor", "acme.example", "--class", "lamp").out()).contains("R9");
  }

  private Typed plain(String... device) {
    return maker.refused(
        Maker.with(
            List.of(
                "release",
                "check",
                maker.path("app.sealift"),
                "--root",
                maker.path("root.cbor"),
                "--deployment",
                Maker.PLANT),
            device));
  }

  @Test
  void what_the_device_has_heard_counts() {
    maker.release("next", "1.2.0", 3, "alice");
    news("floor.cbor", "2", "next", "3");
    assertThat(answer("--heard", maker.path("floor.cbor"))).isEqualTo("R12");
    var alice = Maker.json(maker.done("key", "show", maker.path("alice.pub.pem"), "--json"));
    news("deny.cbor", "2", "app", "1", "--deny", text(alice, "keyId"));
    assertThat(answer("--heard", maker.path("deny.cbor"))).isEqualTo("R28");
    maker.release("other", "1.1.9", 2, "alice");
    news("other.cbor", "2", "other", "1");
    assertThat(answer("--heard", maker.path("other.cbor"))).isEqualTo("R13");
  }

  @Test
  void a_nonce_that_was_answered_lets_a_strict_device_install() {
    news("answer.cbor", "1", "app", "1", "--nonce", NONCE);
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--beacon", maker.path("answer.cbor"));
    assertThat(answer("--mode", "strict", "--nonce", NONCE)).isEqualTo("install");
    assertThat(answer("--mode", "strict")).isEqualTo("R17");
  }

  @Test
  void an_approval_that_has_ended_counts_no_more_and_one_that_waits_is_said() throws Exception {
    approve("--stage", "all", "--not-after", "+10d");
    assertThat(answer("--now", "+11d")).isEqualTo("R16");
    assertThat(answer("--now", "+9d")).isEqualTo("install");
    approve("--stage", "all", "--not-before", "+30d");
    assertThat(asked().text("waits")).isEqualTo("R30");
    approve("--stage", "all", "--activation", "daily 22:00-04:00");
    assertThat(asked("--now", "2026-11-29T12:00:00Z").text("waits")).isEqualTo("R30");
    assertThat(asked("--now", "2026-11-29T23:00:00Z").map().get("waits")).isEmpty();
    approve("--stage", "all", "--activation", "session");
    assertThat(asked().text("why")).contains("with a session permit");
  }

  @Test
  void the_device_says_why_and_what_would_help() throws MalformedException {
    Typed typed = plain("--vendor", "acme.example", "--class", "sensor-1", "--serial", "12");
    assertThat(typed.out())
        .contains("the device would refuse it")
        .contains("R10 the release is not meant for this device")
        .contains("hint: the stage leaves it out");
    assertThat(asked("--serial", "12").text("hint")).contains("--use N");
    assertThat(asked("--serial", "12").text("sentence")).contains("serial numbers 1 to 9");
    assertThat(
            maker
                .refused(
                    Maker.with(
                        List.of(
                            "release",
                            "check",
                            maker.path("app.sealift"),
                            "--root",
                            maker.path("root.cbor")),
                        Maker.ACME.toArray(String[]::new)))
                .out())
        .contains("--deployment says whose device it is");
  }

  @Test
  void the_clauses_of_the_policy_are_or() {
    // The root alone may let a recovery in, without approval or news.
    maker.release("rescue", "1.1.1", 4, "root");
    assertThat(text(maker.check("rescue"), "verdict")).isEqualTo("install");
    maker.release("unsigned", "1.1.1", 4);
    assertThat(text(maker.check("unsigned"), "refusal")).isEqualTo("R3");
    maker.release("forged", "1.1.1", 4, "stranger");
    assertThat(text(maker.check("forged"), "refusal")).isEqualTo("R3");
    maker.release("bare", "1.1.1", 4, "alice");
    assertThat(text(maker.check("bare"), "refusal")).isEqualTo("R4");
  }

  @Test
  void a_profile_adds_the_answer_of_the_bootloader() {
    String[] device = {"--device", "nrf52840", "--image-key", maker.path("image.pub.pem")};
    CborFields taken = asked(device);
    assertThat(text(taken, "verdict")).isEqualTo("install");
    assertThat(dev.sealift.bytes.cbor.Json.write(taken.map()))
        .contains("\"bootloader\":[{\"profile\":\"nrf52840\",\"verdict\":\"accept\"");
    List<String> foreign = new ArrayList<>(List.of("release", "check", maker.path("app.sealift")));
    foreign.addAll(List.of("--root", maker.path("root.cbor"), "--deployment", Maker.PLANT));
    foreign.addAll(Maker.ACME);
    foreign.addAll(List.of("--device", "nrf52840", "--image-key", maker.path("stranger.pub.pem")));
    assertThat(maker.refused(foreign.toArray(String[]::new)).out())
        .contains("the device would install it")
        .contains("nrf52840 would refuse it");
  }

  @Test
  void a_release_for_another_place_is_refused() {
    maker.image("net", "5.0.0", 0);
    maker.done(
        Maker.with(
            List.of(
                "release",
                "make",
                "--image",
                "1=" + maker.path("net.bin"),
                "--sequence",
                "4",
                "-o",
                maker.path("net.sealift")),
            Maker.ACME.toArray(String[]::new)));
    maker.done("release", "sign", maker.path("net.sealift"), "-k", maker.path("root.pem"));
    assertThat(text(maker.check("net"), "refusal")).isEqualTo("R23");
    assertThat(text(maker.check("net", "--device", "nrf5340"), "verdict")).isEqualTo("install");
  }

  @Test
  void a_description_that_makes_no_sense_is_wrong_usage() {
    record Case(String sentence, List<String> args) {}
    List<String> device =
        List.of("release", "check", maker.path("app.sealift"), "--root", maker.path("root.cbor"));
    List<Case> cases =
        List.of(
            new Case("give --vendor", List.of()),
            new Case("give --class", List.of("--vendor", "acme.example")),
            new Case("for --device", List.of("--image-key", maker.path("image.pub.pem"))),
            new Case("without a profile", List.of("--device", "nrf52840", "--slot-size", "0x1000")),
            new Case("open, bounded or strict", with("--mode", "lax")),
            new Case("--deployment must be a UUID", with("--deployment", "plant")),
            new Case("--nonce must be 32", with("--nonce", "00")),
            new Case("--now must be like", with("--now", "noon")),
            new Case("--installed must be", with("--installed", "x")));
    for (Case wrong : cases) {
      Typed typed = Typed.type(Maker.with(device, wrong.args().toArray(String[]::new)));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(Exit.USAGE.code());
      assertThat(typed.err()).as(wrong.toString()).contains(wrong.sentence());
    }
  }

  private static List<String> with(String... more) {
    return List.of(Maker.with(Maker.ACME, more));
  }
}
