// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.Refusal;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AttacksTest {
  private static final AttackWorld WORLD = new AttackWorld(new SecureRandom());

  private final AttackRunner runner = new AttackRunner(WORLD);

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
  void every_row_has_a_name_of_its_own_and_stands_in_the_order_of_the_threats() {
    List<String> ids = Attacks.ALL.stream().map(Attack::id).toList();
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
    assertThat(ids).isSorted().allMatch(id -> id.matches("T[0-9]{2}[a-z]"));
  }

  /// Those that need only devices and their peers.
  @Test
  void every_threat_is_attacked_or_said_to_be_missing() {
    List<String> missing = Attacks.NOT_YET.stream().map(NotYet::threat).toList();
    IntStream.of(
            IntStream.concat(
                    IntStream.concat(IntStream.rangeClosed(1, 23), IntStream.rangeClosed(28, 41)),
                    IntStream.concat(IntStream.rangeClosed(44, 54), IntStream.rangeClosed(62, 66)))
                .toArray())
        .mapToObj("T%02d"::formatted)
        .filter(threat -> !missing.contains(threat))
        .forEach(threat -> assertThat(Attacks.named(threat)).as(threat).isNotEmpty());
  }

  @Test
  void every_refusal_is_provoked_or_said_to_have_no_way_yet() {
    List<String> missing = Attacks.REFUSALS_NOT_YET.stream().map(NotYet::threat).toList();
    List<String> provoked =
        Attacks.ALL.stream()
            .map(Attack::expected)
            .filter(outcome -> outcome instanceof Outcome.RefusedWith)
            .map(Outcome::brief)
            .toList();
    for (Refusal refusal : Refusal.values()) {
      assertThat(provoked.contains(refusal.name()) || missing.contains(refusal.name()))
          .as(refusal.name())
          .isTrue();
    }
  }

  /// What only reads bytes cannot be left out, and neither can what nobody is asked for.
  @Test
  void whoever_refuses_for_a_reason_of_its_own_has_a_guard_to_leave_out() {
    assertThat(Attacks.ALL)
        .filteredOn(attack -> attack.guards().isEmpty())
        .filteredOn(attack -> attack.expected() instanceof Outcome.RefusedWith)
        .extracting(attack -> attack.expected().brief())
        .isSubsetOf("R1", "R2", "R6", "R19", "R21", "R29");
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
    assertThat(report.lines()).first().asString().isEqualTo("T03b        held");
    assertThat(report.lines()).allMatch(line -> line.length() <= AttackReport.COLUMNS);
    assertThat(report.line()).startsWith("T03b   held      R20");
    assertThat(report.lines())
        .anySatisfy(line -> assertThat(line).contains("upload an image: refused, R20"))
        .anySatisfy(line -> assertThat(line).contains("agent: image digest: stopped"))
        .anySatisfy(line -> assertThat(line).contains("honest update confirmed"));
    assertThat(report.map().get("verdict")).contains(new CborText("held"));
    assertThat(report.map().get("next")).contains(new CborText("confirmed"));
  }
}
