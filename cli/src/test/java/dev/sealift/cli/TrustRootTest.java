// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Maker.json;
import static dev.sealift.cli.Maker.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Terms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Roots of trust from the prompt.
class TrustRootTest {
  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_keys() {
    maker = new Maker(folder).key("r1", "r2", "r3", "alice", "bob", "op", "fresh", "tech");
  }

  private String[] make(String... more) {
    return Maker.with(
        List.of(
            "trust",
            "root",
            "make",
            "--root-key",
            maker.path("r1.pub.pem"),
            "--root-key",
            maker.path("r2.pub.pem"),
            "--root-key",
            maker.path("r3.pub.pem"),
            "--release",
            maker.path("alice.pub.pem"),
            "--release",
            maker.path("bob.pub.pem"),
            "-o",
            maker.path("root.cbor")),
        more);
  }

  private Root root(String name) {
    return Roots.read(folder.resolve(name));
  }

  private String key(String name) {
    return maker.path(name + ".pem");
  }

  private String pub(String name) {
    return maker.path(name + ".pub.pem");
  }

  @Test
  void a_root_has_sensible_terms_where_nobody_says_otherwise() {
    Typed made = maker.done(make());
    assertThat(made.out())
        .contains("put it into every device")
        .contains("any 2 of 3 keys")
        .contains("alice.pub.pem")
        .contains("by nobody, which is enough for new devices");
    Root simple = root("root.cbor");
    assertThat(simple.version()).isEqualTo(1);
    assertThat(simple.grant(Role.ROOT).orElseThrow().threshold()).isEqualTo(2);
    assertThat(simple.grant(Role.RELEASE).orElseThrow().threshold()).isEqualTo(2);
    assertThat(simple.policy()).containsExactly(Set.of(Role.RELEASE), Set.of(Role.ROOT));
    assertThat(simple.terms().freshness().mode()).isEqualTo(Terms.Freshness.Mode.OPEN);
    assertThat(simple.terms().time()).isPositive();

    maker.done(make("--approve", pub("op"), "--freshness", pub("fresh"), "--operate", pub("tech")));
    Root managed = root("root.cbor");
    assertThat(managed.policy())
        .containsExactly(Set.of(Role.RELEASE, Role.APPROVE), Set.of(Role.ROOT));
    assertThat(managed.terms().freshness().mode()).isEqualTo(Terms.Freshness.Mode.BOUNDED);
  }

  @Test
  void everything_can_be_said() throws Exception {
    maker.done(
        make(
            "--approve",
            pub("op"),
            "--freshness",
            pub("fresh"),
            "--root-threshold",
            "1",
            "--threshold",
            "1",
            "--policy",
            "root,release+approve,release",
            "--mode",
            "strict",
            "--crowd",
            "10%=1",
            "--confirm",
            "contact",
            "--tries",
            "5",
            "--time",
            "2026-11-20",
            "--epoch",
            "3",
            "--version",
            "4",
            "--scope",
            "release:vendor=acme.example,class=sensor-1,image=0,sequence=3:1-3:99"));
    Root root = root("root.cbor");
    assertThat(root.version()).isEqualTo(4);
    assertThat(root.epoch()).isEqualTo(3);
    assertThat(root.policy())
        .containsExactly(
            Set.of(Role.ROOT), Set.of(Role.RELEASE, Role.APPROVE), Set.of(Role.RELEASE));
    assertThat(root.terms().time()).isEqualTo(1_795_132_800L);
    assertThat(root.terms().tries()).isEqualTo(5);
    assertThat(root.terms().confirmation()).isEqualTo(Terms.ConfirmRule.SELF_TEST_AND_CONTACT);
    assertThat(root.grant(Role.RELEASE).orElseThrow().scope()).isPresent();
    var shown = json(maker.done("trust", "root", "show", maker.path("root.cbor"), "--json"));
    assertThat(shown.text("mode")).isEqualTo("strict");
    assertThat(shown.text("confirm")).isEqualTo("contact");
    assertThat(shown.integer("version")).isEqualTo(4);
    Typed lines =
        maker.done(
            "trust", "root", "show", maker.path("root.cbor"), "--name", "Alice=" + pub("alice"));
    assertThat(lines.out())
        .contains("Alice")
        .contains("by root, or by release and approve, or by release")
        .contains("more than 10 % of a deployment: 1 approvers")
        .contains("sequences 3:1 to 3:99");
  }

