// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Maker.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.ApprovalPlan;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Targets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plans in stages: signed by several, used one at a time, never wider than they were signed.
class ReleaseApproveTest {
  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_a_release() {
    maker = new Maker(folder).managed().release("app", "1.1.0", 2, "alice");
    maker.done(
        "trust",
        "beacon",
        "--root",
        maker.path("root.cbor"),
        "-k",
        maker.path("fresh.pem"),
        "--number",
        "1",
        "--latest",
        app(),
        "-o",
        maker.path("beacon.cbor"));
    maker.done("release", "attach", app(), "--beacon", maker.path("beacon.cbor"));
  }

  private String app() {
    return maker.path("app.sealift");
  }

  private String plan() {
    return maker.path("plan.cbor");
  }

  private String[] approve(String... more) {
    return Maker.with(
        List.of(
            "release", "approve", app(), "--deployment", Maker.PLANT, "-k", maker.path("op.pem")),
        more);
  }

  private ApprovalPlan read() {
    return SignedFiles.plan(folder.resolve("plan.cbor"));
  }

  private Endorsement first() {
    return read().stages().getFirst().content();
  }

  private String answer(int serial) {
    var json =
        maker.check("app", "--deployment", Maker.PLANT, "--serial", Integer.toString(serial));
    return text(json, "verdict").equals("refuse") ? text(json, "refusal") : text(json, "verdict");
  }

  /// How many of the first devices would install it.
  private List<Integer> installing() {
    List<Integer> installing = new ArrayList<>();
    for (int serial = 1; serial <= 40; serial++) {
      String answer = answer(serial);
      if (answer.equals("install")) {
        installing.add(serial);
      } else {
        assertThat(answer).isEqualTo("R10");
      }
    }
    return installing;
  }

  @Test
  void a_plan_in_three_stages_by_two_approvers_is_used_stage_by_stage() {
    Bytes image = maker.read("app.sealift").from(8192);
    Typed made =
        maker.done(
            approve(
                "--stage",
                "25%",
                "--stage",
                "50%",
                "--stage",
                "all",
                "--salt",
                "0011",
                "--serial",
                "7",
                "--fleet",
                "12000",
                "--root",
                maker.path("root.cbor"),
                "-o",
                plan()));
    assertThat(made.out())
        .contains("approval plan of 3 stages")
        .contains("stage 1   a sample of 25 %, about 3000 of 12000, number 7")
        .contains("enough: 1 of 1 approvers")
        .contains("stage 3   all devices, 12000, number 9")
        .contains("not enough: 1 of 2 approvers; still any 1 of ");
    assertThat(answer(1)).isEqualTo("R4");

    Typed second =
        maker.done(
            "release",
            "approve",
            "--plan",
            plan(),
            "-k",
            maker.path("op2.pem"),
            "--root",
            maker.path("root.cbor"),
            "--json");
    assertThat(second.out()).contains("\"approvers\":2,\"approvers_wanted\":2");

    List<Integer> before = List.of();
    for (int stage = 1; stage <= 3; stage++) {
      Typed used =
          maker.done(
              "release", "approve", app(), "--plan", plan(), "--use", Integer.toString(stage));
      assertThat(used.out()).contains("stage " + stage + " of 3").contains("stay at byte 8192");
      assertThat(Releases.named(folder.resolve("app.sealift")).file().bundle().endorsements())
          .hasSize(1);
      assertThat(maker.read("app.sealift").from(8192)).isEqualTo(image);
      List<Integer> now = installing();
      assertThat(now).containsAll(before).hasSizeGreaterThan(before.size());
      before = now;
    }
    assertThat(before).hasSize(40);
  }

  @Test
  void one_approver_is_not_enough_for_the_crowd() {
    maker.done(approve("--stage", "50%", "--stage", "all", "-o", plan()));
    maker.done("release", "approve", app(), "--plan", plan(), "--use", "2");
    assertThat(answer(1)).isEqualTo("R4");
  }

  @Test
  void a_single_stage_goes_straight_into_the_release() {
    Typed typed = maker.done(approve("-k", maker.path("op2.pem"), "--use", "1"));
    assertThat(typed.out()).contains("stage 1 of 1, for all devices");
    assertThat(answer(1)).isEqualTo("install");
    assertThat(folder.resolve("plan.cbor")).doesNotExist();
  }

