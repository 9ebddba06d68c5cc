// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bench.Budget;
import dev.sealift.bench.Harness;
import dev.sealift.bench.Machine;
import dev.sealift.bench.Measurement;
import dev.sealift.bench.Subject;
import dev.sealift.bench.Subjects;
import dev.sealift.bytes.cbor.CborMap;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures how fast this machine does what matters, as ratios to plain work in the same run.
@Command(
    name = "bench",
    description = "Measure, as ratios to plain work in the same run.",
    footer = {
      "",
      "Each subject is run in turns with a yardstick: plain work of the JDK that",
      "nobody could do without. Compare ratios between machines, not times. Where",
      "p90 is far above the median the machine was busy: measure again. An aim is",
      "met when the median is not above it.",
      "",
      "Example: sealift bench --only boot --only swap-move"
    })
final class BenchCommand extends Verb {
  private static final long MILLIS_MAX = 600_000;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = "only this subject; may be given again")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--millis",
      paramLabel = "N",
      defaultValue = "3000",
      description = "time for each subject, a third of it to warm up (default: 3000)")
  private String millis = "";

  BenchCommand(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Budget budget = Budget.of(Duration.ofMillis(Numbers.parse("--millis", millis, 1, MILLIS_MAX)));
    List<Subject> chosen = chosen();
    Machine machine = Machine.here();
    console().say(machine.line());
    console().say("");
    console().say(Measurement.heading());
    Harness harness = new Harness(System::nanoTime);
    int missed = 0;
    for (Subject subject : chosen) {
      console().live("measuring " + subject.name() + " …");
      Measurement measured = harness.measure(subject, budget);
      console().say(measured.line());
      console().event(measured.map());
      if (measured.verdict() == Measurement.Verdict.MISSED) {
        missed++;
      }
    }
    List<String> lines = new ArrayList<>(List.of(""));
    for (Subject subject : chosen) {
      lines.add(
          "%s: %s; yardstick: %s"
              .formatted(subject.name(), subject.what(), subject.yardstick().what()));
    }
    return Outcome.done(
        lines,
        CborMap.builder()
            .put("machine", machine.map())
            .put("measured", chosen.size())
            .put("missed", missed)
            .build());
  }

  private List<Subject> chosen() {
    List<Subject> all = Subjects.all(new SecureRandom());
    List<String> names = all.stream().map(Subject::name).toList();
    for (String name : only) {
      if (!names.contains(name)) {
        throw Failure.usage(
            "there is no subject %s; there are %s".formatted(name, String.join(", ", names)));
      }
    }
    return only.isEmpty()
        ? all
        : all.stream().filter(subject -> only.contains(subject.name())).toList();
  }
}