  @Test
  void a_root_that_could_not_work_is_not_made() {
    record Case(String sentence, Exit exit, List<String> args) {}
    List<Case> cases =
        List.of(
            new Case(
                "could never be changed",
                Exit.USAGE,
                List.of("--release", pub("alice"), "-o", maker.path("no.cbor"))),
            new Case(
                "somebody must say what a release is",
                Exit.USAGE,
                List.of("--root-key", pub("r1"), "-o", maker.path("no.cbor"))),
            new Case(
                "a key is there twice",
                Exit.REFUSED,
                List.of(
                    "--root-key", pub("r1"), "--release", pub("r1"), "-o", maker.path("no.cbor"))),
            new Case("must be 1 to 1", Exit.USAGE, simple("--threshold", "2")),
            new Case("no key of the role approve", Exit.USAGE, simple("--approve-threshold", "1")),
            new Case("nobody can speak of it", Exit.REFUSED, simple("--mode", "bounded")),
            new Case("roles that nobody has", Exit.REFUSED, simple("--policy", "release+approve")),
            new Case("'boss' is no role", Exit.USAGE, simple("--policy", "boss")),
            new Case("open, bounded or strict", Exit.USAGE, simple("--mode", "lax")),
            new Case("like 10%=2", Exit.USAGE, simple("--crowd", "many")),
            new Case("like 10%, 0.5% or 1/8", Exit.USAGE, simple("--crowd", "x=2")),
            new Case("self-test or contact", Exit.USAGE, simple("--confirm", "hope")),
            new Case("must be 1 to 100", Exit.USAGE, simple("--tries", "0")),
            new Case("2026-12-01T08:30:00Z", Exit.USAGE, simple("--time", "soon")),
            new Case(
                "could speak for nothing",
                Exit.USAGE,
                simple("--scope", "release:deployment=acme.example/x")),
            new Case("needs its vendor", Exit.USAGE, simple("--scope", "release:class=c")),
            new Case("has no key", Exit.USAGE, simple("--scope", "approve:vendor=v")),
            new Case("a role, a colon", Exit.USAGE, simple("--scope", "release")),
            new Case("no such file", Exit.WORLD, simple("--approve", maker.path("none.pem"))),
            new Case("as a key", Exit.REFUSED, simple("--approve", maker.path("r1.pub.pem.x"))));
    maker.write("r1.pub.pem.x", "hello");
    for (Case wrong : cases) {
      Typed typed =
          Typed.type(
              Maker.with(List.of("trust", "root", "make"), wrong.args().toArray(String[]::new)));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit().code());
      assertThat(typed.err()).as(wrong.toString()).contains(wrong.sentence());
      assertThat(folder.resolve("no.cbor")).doesNotExist();
    }
  }

  private List<String> simple(String... more) {
    return List.of(
        Maker.with(
            List.of(
                "--root-key", pub("r1"), "--release", pub("alice"), "-o", maker.path("no.cbor")),
            more));
  }

  @Test
  void a_root_is_signed_by_its_root_keys_alone_and_each_once() {
    maker.done(make("--key", key("r1")));
    assertThat(maker.done("trust", "root", "show", maker.path("root.cbor")).out())
        .contains("signed    1 of 2 by its own root keys, still 1 of ");
    Bytes before = maker.read("root.cbor");
    assertThat(
            maker.refused("trust", "root", "sign", maker.path("root.cbor"), "-k", key("r1")).err())
        .contains("a key counts once");
    assertThat(
            maker
                .refused("trust", "root", "sign", maker.path("root.cbor"), "-k", key("alice"))
                .err())
        .contains("is no root key of version 1")
        .contains("--after");
    assertThat(
            maker
                .usage(
                    "trust",
                    "root",
                    "sign",
                    maker.path("root.cbor"),
                    "-k",
                    key("r2"),
                    "-k",
                    key("r2"))
                .err())
        .contains("twice");
    assertThat(maker.usage("trust", "root", "sign", maker.path("root.cbor")).err())
        .contains("--key");
    assertThat(maker.read("root.cbor")).isEqualTo(before);
    Typed signed =
        maker.done("trust", "root", "sign", maker.path("root.cbor"), "-k", key("r3"), "--json");
    assertThat(signed.out()).contains("\"complete\":true");
    assertThat(root("root.cbor").version()).isEqualTo(1);
  }

  @Test
  void the_next_root_keeps_what_is_not_said_and_wants_the_keys_of_both() {
    maker.done(make("--approve", pub("op"), "--freshness", pub("fresh"), "--tries", "7"));
    maker.key("r4", "carol");
    Typed next =
        maker.done(
            "trust",
            "root",
            "rotate",
            maker.path("root.cbor"),
            "--root-key",
            pub("r1"),
            "--root-key",
            pub("r4"),
            "--release",
            pub("carol"),
            "--threshold",
            "1",
            "-k",
            key("r1"),
            "-o",
            maker.path("next.cbor"));
    assertThat(next.out())
        .contains("not signed by all yet")
        .contains("1 of 2 by its own root keys, still 1 of ")
        .contains("1 of 2 by the root keys before it, still 1 of ");
    Root root = root("next.cbor");
    assertThat(root.version()).isEqualTo(2);
    assertThat(root.terms().tries()).isEqualTo(7);
    assertThat(root.policy())
        .containsExactly(Set.of(Role.RELEASE, Role.APPROVE), Set.of(Role.ROOT));
    assertThat(root.grant(Role.RELEASE).orElseThrow().keys()).hasSize(1);

    String[] sign = {"trust", "root", "sign", maker.path("next.cbor"), "-k", key("r2")};
    assertThat(maker.refused(sign).err()).contains("name that root with --after");
    Typed old = maker.done(Maker.with(List.of(sign), "--after", maker.path("root.cbor")));
    assertThat(old.out()).contains("2 of 2 by the root keys before it");
    Typed all =
        maker.done(
            "trust",
            "root",
            "sign",
            maker.path("next.cbor"),
            "-k",
            key("r4"),
            "--after",
            maker.path("root.cbor"),
            "--json");
    assertThat(all.out()).contains("\"complete\":true").contains("\"complete_before\":true");
    assertThat(
            maker
                .refused(
                    "trust",
                    "root",
                    "show",
                    maker.path("root.cbor"),
                    "--after",
                    maker.path("next.cbor"))
                .err())
        .contains("cannot come after");
  }

  @Test
  void a_role_can_go_and_what_hung_on_it_goes_along() {
    maker.done(make("--approve", pub("op"), "--freshness", pub("fresh")));
    maker.done(
        "trust",
        "root",
        "rotate",
        maker.path("root.cbor"),
        "--without",
        "freshness",
        "--without",
        "approve",
        "-o",
        maker.path("next.cbor"));
    Root root = root("next.cbor");
    assertThat(root.roles()).containsOnlyKeys(Role.ROOT, Role.RELEASE);
    assertThat(root.policy()).containsExactly(Set.of(Role.RELEASE), Set.of(Role.ROOT));
    assertThat(root.terms().freshness().mode()).isEqualTo(Terms.Freshness.Mode.OPEN);
    assertThat(
            maker
                .usage(
                    "trust",
                    "root",
                    "rotate",
                    maker.path("root.cbor"),
                    "--release",
                    pub("alice"),
                    "-o",
                    maker.path("other.cbor"))
                .err())
        .contains("wants 2 signatures and would have 1 key; give --threshold too");
    assertThat(
            maker
                .usage(
                    "trust",
                    "root",
                    "rotate",
                    maker.path("root.cbor"),
                    "--epoch",
                    "0",
                    "-o",
                    maker.path("other.cbor"))
                .err())
        .contains("--epoch must be 1");
    assertThat(folder.resolve("other.cbor")).doesNotExist();
  }

  @Test
  void devices_take_the_next_root_with_a_release_and_only_when_it_is_fully_signed() {
    maker.root();
    maker.key("carol").release("app", "1.1.0", 2, "carol");
    assertThat(text(maker.check("app"), "refusal")).isEqualTo("R3");
    maker.done(
        "trust",
        "root",
        "rotate",
        maker.path("root.cbor"),
        "--release",
        pub("carol"),
        "--threshold",
        "1",
        "-k",
        key("root"),
        "-o",
        maker.path("next.cbor"));
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--root-update", maker.path("next.cbor"));
    assertThat(text(maker.check("app"), "verdict")).isEqualTo("install");
    assertThat(maker.done("release", "show", maker.path("app.sealift")).out())
        .contains("root update     version 2, epoch 1");
    // By the keys of the new root alone.
    maker.key("thief");
    maker.done(
        "trust",
        "root",
        "rotate",
        maker.path("root.cbor"),
        "--root-key",
        pub("thief"),
        "--release",
        pub("carol"),
        "--threshold",
        "1",
        "-k",
        key("thief"),
        "-o",
        maker.path("forged.cbor"));
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--root-update", maker.path("forged.cbor"));
    assertThat(text(maker.check("app"), "refusal")).isEqualTo("R3");
  }

  @Test
  void roots_are_read_signed_or_plain_wherever_one_is_asked_for() {
    maker.root().release("app", "1.1.0", 2, "alice", "bob");
    assertThat(text(maker.check("app"), "verdict")).isEqualTo("install");
    Bytes plain = maker.read("root.cbor");
    maker.done("trust", "root", "sign", maker.path("root.cbor"), "-k", key("root"));
    assertThat(maker.read("root.cbor")).isNotEqualTo(plain);
    assertThat(text(maker.check("app"), "verdict")).isEqualTo("install");
    assertThat(
            maker
                .done(
                    "release", "show", maker.path("app.sealift"), "--root", maker.path("root.cbor"))
                .out())
        .contains("valid");
    assertThat(maker.done("trust", "show", maker.path("root.cbor")).out())
        .contains("root version 1");
  }

  @Test
  void what_is_no_root_is_said_so() throws Exception {
    Files.writeString(folder.resolve("text.txt"), "hello");
    assertThat(maker.refused("trust", "root", "show", key("r1")).err())
        .contains("is a key as PEM, not a root of trust")
        .doesNotContain("PRIVATE");
    assertThat(maker.refused("trust", "root", "show", maker.path("text.txt")).err())
        .contains("is no root of trust")
        .contains("'sealift trust show'");
    assertThat(maker.refused("trust", "show", maker.path("text.txt")).err())
        .contains("is no root, certificate, beacon");
    assertThat(maker.usage("trust", "root").err())
        .contains("a verb is missing; there are make, sign, rotate, show");
  }
}