  @Test
  void what_is_said_stands_in_every_stage() {
    maker.write(
        "canary.txt",
        """
        17
        18 # beside the door

        2f1c4a6e-0000-4000-8000-0123456789ab
        """);
    maker.done(
        approve(
            "--stage",
            "list=" + maker.path("canary.txt"),
            "--stage",
            "all",
            "--not-before",
            "2026-12-01",
            "--not-after",
            "2026-12-31T12:00:00Z",
            "--activation",
            "daily 22:00-04:30",
            "-o",
            plan()));
    assertThat(read().stages())
        .extracting(Signed::content)
        .allSatisfy(
            stage -> {
              assertThat(stage.notBefore()).contains(1_796_083_200L);
              assertThat(stage.notAfter()).contains(1_798_718_400L);
              assertThat(stage.activation()).isEqualTo(new ActivationRule.Daily(79_200, 16_200));
            });
    assertThat(first().targets())
        .isInstanceOf(Targets.Listed.class)
        .hasToString("3 listed devices");
    maker.done(approve("--stage", "serials=10-20", "--activation", "consent", "-o", plan()));
    assertThat(first().targets()).isEqualTo(new Targets.Serials(10, 20));
    assertThat(first().activation()).isEqualTo(new ActivationRule.OnConsent());
    maker.done(approve("--activation", "session", "-o", plan()));
    assertThat(first().activation()).isEqualTo(new ActivationRule.WithSession());
    assertThat(maker.done("trust", "show", plan()).out()).contains("with a session permit");
  }

  @Test
  void a_later_plan_has_the_higher_number_by_itself() {
    maker.done(approve("-o", plan()));
    long now = first().serial();
    assertThat(now).isBetween(1_700_000_000L, 4_000_000_000L);
  }

  @Test
  void what_makes_no_sense_changes_nothing() {
    maker.done(approve("--stage", "10%", "--stage", "all", "-o", plan()));
    maker.release("next", "1.2.0", 3, "alice");
    maker.write("empty.txt", "# nobody\n");
    Bytes planBefore = maker.read("plan.cbor");
    Bytes before = maker.read("app.sealift");
    record Case(String sentence, Exit exit, List<String> args) {
      Case(String sentence, Exit exit, String... args) {
        this(sentence, exit, List.of(args));
      }
    }
    List<Case> cases =
        List.of(
            new Case(
                "a later stage never leaves out",
                Exit.USAGE,
                approve("--stage", "50%", "--stage", "10%", "-o", maker.path("x"))),
            new Case(
                "a later stage never leaves out",
                Exit.USAGE,
                approve("--stage", "serials=1-9", "--stage", "10%", "-o", maker.path("x"))),
            new Case("is for no device", Exit.USAGE, approve("--stage", "0%", "-o", plan())),
            new Case("10%, 0.5% or 1/8", Exit.USAGE, approve("--stage", "many", "-o", plan())),
            new Case("ends before", Exit.USAGE, approve("--stage", "serials=9-1", "-o", plan())),
            new Case(
                "a list of 0 devices",
                Exit.REFUSED,
                approve("--stage", "list=" + maker.path("empty.txt"), "-o", plan())),
            new Case("must be at-once", Exit.USAGE, approve("--activation", "later", "-o", plan())),
            new Case(
                "must be 0 to 23",
                Exit.USAGE,
                approve("--activation", "25:00-26:00", "-o", plan())),
            new Case("give -o FILE", Exit.USAGE, approve()),
            new Case(
                "later stages would be lost",
                Exit.USAGE,
                approve("--stage", "1%", "--stage", "all", "--use", "1")),
            new Case(
                "give --key",
                Exit.USAGE,
                new String[] {
                  "release", "approve", app(), "--deployment", Maker.PLANT, "-o", maker.path("x")
                }),
            new Case(
                "give a release and --deployment",
                Exit.USAGE,
                new String[] {"release", "approve", app(), "-k", maker.path("op.pem")}),
            new Case(
                "a key counts once",
                Exit.REFUSED,
                new String[] {"release", "approve", "--plan", plan(), "-k", maker.path("op.pem")}),
            new Case(
                "not approve",
                Exit.REFUSED,
                new String[] {
                  "release",
                  "approve",
                  "--plan",
                  plan(),
                  "-k",
                  maker.path("alice.pem"),
                  "--root",
                  maker.path("root.cbor")
                }),
            new Case(
                "is signed or used as it is",
                Exit.USAGE,
                new String[] {
                  "release",
                  "approve",
                  "--plan",
                  plan(),
                  "--stage",
                  "all",
                  "-k",
                  maker.path("op2.pem")
                }),
            new Case(
                "or --use N", Exit.USAGE, new String[] {"release", "approve", "--plan", plan()}),
            new Case(
                "--use needs the release",
                Exit.USAGE,
                new String[] {"release", "approve", "--plan", plan(), "--use", "1"}),
            new Case(
                "--use must be 1 to 2",
                Exit.USAGE,
                new String[] {"release", "approve", app(), "--plan", plan(), "--use", "3"}),
            new Case(
                "for another release",
                Exit.REFUSED,
                new String[] {
                  "release", "approve", maker.path("next.sealift"), "--plan", plan(), "--use", "1"
                }),
            new Case(
                "is no approval plan",
                Exit.REFUSED,
                new String[] {
                  "release", "approve", app(), "--plan", maker.path("beacon.cbor"), "--use", "1"
                }));
    for (Case wrong : cases) {
      Typed typed = Typed.type(wrong.args().toArray(new String[0]));
      assertThat(typed.exit())
          .as(String.join(" ", wrong.args()) + typed.err())
          .isEqualTo(wrong.exit().code());
      assertThat(typed.err()).as(String.join(" ", wrong.args())).contains(wrong.sentence());
      assertThat(maker.read("plan.cbor")).isEqualTo(planBefore);
      assertThat(maker.read("app.sealift")).isEqualTo(before);
      assertThat(folder.resolve("x")).doesNotExist();
    }
  }

