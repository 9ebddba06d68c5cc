// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Maker.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Delegation from the prompt, to the devices' answer.
class TrustDelegateTest {
  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_a_root_of_two_release_keys() {
    maker = new Maker(folder).root().key("carol");
  }

  private String[] delegate(String... more) {
    return delegateOf("release", more);
  }

  private String[] delegateOf(String role, String... more) {
    return Maker.with(
        List.of(
            "trust",
            "delegate",
            "--role",
            role,
            "--for",
            maker.path("carol.pub.pem"),
            "--until-beacon",
            "10",
            "--serial",
            "1",
            "-o",
            maker.path("carol.cbor")),
        more);
  }

  private String key(String name) {
    return maker.path(name + ".pem");
  }

  @Test
  void a_delegated_key_releases_within_its_scope_once_enough_have_given_it() {
    maker.release("app", "1.1.0", 2, "carol", "alice");
    Typed one =
        maker.done(
            delegate(
                "--vendor",
                "acme.example",
                "--class",
                "sensor-1",
                "-k",
                key("alice"),
                "--root",
                maker.path("root.cbor")));
    assertThat(one.out())
        .contains("role      release")
        .contains("until     beacon 10")
        .contains("not enough yet: 1 of 2 signatures of release");
    String[] attach = {
      "release", "attach", maker.path("app.sealift"), "--certificate", maker.path("carol.cbor")
    };
    maker.done(attach);
    assertThat(text(maker.check("app"), "refusal")).isEqualTo("R6");

    Typed two =
        maker.done(
            "trust",
            "delegate",
            "--add",
            maker.path("carol.cbor"),
            "-k",
            key("bob"),
            "--root",
            maker.path("root.cbor"));
    assertThat(two.out()).contains("enough for devices of root version 1");
    maker.done(attach);
    assertThat(text(maker.check("app"), "verdict")).isEqualTo("install");
    assertThat(maker.done("release", "show", maker.path("app.sealift")).out())
        .containsOnlyOnce("certificate     key ");
  }

  @Test
  void another_scope_does_not_cover_the_release() {
    maker.release("app", "1.1.0", 2, "carol", "alice");
    maker.done(
        delegate(
            "--vendor",
            "acme.example",
            "--class",
            "sensor-2",
            "-k",
            key("alice"),
            "-k",
            key("bob")));
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--certificate", maker.path("carol.cbor"));
    assertThat(text(maker.check("app"), "refusal")).isEqualTo("R5");
    maker.done(delegate("--sequence", "1:5-1:9", "-k", key("alice"), "-k", key("bob")));
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--certificate", maker.path("carol.cbor"));
    assertThat(text(maker.check("app"), "refusal")).isEqualTo("R14");
  }

  @Test
  void what_makes_no_sense_is_not_signed() {
    maker.done(delegate("-k", key("alice")));
    Bytes before = maker.read("carol.cbor");
    record Case(String sentence, Exit exit, List<String> args) {}
    List<Case> cases =
        List.of(
            new Case(
                "never delegated", Exit.REFUSED, List.of(delegateOf("root", "-k", key("alice")))),
            new Case(
                "could speak for nothing",
                Exit.USAGE,
                List.of(delegate("--deployment", "acme.example/x", "-k", key("alice")))),
            new Case("give --key", Exit.USAGE, List.of(delegate())),
            new Case(
                "cannot give the role release away",
                Exit.REFUSED,
                List.of(delegate("-k", key("op"), "--root", maker.path("managed.cbor")))),
            new Case(
                "only adds a signature",
                Exit.USAGE,
                List.of(
                    "trust",
                    "delegate",
                    "--add",
                    maker.path("carol.cbor"),
                    "--role",
                    "release",
                    "-k",
                    key("bob"))),
            new Case(
                "a key counts once",
                Exit.REFUSED,
                List.of(
                    "trust", "delegate", "--add", maker.path("carol.cbor"), "-k", key("alice"))),
            new Case(
                "give --role, --for and --until-beacon",
                Exit.USAGE,
                List.of(
                    "trust",
                    "delegate",
                    "--role",
                    "release",
                    "-o",
                    maker.path("x.cbor"),
                    "-k",
                    key("alice"))),
            new Case(
                "give -o FILE",
                Exit.USAGE,
                List.of("trust", "delegate", "--role", "release", "-k", key("alice"))),
            new Case(
                "is no certificate",
                Exit.REFUSED,
                List.of("trust", "delegate", "--add", maker.path("root.cbor"), "-k", key("alice"))),
            new Case(
                "acme.example/plant-7",
                Exit.USAGE,
                List.of(delegateOf("approve", "--deployment", "plant", "-k", key("alice")))));
    maker.key("op");
    maker.done(
        "trust",
        "root",
        "make",
        "--root-key",
        maker.path("root.pub.pem"),
        "--release",
        maker.path("alice.pub.pem"),
        "--approve",
        maker.path("op.pub.pem"),
        "-o",
        maker.path("managed.cbor"));
    for (Case wrong : cases) {
      Typed typed = Typed.type(wrong.args().toArray(String[]::new));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit().code());
      assertThat(typed.err()).as(wrong.toString()).contains(wrong.sentence());
      assertThat(maker.read("carol.cbor")).isEqualTo(before);
      assertThat(folder.resolve("x.cbor")).doesNotExist();
    }
  }
}
