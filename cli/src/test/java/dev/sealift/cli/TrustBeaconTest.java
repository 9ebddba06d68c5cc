// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Maker.json;
import static dev.sealift.cli.Maker.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.permit.Beacon;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// News made by hand, to the devices' answer.
class TrustBeaconTest {
  private static final String NONCE = "00112233445566778899aabbccddeeff";

  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_a_release_for_everybody() {
    maker = new Maker(folder).managed().release("app", "1.1.0", 2, "alice");
    maker.done(
        "release",
        "approve",
        maker.path("app.sealift"),
        "--deployment",
        Maker.PLANT,
        "--use",
        "1",
        "-k",
        maker.path("op.pem"),
        "-k",
        maker.path("op2.pem"));
  }

  private String[] beacon(String... more) {
    return Maker.with(
        List.of(
            "trust", "beacon", "--root", maker.path("root.cbor"), "-o", maker.path("beacon.cbor")),
        more);
  }

  private String fresh() {
    return maker.path("fresh.pem");
  }

  private String app() {
    return maker.path("app.sealift");
  }

  private Beacon made() {
    return SignedFiles.beacon(folder.resolve("beacon.cbor")).content();
  }

  private void attach() {
    maker.done("release", "attach", app(), "--beacon", maker.path("beacon.cbor"));
  }

  private String answer(String... more) {
    var json = maker.check("app", Maker.with(List.of("--deployment", Maker.PLANT), more));
    return text(json, "verdict").equals("refuse") ? text(json, "refusal") : text(json, "verdict");
  }

  @Test
  void a_beacon_says_the_latest_release_and_the_floor() {
    assertThat(answer()).isEqualTo("R16");
    Typed typed =
        maker.done(
            beacon(
                "-k",
                fresh(),
                "--number",
                "7",
                "--latest",
                app(),
                "--floor",
                "1:2",
                "--lifetime",
                "12h"));
    assertThat(typed.out())
        .contains("beacon 7")
        .contains("for 12 h")
        .contains("floor 1:2, latest 1:2");
    assertThat(made().lifetime()).isEqualTo(43_200);
    attach();
    assertThat(answer()).isEqualTo("install");

    maker.release("next", "1.2.0", 3, "alice");
    maker.done(
        beacon(
            "-k",
            fresh(),
            "--number",
            "8",
            "--latest",
            maker.path("next.sealift"),
            "--floor",
            "3"));
    attach();
    assertThat(answer()).isEqualTo("R12");
    assertThat(
            maker
                .refused(beacon("-k", fresh(), "--number", "9", "--latest", app(), "--floor", "4"))
                .err())
        .contains("above the latest release, 1:2");
  }

  @Test
  void facts_of_a_class_stand_in_for_its_release() {
    String digest = "00".repeat(32);
    maker.done(
        beacon(
            "-k",
            fresh(),
            "--number",
            "1",
            "--class",
            "acme.example/sensor-1:floor=1:3,latest=1:5,digest=" + digest,
            "--class",
            "0011223344556677:latest=2:1,digest=" + digest.substring(0, 16)));
    assertThat(made().classes()).hasSize(2);
    attach();
    assertThat(answer()).isEqualTo("R12");
    assertThat(maker.done("trust", "show", "--json", maker.path("beacon.cbor")).out())
        .contains("\"number\":1,");
  }

  @Test
  void a_denied_key_counts_no_more() {
    var keyId = json(maker.done("key", "show", maker.path("alice.pub.pem"), "--json"));
    maker.done(
        beacon("-k", fresh(), "--number", "1", "--latest", app(), "--deny", text(keyId, "keyId")));
    attach();
    assertThat(answer()).isEqualTo("R28");
  }

  @Test
  void the_answer_to_a_nonce_is_what_strict_devices_want() {
    maker.done(beacon("-k", fresh(), "--number", "1", "--latest", app()));
    attach();
    assertThat(answer("--mode", "strict")).isEqualTo("R16");
    maker.done(beacon("-k", fresh(), "--number", "1", "--latest", app(), "--nonce", NONCE));
    attach();
    assertThat(answer("--mode", "strict", "--nonce", NONCE)).isEqualTo("install");
    assertThat(answer("--mode", "strict", "--nonce", NONCE.replace('0', '1'))).isEqualTo("R17");
  }

