// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.ImageRefusal;
import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Refusal;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The runner must be able to fail: it is fed devices and attacks that are not as they should be.
class AttackRunnerTest {
  private static final AttackWorld WORLD = new AttackWorld(new SecureRandom());

  static List<Attack> guardedAttacks() {
    return Attacks.ALL.stream().filter(attack -> !attack.guards().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("guardedAttacks")
  void a_device_without_the_guards_of_a_row_is_broken(Attack attack) {
    AttackReport report =
        runner((victim, _) -> scene(victim, Set.copyOf(attack.guards()))).run(attack);
    assertThat(findings(report)).contains("with all guards on, " + attack.goal().words());
  }

  @ParameterizedTest
  @MethodSource("guardedAttacks")
  void an_attack_that_is_stopped_without_its_guards_too_has_tested_nothing(Attack attack) {
    AttackReport report = runner((victim, _) -> scene(victim, Set.of())).run(attack);
    assertThat(report.verdict()).isInstanceOf(Verdict.Untested.class);
    assertThat(report.lines().getFirst()).contains("untested");
  }

  @Test
  void a_guard_that_does_not_stop_the_attack_alone_is_named() {
    Attack attack = row("T03b");
    Guard missing = Guard.OfBootloader.IMAGE_SIGNATURE;
    AttackRunner forgetful =
        runner(
            (victim, leftOut) -> {
              Set<Guard> out = new HashSet<>(leftOut);
              out.add(missing);
              return scene(victim, out);
            });
    // The others stop it long before, so only the run with this guard alone tells.
    assertThat(findings(forgetful.run(attack)))
        .containsExactly(missing.words() + " alone does not stop it");
  }

  @Test
  void another_refusal_than_the_named_one_breaks_the_promise() {
    Attack attack = row("T01a").expecting(new Outcome.RefusedWith(Refusal.R3));
    assertThat(findings(new AttackRunner(WORLD).run(attack)))
        .singleElement()
        .asString()
        .startsWith("expected R3, got: upload an image: refused, R18");
    Attack atBoot = row("T01c").expecting(new Outcome.RefusedAtBoot(ImageRefusal.COUNTER_TOO_LOW));
    assertThat(findings(new AttackRunner(WORLD).run(atBoot)))
        .singleElement()
        .asString()
        .startsWith("expected at boot: the security counter is lower");
  }

  @Test
  void a_single_byte_that_changes_breaks_the_promise() {
    Attack attack = row("T01a");
    Attack.Strike strike = attack.program().strike();
    assertThat(
            findings(
                new AttackRunner(WORLD)
                    .run(
                        striking(
                            attack,
                            scene -> {
                              change(scene, scene.device().setup().storage().start());
                              return strike.carryOut(scene);
                            }))))
        .containsExactly("storage: 1 bytes changed");
    Attack atBoot = row("T16b");
    Attack.Strike restart = atBoot.program().strike();
    assertThat(
            findings(
                new AttackRunner(WORLD)
                    .run(
                        striking(
                            atBoot,
                            scene -> {
                              List<Encounter> encounters = restart.carryOut(scene);
                              change(scene, scene.device().setup().boot().primary().end() - 900);
                              return encounters;
                            }))))
        .containsExactly("primary slot: 1 bytes changed");
  }

  @Test
  void what_is_taken_after_the_refusal_breaks_the_promise() {
    Attack attack = row("T01a");
    Attack.Strike strike = attack.program().strike();
    assertThat(
            findings(
                new AttackRunner(WORLD)
                    .run(
                        striking(
                            attack,
                            scene -> {
                              Encounter first = strike.carryOut(scene).getFirst();
                              return List.of(
                                  first,
                                  scene.stranger().bringBundle(scene.honest().bundle().encode()));
                            }))))
        .contains("bring a bundle: done")
        .anySatisfy(finding -> assertThat(finding).startsWith("storage: "))
        .anySatisfy(finding -> assertThat(finding).contains("bytes written"));
  }

  @Test
  void a_device_that_takes_no_honest_update_any_more_is_broken() {
    Attack attack = row("T01a");
    Attack.Strike strike = attack.program().strike();
    assertThat(
            findings(
                new AttackRunner(WORLD)
                    .run(
                        striking(
                            attack,
                            scene -> {
                              List<Encounter> encounters = strike.carryOut(scene);
                              scene.device().powerOff();
                              return encounters;
                            }))))
        .singleElement()
        .asString()
        .startsWith("the next honest update ended: stopped: no answer from");
  }

  @Test
  void a_preparation_that_fails_is_no_attack_that_was_stopped() {
    Attack attack = row("T03a");
    Attack.Honest fails =
        _ -> {
          throw new IOException("the laptop is at home");
        };
    AttackReport report = new AttackRunner(WORLD).run(attack.with(attack.program().after(fails)));
    assertThat(findings(report))
        .contains(
            "agent: block digest alone: what comes before the attack: silent: the laptop is at"
                + " home");
    assertThat(report.control().orElseThrow().goal()).isEqualTo(AttackRun.GoalState.NOT_TRIED);
  }

  @Test
  void an_attack_that_touches_nothing_is_not_called_harmless() {
    Attack attack = row("T05b");
    Attack idle = attack.with(attack.program().with(Attack.Program.NO_CABLE));
    assertThat(findings(new AttackRunner(WORLD).run(idle)))
        .containsExactly("the attack has not touched the device at all");
  }

  @Test
  void what_stays_of_a_harmless_attack_is_found() {
    Attack attack = row("T05b");
    Attack.Strike strike = attack.program().strike();
    int[] runs = {0};
    Attack lasting =
        striking(
            attack,
            scene -> {
              List<Encounter> encounters = strike.carryOut(scene);
              if (runs[0]++ == 0) {
                change(scene, scene.device().setup().boot().primary().end() - 900);
              }
              return encounters;
            });
    assertThat(findings(new AttackRunner(WORLD).run(lasting)))
        .containsExactly("other than on an untouched device: primary slot: 1 bytes changed");
  }

  @Test
  void every_run_begins_with_a_device_of_its_own() {
    FlashSnapshot fresh = scene(Victim.OPEN, Set.of()).device().flash().snapshot();
    new AttackRunner(WORLD).run(row("T41a"));
    assertThat(scene(Victim.OPEN, Set.of()).device().flash().snapshot()).isEqualTo(fresh);
  }

  private static AttackRunner runner(AttackRunner.SceneMaker maker) {
    return new AttackRunner(maker);
  }

  private static Attack row(String id) {
    return Attacks.named(id).getFirst();
  }

  private static Scene scene(Victim victim, Set<Guard> leftOut) {
    return new Scene(WORLD, victim, leftOut);
  }

  private static Attack striking(Attack attack, Attack.Strike strike) {
    return attack.with(attack.program().doing(strike));
  }

  private static void change(Scene scene, int address) {
    scene.device().flash().lay(address, Bytes.ofInts(0));
  }

  private static List<String> findings(AttackReport report) {
    return switch (report.verdict()) {
      case Verdict.Broken(var findings) -> findings;
      case Verdict.Held _, Verdict.Untested _ ->
          throw new AssertionError(String.join("\n", report.lines()));
    };
  }
}