  @Test
  void an_approver_by_certificate_is_counted_as_one() {
    maker.done(
        "trust",
        "delegate",
        "--role",
        "approve",
        "--for",
        maker.path("stranger.pub.pem"),
        "--deployment",
        Maker.PLANT,
        "--until-beacon",
        "9",
        "-k",
        maker.path("op.pem"),
        "-o",
        maker.path("cert.cbor"));
    maker.done("release", "attach", app(), "--certificate", maker.path("cert.cbor"));
    Typed typed =
        maker.done(
            "release",
            "approve",
            app(),
            "--deployment",
            Maker.PLANT,
            "-k",
            maker.path("stranger.pem"),
            "--stage",
            "serials=1-9",
            "--root",
            maker.path("root.cbor"),
            "--certificate",
            maker.path("cert.cbor"),
            "--use",
            "1");
    assertThat(typed.out()).contains("1 of 2 approvers; still any 1 of");
    maker.done(
        "release",
        "approve",
        app(),
        "--deployment",
        Maker.PLANT,
        "-k",
        maker.path("stranger.pem"),
        "--stage",
        "50%",
        "--salt",
        "00",
        "--root",
        maker.path("root.cbor"),
        "-o",
        plan());
    assertThat(
            maker
                .done(
                    "release",
                    "approve",
                    app(),
                    "--plan",
                    plan(),
                    "--use",
                    "1",
                    "--root",
                    maker.path("root.cbor"),
                    "--json")
                .out())
        .contains("\"approvers\":1,\"approvers_wanted\":1");
  }

  @Test
  void words_of_other_deployments_stay_in_the_release() {
    maker.done(approve("-k", maker.path("op2.pem"), "--use", "1"));
    maker.done(
        "release",
        "approve",
        app(),
        "--deployment",
        "acme.example/plant-8",
        "-k",
        maker.path("op.pem"),
        "-k",
        maker.path("op2.pem"),
        "--use",
        "1");
    assertThat(Releases.named(folder.resolve("app.sealift")).file().bundle().endorsements())
        .hasSize(2);
    assertThat(answer(1)).isEqualTo("install");
  }
}
