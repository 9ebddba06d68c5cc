// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/// That the command measures; how fast this machine is, no test asks.
class BenchTest {
  @Test
  void a_subject_is_measured_beside_its_yardstick() {
    Typed typed = type("bench", "--only", "image-verify", "--millis", "1");
    assertThat(typed.err()).isEmpty();
    assertThat(typed.exit()).isZero();
    assertThat(typed.out())
        .containsPattern("\\d+ cores, .*JDK")
        .containsPattern("image-verify +[0-9.]+ ms +[0-9.]+ ms +[0-9.]+ ms +[0-9.]+ ")
        .contains("yardstick: SHA-256 over the image and one signature check")
        .doesNotContain("swap-move");
  }

  @Test
  void json_says_the_same_with_machine_aim_and_verdict() throws Exception {
    Typed typed = type("bench", "--json", "--only", "boot", "--millis", "1");
    assertThat(typed.exit()).isZero();
    List<String> lines = typed.out().lines().toList();
    assertThat(lines).hasSize(2);
    CborFields boot = CborFields.of(Json.read(lines.get(0)), "boot");
    assertThat(boot.text("subject")).isEqualTo("boot");
    assertThat(boot.integer("median_ns")).isPositive();
    assertThat(boot.integer("p90_ns")).isGreaterThanOrEqualTo(boot.integer("median_ns"));
    assertThat(boot.integer("yardstick_median_ns")).isPositive();
    assertThat(boot.integer("aim_ns")).isEqualTo(4_000_000);
    assertThat(boot.text("verdict")).isIn("met", "missed");
    CborFields end = CborFields.of(Json.read(lines.get(1)), "end");
    assertThat(end.integer("measured")).isEqualTo(1);
    assertThat(lines.get(1)).contains("\"cores\":", "\"jdk\":");
  }

  @Test
  void an_unknown_subject_is_wrong_usage_and_the_known_ones_are_named() {
    Typed typed = type("bench", "--only", "nothing");
    assertThat(typed.exit()).isEqualTo(2);
    assertThat(typed.err()).contains("there is no subject nothing", "swap-move", "image-sign");
  }
}
