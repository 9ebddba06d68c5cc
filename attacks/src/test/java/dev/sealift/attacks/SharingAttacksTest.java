// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SharingAttacksTest {
  private static final AttackRunner RUNNER = new AttackRunner(new AttackWorld(new SecureRandom()));

  @TestFactory
  List<DynamicTest> what_is_passed_on_is_what_was_signed_and_no_more() {
    return SharingAttacks.ALL.stream()
        .map(
            attack ->
                DynamicTest.dynamicTest(attack.id() + ": " + attack.story(), () -> held(attack)))
        .toList();
  }

  private static void held(Attack attack) {
    AttackReport report = RUNNER.run(attack);
    assertThat(report.verdict())
        .as(String.join("\n", report.lines()))
        .isEqualTo(new Verdict.Held());
  }

  @Test
  void each_threat_among_peers_has_a_row() {
    Set<String> threats =
        SharingAttacks.ALL.stream().map(Attack::threat).collect(Collectors.toSet());
    assertThat(threats).containsExactlyInAnyOrder("T28", "T29", "T57", "T62", "T63", "T64");
  }
}
