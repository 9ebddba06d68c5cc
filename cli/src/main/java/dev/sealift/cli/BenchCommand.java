// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bench.Budget;
import dev.sealift.bench.Harness;
import dev.sealift.bench.Machine;
import dev.sealift.bench.Measurement;
import dev.sealift.bench.ProcessSubjects;
import dev.sealift.bench.Subject;
import dev.sealift.bench.Subjects;
import dev.sealift.bytes.cbor.CborMap;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
      "With --imgtool whole processes are measured instead, that command being the",
      "yardstick: signing and verifying 300 KiB, and 100 images in one call.",
      "",
      "Example: sealift bench --only boot --only swap-move",
      "         sealift bench --imgtool 'python3 mcuboot/scripts/imgtool.py'"
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

  @Option(
      names = "--imgtool",
      paramLabel = "COMMAND",
      defaultValue = "",
      description = "measure our processes against those of this imgtool")
  private String imgtool = "";

  BenchCommand(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    if (imgtool.isEmpty()) {
      return measured(chosen(Subjects.all(new SecureRandom())));
    }
    try {
      Path folder = java.nio.file.Files.createTempDirectory("sealift-bench");
      try {
        return measured(
            chosen(ProcessSubjects.all(launcher(), words(imgtool), folder, new SecureRandom())));
      } finally {
        Files.deleteFolder(folder);
      }
    } catch (IOException e) {
      throw Failure.world("cannot measure processes: " + Files.reason(e));
    }
  }

  /// How this program was started; the launcher says so.
  private static List<String> launcher() {
    String launcher = System.getenv("SEALIFT_LAUNCHER");
    if (launcher == null || launcher.isEmpty()) {
      throw Failure.usage("--imgtool needs the launcher: start it as ./sealift bench");
    }
    return List.of(launcher);
  }

  /// It will run in another folder, so the names of files are made whole.
  private static List<String> words(String command) {
    return Arrays.stream(command.strip().split("\\s+"))
        .map(
            word ->
                java.nio.file.Files.isRegularFile(Path.of(word))
                    ? Path.of(word).toAbsolutePath().toString()
                    : word)
        .toList();
  }

  private Outcome measured(List<Subject> chosen) {
    Budget budget = Budget.of(Duration.ofMillis(Numbers.parse("--millis", millis, 1, MILLIS_MAX)));
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

  private List<Subject> chosen(List<Subject> all) {
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
