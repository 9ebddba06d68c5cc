// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.permit.CaseList.Outcome;
import dev.sealift.permit.SessionCheck.Answer;
import dev.sealift.permit.VectorForm.Answered;
import dev.sealift.permit.VectorForm.Learnt;
import dev.sealift.permit.VectorForm.Recorded;
import dev.sealift.permit.VectorForm.RecordedSession;
import dev.sealift.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Replays recorded permits: signed bytes that stay as they are, whoever made them.
class PermitVectorTest {
  private static final String FILE = "vectors.json";

  @Test
  void recorded_permits_get_their_verdict() throws MalformedException {
    CborFields file = CborFields.of(Vectors.of("permit").json(FILE), FILE);
    VectorForm form = VectorForm.of(file);
    Map<String, Integer> counts = new TreeMap<>();
    for (CborItem item : file.list("vectors")) {
      Recorded recorded = form.read(item);
      Decision decision =
          PermitCheck.decide(recorded.bundle(), recorded.facts(), recorded.state(), Checks.all());
      assertThat(Outcome.of(decision.verdict())).as(recorded.name()).isEqualTo(recorded.outcome());
      assertThat(Learnt.of(decision)).as(recorded.name()).isEqualTo(recorded.learnt());
      counts.merge(words(recorded.outcome()), 1, Integer::sum);
    }
    assertThat(counts).isNotEmpty();
    System.out.println("permit vectors:");
    counts.forEach((what, count) -> System.out.printf("  %4d  %s%n", count, what));
  }

  @Test
  void recorded_sessions_get_their_answer() throws MalformedException {
    CborFields file = CborFields.of(Vectors.of("permit").json(FILE), FILE);
    VectorForm form = VectorForm.of(file);
    Map<String, Integer> counts = new TreeMap<>();
    for (CborItem item : file.list("sessions")) {
      RecordedSession recorded = form.readSession(item);
      Answer answer =
          SessionCheck.decide(recorded.message(), recorded.facts(), recorded.state(), Checks.all());
      assertThat(Answered.of(answer)).as(recorded.name()).isEqualTo(recorded.answered());
      counts.merge(words(recorded.answered()), 1, Integer::sum);
    }
    assertThat(counts).isNotEmpty();
    System.out.println("session vectors:");
    counts.forEach((what, count) -> System.out.printf("  %4d  %s%n", count, what));
  }

  /// Writes a new set with new keys into the folder that the property names.
  @Test
  @EnabledIfSystemProperty(named = "sealift.permit.write", matches = ".+")
  void a_new_set_is_written() throws IOException, MalformedException {
    World world = new World();
    VectorForm form = new VectorForm();
    String vectors = lines(PermitCases.of(world).stream().map(form::write));
    String sessions = lines(SessionCases.of(world).stream().map(form::write));
    String lines =
        "{\"roots\":%s,\n\"vectors\":%s,\n\"sessions\":%s}\n"
            .formatted(lines(form.roots().items().stream()), vectors, sessions);
    assertThat(Json.read(lines)).isInstanceOf(CborMap.class);
    Path folder = Path.of(System.getProperty("sealift.permit.write", "."));
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(FILE), lines);
  }

  private static String lines(Stream<? extends CborItem> items) {
    return items.map(Json::write).collect(Collectors.joining(",\n", "[\n", "\n]"));
  }

  private static String words(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Install _ -> "installed";
      case Outcome.Carry _ -> "carried";
      case Outcome.Refuse(var refusal) -> refused(refusal);
    };
  }

  private static String words(Answered answered) {
    return answered.refusal().map(PermitVectorTest::refused).orElse("granted");
  }

  private static String refused(Refusal refusal) {
    return "refused: %2d %s".formatted(refusal.number(), refusal.code());
  }
}
