// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.cbor.CborText;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AttacksTest {
  private static final AttackWorld WORLD = new AttackWorld(new SecureRandom());

  private final AttackRunner runner = new AttackRunner(WORLD, new Ticks());

  @TestFactory
  List<DynamicTest> the_device_holds_against_every_row() {
    return Attacks.ALL.stream()
        .map(
            attack ->
                DynamicTest.dynamicTest(
                    attack.id() + ": " + attack.actor() + " " + attack.story(),
                    () -> {
                      AttackReport report = runner.run(attack);
                      assertThat(report.verdict())
                          .as(String.join("\n", report.lines()))
                          .isEqualTo(new Verdict.Held());
                    }))
        .toList();
  }

  @Test
  void every_row_has_a_name_of_its_own_and_belongs_to_its_threat() {
    assertThat(new HashSet<>(Attacks.ALL.stream().map(Attack::id).toList()))
        .hasSameSizeAs(Attacks.ALL);
    assertThat(Attacks.ALL)
        .allSatisfy(attack -> assertThat(attack.id()).matches(attack.threat() + "[a-z]"));
    assertThat(Attacks.ALL.stream().map(Attack::threat))
        .contains("T01", "T03", "T05", "T07", "T16", "T39", "T41");
  }

  @Test
  void only_what_ends_harmless_has_no_guard_to_leave_out() {
    assertThat(Attacks.ALL)
        .allSatisfy(
            attack ->
                assertThat(attack.guards().isEmpty())
                    .isEqualTo(attack.expected() instanceof Outcome.Harmless));
  }

  @Test
  void rows_are_found_by_id_and_by_threat_in_either_case() {
    assertThat(Attacks.named("t01")).extracting(Attack::id).containsExactly("T01a", "T01b", "T01c");
    assertThat(Attacks.named("T16A")).extracting(Attack::id).containsExactly("T16a");
    assertThat(Attacks.named("T99")).isEmpty();
    assertThat(Attacks.named("T")).isEmpty();
  }

  @Test
  void a_report_says_to_people_and_to_machines_the_same() {
    AttackReport report = runner.run(Attacks.named("T03b").getFirst());
    assertThat(report.lines()).first().asString().isEqualTo("T03b  held");
    assertThat(report.lines())
        .anySatisfy(line -> assertThat(line).contains("upload an image: refused, R20"))
        .anySatisfy(line -> assertThat(line).contains("agent: image digest: stopped"))
        .anySatisfy(line -> assertThat(line).contains("honest update confirmed"));
    assertThat(report.map().get("verdict")).contains(new CborText("held"));
    assertThat(report.map().get("next")).contains(new CborText("confirmed"));
  }
}
