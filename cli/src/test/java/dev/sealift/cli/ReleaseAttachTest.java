// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Maker.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Bundle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is put into a release beside its signatures; beacons and certificates have tests of their
/// own where they are made.
class ReleaseAttachTest {
  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_a_release() {
    maker = new Maker(folder).root().release("app", "1.1.0", 2, "alice", "bob");
  }

  private String[] attach(String... more) {
    return Maker.with(List.of("release", "attach", maker.path("app.sealift")), more);
  }

  private Bundle bundle() {
    return Releases.named(folder.resolve("app.sealift")).file().bundle();
  }

  private String rotated(String from, String to) {
    maker.done(
        "trust",
        "root",
        "rotate",
        maker.path(from),
        "-k",
        maker.path("root.pem"),
        "-o",
        maker.path(to));
    return maker.path(to);
  }

  @Test
  void a_hint_turns_other_classes_away_and_opens_no_door() {
    maker.done(attach("--hint"));
    assertThat(bundle().hint()).isPresent();
    assertThat(text(maker.check("app"), "verdict")).isEqualTo("install");
    assertThat(
            maker
                .refused(
                    "release",
                    "check",
                    maker.path("app.sealift"),
                    "--root",
                    maker.path("root.cbor"),
                    "--vendor",
                    "acme.example",
                    "--class",
                    "lamp")
                .out())
        .contains("R9");
  }

  @Test
  void roots_follow_one_another_in_their_order_each_once() {
    String second = rotated("root.cbor", "root-2.cbor");
    String third = rotated("root-2.cbor", "root-3.cbor");
    maker.done(attach("--root-update", third));
    assertThat(text(maker.check("app"), "refusal")).isEqualTo("R7");
    maker.done(attach("--root-update", second, "--root-update", third));
    assertThat(bundle().rootUpdates()).hasSize(2);
    assertThat(text(maker.check("app"), "verdict")).isEqualTo("install");
    assertThat(maker.done("release", "show", maker.path("app.sealift"), "--json").out())
        .contains("\"root_updates\":[2,3]");
    assertThat(maker.done(attach("--remove", "root-updates")).out()).contains("took out");
    assertThat(bundle().rootUpdates()).isEmpty();
  }

  @Test
  void what_no_device_would_take_is_not_put_in() {
    maker.done(
        "trust", "root", "rotate", maker.path("root.cbor"), "-o", maker.path("unsigned.cbor"));
    Bytes before = maker.read("app.sealift");
    record Case(String sentence, Exit exit, List<String> args) {}
    List<Case> cases =
        List.of(
            new Case("give --beacon", Exit.USAGE, List.of()),
            new Case(
                "not signed by enough of its own root keys",
                Exit.REFUSED,
                List.of("--root-update", maker.path("unsigned.cbor"))),
            new Case("is no beacon", Exit.REFUSED, List.of("--beacon", maker.path("root.cbor"))),
            new Case(
                "is a key as PEM, not a certificate",
                Exit.REFUSED,
                List.of("--certificate", maker.path("alice.pub.pem"))),
            new Case("must be beacon, certificates", Exit.USAGE, List.of("--remove", "image")),
            new Case("no such file", Exit.WORLD, List.of("--beacon", maker.path("none"))));
    for (Case wrong : cases) {
      Typed typed = Typed.type(attach(wrong.args().toArray(String[]::new)));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit().code());
      assertThat(typed.err()).as(wrong.toString()).contains(wrong.sentence());
      assertThat(maker.read("app.sealift")).isEqualTo(before);
    }
  }

  @Test
  void a_permit_longer_than_devices_take_is_not_written() {
    String root = maker.path("root.cbor");
    for (int i = 2; i < 30; i++) {
      Bytes before = maker.read("app.sealift");
      String next = rotated(Path.of(root).getFileName().toString(), "root-" + i + ".cbor");
      Typed typed = Typed.type(attach("--root-update", next));
      if (typed.exit() != 0) {
        assertThat(typed.exit()).isEqualTo(Exit.REFUSED.code());
        assertThat(typed.err()).contains("devices take 4096").contains("--remove");
        assertThat(maker.read("app.sealift")).isEqualTo(before);
        return;
      }
      root = next;
    }
    throw new AssertionError("any number of roots went in");
  }
}
