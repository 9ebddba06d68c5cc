// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.attacks.Attack;
import dev.sealift.attacks.AttackReport;
import dev.sealift.attacks.AttackRunner;
import dev.sealift.attacks.AttackWorld;
import dev.sealift.attacks.Attacks;
import dev.sealift.attacks.NotYet;
import dev.sealift.attacks.Verdict;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Runs the threat model.
@Command(
    name = "attacks",
    description = "Attack virtual devices, row by row of the threat model, each with its control.",
    footer = {
      "",
      "A row holds when the device refuses with all checks on, stays as it was and",
      "takes the next honest update; when the attack succeeds with its checks off;",
      "and when any one of them stops it alone. With rows named, each is told in full.",
      "",
      "Example: sealift attacks T03 T16a"
    })
final class AttacksCommand extends Verb {
  @Parameters(
      arity = "0..*",
      paramLabel = "ROW",
      description = "rows to run, as T03 or T16a; all unless told")
  private List<String> rows = new ArrayList<>();

  AttacksCommand(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    List<Attack> chosen = chosen();
    AttackRunner runner = new AttackRunner(new AttackWorld(new SecureRandom()));
    int held = 0;
    console().say(AttackReport.heading());
    for (Attack attack : chosen) {
      AttackReport report = runner.run(attack);
      console().say(report.line());
      if (!rows.isEmpty() || !(report.verdict() instanceof Verdict.Held)) {
        report.lines().forEach(console()::say);
        console().say("");
      }
      console().event(report.map());
      if (report.verdict() instanceof Verdict.Held) {
        held++;
      }
    }
    List<String> lines = new ArrayList<>();
    CborMap.Builder json = CborMap.builder().put("held", held).put("run", chosen.size());
    if (rows.isEmpty()) {
      json.put("notYet", notYet(lines));
    }
    lines.add("%d of %d attacks held off".formatted(held, chosen.size()));
    return new Outcome(held == chosen.size() ? Exit.DONE : Exit.REFUSED, lines, json.build());
  }

  /// What cannot be attacked yet is said, not passed over.
  private static CborList notYet(List<String> lines) {
    List<CborItem> items = new ArrayList<>();
    for (NotYet missing : Attacks.NOT_YET) {
      lines.add("%-7snot yet: %s".formatted(missing.threat(), missing.reason()));
      items.add(
          CborMap.builder()
              .put("threat", missing.threat())
              .put("reason", missing.reason())
              .build());
    }
    return new CborList(items);
  }

  private List<Attack> chosen() {
    if (rows.isEmpty()) {
      return Attacks.ALL;
    }
    List<Attack> chosen = new ArrayList<>();
    for (String row : rows) {
      List<Attack> found = Attacks.named(row);
      if (found.isEmpty()) {
        throw Failure.usage(
            "there is no row %s; there are %s"
                .formatted(row, String.join(", ", Attacks.ALL.stream().map(Attack::id).toList())));
      }
      chosen.addAll(found);
    }
    return chosen;
  }
}