  @Test
  void older_news_do_not_take_the_place_of_newer_ones() {
    maker.done(beacon("-k", fresh(), "--number", "8", "--latest", app()));
    attach();
    maker.done(beacon("-k", fresh(), "--number", "7", "--latest", app()));
    var before = maker.read("app.sealift");
    assertThat(
            maker.refused("release", "attach", app(), "--beacon", maker.path("beacon.cbor")).err())
        .contains("has beacon 8, this is number 7");
    assertThat(maker.read("app.sealift")).isEqualTo(before);
  }

  @Test
  void what_no_device_would_hear_is_not_made() {
    record Case(String sentence, Exit exit, List<String> args) {}
    List<Case> cases =
        List.of(
            new Case(
                "has the role release in root version 1, not freshness",
                Exit.REFUSED,
                List.of("-k", maker.path("alice.pem"), "--number", "1", "--latest", app())),
            new Case(
                "is not in root version 1",
                Exit.REFUSED,
                List.of("-k", maker.path("stranger.pem"), "--number", "1", "--latest", app())),
            new Case(
                "--number must be 1",
                Exit.USAGE,
                List.of("-k", fresh(), "--number", "0", "--latest", app())),
            new Case(
                "--latest RELEASE or --class", Exit.USAGE, List.of("-k", fresh(), "--number", "1")),
            new Case(
                "for one --latest",
                Exit.USAGE,
                List.of(
                    "-k",
                    fresh(),
                    "--number",
                    "1",
                    "--floor",
                    "1",
                    "--class",
                    "0011223344556677:latest=2:1,digest=0011223344556677")),
            new Case(
                "given twice",
                Exit.USAGE,
                List.of("-k", fresh(), "--number", "1", "--latest", app(), "--latest", app())),
            new Case(
                "floor=1:2,latest=1:5,digest=HEX",
                Exit.USAGE,
                List.of("-k", fresh(), "--number", "1", "--class", "0011223344556677:latest=2:1")),
            new Case(
                "16 hex digits",
                Exit.USAGE,
                List.of(
                    "-k",
                    fresh(),
                    "--number",
                    "1",
                    "--class",
                    "sensor:latest=2:1,digest=0011223344556677")),
            new Case(
                "32 hexadecimal digits",
                Exit.USAGE,
                List.of("-k", fresh(), "--number", "1", "--latest", app(), "--nonce", "00")),
            new Case(
                "a key id has 16",
                Exit.USAGE,
                List.of("-k", fresh(), "--number", "1", "--latest", app(), "--deny", "00")),
            new Case(
                "90s, 30m, 12h or 7d",
                Exit.USAGE,
                List.of("-k", fresh(), "--number", "1", "--latest", app(), "--lifetime", "long")),
            new Case(
                "is an image, not a release",
                Exit.REFUSED,
                List.of("-k", fresh(), "--number", "1", "--latest", maker.path("app.bin"))));
    for (Case wrong : cases) {
      Typed typed = Typed.type(beacon(wrong.args().toArray(String[]::new)));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit().code());
      assertThat(typed.err()).as(wrong.toString()).contains(wrong.sentence());
      assertThat(folder.resolve("beacon.cbor")).doesNotExist();
    }
  }

  @Test
  void a_beacon_that_no_device_would_keep_is_not_made() {
    List<String> many = new java.util.ArrayList<>(List.of("-k", fresh(), "--number", "1"));
    for (int i = 10; i < 60; i++) {
      many.addAll(
          List.of("--class", "00112233445566%d:latest=2:1,digest=0011223344556677".formatted(i)));
    }
    assertThat(maker.refused(beacon(many.toArray(String[]::new))).err())
        .contains("devices keep 1024");
    assertThat(folder.resolve("beacon.cbor")).doesNotExist();
  }

  @Test
  void a_delegated_freshness_key_shows_its_certificate() {
    maker.done(
        "trust",
        "delegate",
        "--role",
        "freshness",
        "--for",
        maker.path("stranger.pub.pem"),
        "--until-beacon",
        "9",
        "-k",
        fresh(),
        "-o",
        maker.path("cert.cbor"));
    maker.done(
        beacon(
            "-k",
            maker.path("stranger.pem"),
            "--number",
            "3",
            "--latest",
            app(),
            "--certificate",
            maker.path("cert.cbor")));
    attach();
    assertThat(answer()).isEqualTo("R3");
    maker.done("release", "attach", app(), "--certificate", maker.path("cert.cbor"));
    assertThat(answer()).isEqualTo("install");
  }
}
