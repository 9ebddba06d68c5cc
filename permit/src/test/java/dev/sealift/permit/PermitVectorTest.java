// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.permit.PermitCases.Case;
import dev.sealift.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Replays recorded permits: signed bytes that stay as they are, whoever made them.
class PermitVectorTest {
  private static final String FILE = "vectors.json";

  @Test
  void recorded_permits_get_their_verdict() throws MalformedException {
    CborFields file = CborFields.of(Vectors.of("permit").json(FILE), FILE);
    Map<String, Integer> counts = new TreeMap<>();
    for (CborItem item : file.list("vectors")) {
      Case recorded = VectorForm.read(item);
      assertThat(PermitCheckTest.refusal(recorded.decide(Checks.all())))
          .as(recorded.name())
          .isEqualTo(recorded.expected());
      counts.merge(
          recorded
              .expected()
              .map(refusal -> "refused: %2d %s".formatted(refusal.number(), refusal.code()))
              .orElse("installed"),
          1,
          Integer::sum);
    }
    assertThat(counts).isNotEmpty();
    System.out.println("permit vectors:");
    counts.forEach((what, count) -> System.out.printf("  %4d  %s%n", count, what));
  }

  /// Writes a new set with new keys into the folder that the property names.
  @Test
  @EnabledIfSystemProperty(named = "sealift.permit.write", matches = ".+")
  void a_new_set_is_written() throws IOException, MalformedException {
    String lines =
        PermitCases.of(new World()).stream()
            .map(VectorForm::write)
            .map(Json::write)
            .collect(Collectors.joining(",\n", "{\"vectors\":[\n", "\n]}\n"));
    assertThat(Json.read(lines)).isInstanceOf(CborMap.class);
    Path folder = Path.of(System.getProperty("sealift.permit.write", "."));
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(FILE), lines);
  }
}
