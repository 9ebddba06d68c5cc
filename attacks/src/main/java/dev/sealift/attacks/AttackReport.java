// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.AttackRun.GoalState;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.update.UpdateResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What all the runs of one attack showed. The verdict is a function of them; the lines for people
/// and the map for machines say the same.
public record AttackReport(
    Attack attack, Guarded guarded, Optional<AttackRun> control, List<Alone> alone) {
  /// The run with every guard, the same on a device that no cable has touched where the outcome is
  /// measured by that, and how the next honest update ended.
  public record Guarded(AttackRun run, Optional<AttackRun> untouched, UpdateResult next) {}

  /// The run with one guard of the row and none of the others.
  public record Alone(Guard guard, AttackRun run) {}

  public AttackReport {
    alone = List.copyOf(alone);
  }

  public Verdict verdict() {
    List<String> findings = findings();
    if (!findings.isEmpty()) {
      return new Verdict.Broken(findings);
    }
    return control
        .filter(run -> run.goal() != GoalState.REACHED)
        .<Verdict>map(
            run ->
                new Verdict.Untested(
                    "with its guards left out it must succeed, and did not: "
                        + words(run.encounters())))
        .orElseGet(Verdict.Held::new);
  }

  private List<String> findings() {
    List<String> findings = new ArrayList<>();
    if (guarded.run().goal() == GoalState.REACHED) {
      findings.add("with all guards on, " + attack.goal().words());
    }
    switch (attack.expected()) {
      case Outcome.RefusedWith refused -> refused(refused, findings);
      case Outcome.RefusedAtBoot refused -> refusedAtBoot(refused, findings);
      case Outcome.Harmless _ -> harmless(findings);
    }
    if (!(guarded.next() instanceof UpdateResult.Reached)) {
      findings.add("the next honest update ended: " + words(guarded.next()));
    }
    for (Alone one : alone) {
      switch (one.run().goal()) {
        case REACHED -> findings.add("%s alone does not stop it".formatted(one.guard().words()));
        case NOT_TRIED ->
            findings.add(
                "%s alone: %s".formatted(one.guard().words(), words(one.run().encounters())));
        case MISSED -> {}
      }
    }
    return findings;
  }

  /// The named refusal comes first, nothing that is tried after it is taken, and the whole memory
  /// of the device is as it was.
  private void refused(Outcome.RefusedWith expected, List<String> findings) {
    List<Encounter> encounters = guarded.run().encounters();
    if (encounters.isEmpty()
        || !(encounters.getFirst().reaction() instanceof Reaction.Refused(var refusal, _)
            && refusal == expected.refusal())) {
      findings.add("expected %s, got: %s".formatted(expected.refusal(), words(encounters)));
    }
    for (Encounter encounter : encounters) {
      switch (encounter.reaction()) {
        case Reaction.Refused _, Reaction.Denied _ -> {}
        case Reaction.Taken _, Reaction.RefusedAtBoot _, Reaction.Silent _ ->
            findings.add(encounter.words());
      }
    }
    for (FlashChange change : guarded.run().changes()) {
      findings.add(change.words());
    }
    if (!guarded.run().work().equals(FlashWork.NONE)) {
      findings.add(guarded.run().work().words());
    }
  }

  /// The bootloader erases the slot with the image it has refused, and touches nothing else.
  private void refusedAtBoot(Outcome.RefusedAtBoot expected, List<String> findings) {
    AttackRun run = guarded.run();
    if (!run.encounters().stream()
        .map(Encounter::reaction)
        .toList()
        .equals(List.of(new Reaction.RefusedAtBoot(expected.refusal())))) {
      findings.add(
          "expected at boot: %s, got: %s"
              .formatted(expected.refusal().words(), words(run.encounters())));
    }
    for (FlashChange change : run.changes()) {
      if (change.place() != FlashChange.Place.SECONDARY_SLOT) {
        findings.add(change.words());
      }
    }
    if (!FlashChange.secondary(run.after(), run.setup())
        .isFilledWith(run.setup().boot().flash().erasedValue())) {
      findings.add("the refused image is not erased");
    }
    if (run.work().bytesWritten() > 0 || run.work().countersRaised() > 0) {
      findings.add(run.work().words());
    }
  }

  private void harmless(List<String> findings) {
    AttackRun run = guarded.run();
    AttackRun untouched =
        guarded.untouched().orElseThrow(() -> new IllegalStateException("nothing to compare with"));
    if (run.before().equals(untouched.before())) {
      findings.add("the attack has not touched the device at all");
    }
    for (Encounter encounter : run.encounters()) {
      if (!(encounter.reaction() instanceof Reaction.Taken)) {
        findings.add(encounter.words());
      }
    }
    for (FlashChange change : FlashChange.between(untouched.after(), run.after(), run.setup())) {
      findings.add("other than on an untouched device: " + change.words());
    }
  }

  // For people.

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("%-6s%s".formatted(attack.id(), verdict().words()));
    add(lines, "who", attack.actor());
    add(lines, "does", attack.story());
    add(lines, "wants", attack.goal().words());
    add(lines, "expected", attack.expected().words());
    for (Encounter encounter : guarded.run().encounters()) {
      add(lines, "guarded", encounter.words());
    }
    add(lines, "flash", memory());
    control.ifPresentOrElse(
        run -> add(lines, "control", "without %s: %s".formatted(guards(), words(run.goal()))),
        () -> add(lines, "control", "none: there is no check to leave out"));
    for (Alone one : alone) {
      add(lines, "alone", "%s: %s".formatted(one.guard().words(), words(one.run().goal())));
    }
    add(lines, "next", "honest update " + words(guarded.next()));
    return lines;
  }

  private static void add(List<String> lines, String what, String words) {
    lines.add("  %-10s%s".formatted(what, words));
  }

  private String memory() {
    List<FlashChange> changes = guarded.run().changes();
    String words =
        changes.isEmpty()
            ? "byte for byte as before"
            : String.join(", ", changes.stream().map(FlashChange::words).toList());
    return "%s; %s".formatted(words, guarded.run().work().words());
  }

  private String guards() {
    return String.join(", ", attack.guards().stream().map(Guard::words).toList());
  }

  private static String words(GoalState goal) {
    return switch (goal) {
      case REACHED -> "succeeds";
      case MISSED -> "stopped";
      case NOT_TRIED -> "not tried";
    };
  }

  private static String words(List<Encounter> encounters) {
    return String.join("; ", encounters.stream().map(Encounter::words).toList());
  }

  private static String words(UpdateResult result) {
    return switch (result) {
      case UpdateResult.Reached() -> "confirmed";
      case UpdateResult.Refused(_, var refusal, var detail) ->
          "refused, %s: %s".formatted(refusal, detail);
      case UpdateResult.Denied(_, var reason) -> "denied: " + reason;
      case UpdateResult.Stopped(var reason) -> "stopped: " + reason;
    };
  }

  // For machines.

  public CborMap map() {
    CborMap.Builder map =
        CborMap.builder()
            .put("id", attack.id())
            .put("threat", attack.threat())
            .put(
                "verdict",
                switch (verdict()) {
                  case Verdict.Held _ -> "held";
                  case Verdict.Broken _ -> "broken";
                  case Verdict.Untested _ -> "untested";
                });
    switch (verdict()) {
      case Verdict.Held _ -> {}
      case Verdict.Broken(var findings) -> map.put("findings", texts(findings));
      case Verdict.Untested(var why) -> map.put("findings", texts(List.of(why)));
    }
    map.put("actor", attack.actor())
        .put("story", attack.story())
        .put("goal", attack.goal().words())
        .put("guards", texts(attack.guards().stream().map(Guard::words).toList()))
        .put("expected", attack.expected().words())
        .put("guarded", map(guarded.run()));
    control.ifPresent(run -> map.put("control", map(run)));
    return map.put(
            "alone",
            new CborList(
                alone.stream()
                    .<CborItem>map(
                        one ->
                            CborMap.builder()
                                .put("guard", one.guard().words())
                                .put("run", map(one.run()))
                                .build())
                    .toList()))
        .put("next", words(guarded.next()))
        .build();
  }

  private static CborMap map(AttackRun run) {
    return CborMap.builder()
        .put(
            "goal",
            switch (run.goal()) {
              case REACHED -> "reached";
              case MISSED -> "missed";
              case NOT_TRIED -> "not tried";
            })
        .put(
            "encounters",
            new CborList(
                run.encounters().stream()
                    .<CborItem>map(
                        encounter ->
                            CborMap.builder()
                                .put("tried", encounter.tried())
                                .put("answer", encounter.reaction().words())
                                .build())
                    .toList()))
        .put("changes", texts(run.changes().stream().map(FlashChange::words).toList()))
        .put("bytesWritten", run.work().bytesWritten())
        .put("sectorsErased", run.work().sectorsErased())
        .put("countersRaised", run.work().countersRaised())
        .build();
  }

  private static CborList texts(List<String> texts) {
    return new CborList(texts.stream().<CborItem>map(CborText::new).toList());
  }
}
