// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.AttackRun.GoalState;
import dev.sealift.boot.ImageRefusal;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.update.UpdateResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What all the runs of one attack showed. The verdict is a function of them; the lines for people
/// and the map for machines say the same.
public record AttackReport(
    Attack attack, Guarded guarded, Optional<AttackRun> control, List<Alone> alone) {
  /// The run with every guard, the same without the attacker where the outcome is measured by
  /// that, how the next honest update ended, and how long it had to wait for its turn.
  public record Guarded(
      AttackRun run, Optional<AttackRun> peace, UpdateResult next, Duration waited) {}

  /// The run with one guard of the row and none of the others.
  public record Alone(Guard guard, AttackRun run) {}

  /// Lines for people are no wider.
  public static final int COLUMNS = 60;

  private static final int LABEL = 12;

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
    goal(findings);
    switch (attack.expected()) {
      case Outcome.RefusedWith refused -> refused(refused, findings);
      case Outcome.Denied _ -> denied(findings);
      case Outcome.RefusedAtBoot refused -> refusedAtBoot(refused, findings);
      case Outcome.NotStarted(var refusal) -> notStarted(refusal, findings);
      case Outcome.Harmless _ -> harmless(findings);
      case Outcome.Detected(var sign, _) -> detected(sign, findings);
      case Outcome.Accepted(var policy, _) -> promised(policy, findings);
      case Outcome.Bounded(var bound, _) -> promised(bound, findings);
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

  private void goal(List<String> findings) {
    boolean allowed = attack.expected() instanceof Outcome.Accepted;
    switch (guarded.run().goal()) {
      case REACHED -> {
        if (!allowed) {
          findings.add("with all guards on, " + attack.goal().words());
        }
      }
      case MISSED -> {
        if (allowed) {
          findings.add(
              "the policy lets it happen, and it did not: " + words(guarded.run().encounters()));
        }
      }
      case NOT_TRIED -> findings.add(words(guarded.run().encounters()));
    }
  }

  /// The named refusal comes first, nothing that is tried after it is taken, and the whole memory
  /// of the device is as it was.
  private void refused(Outcome.RefusedWith expected, List<String> findings) {
    List<Encounter> encounters = guarded.run().encounters();
    if (encounters.isEmpty()
        || !encounters.getFirst().reaction().isRefusalWith(expected.refusal())) {
      findings.add("expected %s, got: %s".formatted(expected.refusal(), words(encounters)));
    }
    nothingTaken(findings);
  }

  private void denied(List<String> findings) {
    if (guarded.run().encounters().isEmpty()) {
      findings.add("nothing was tried");
    }
    nothingTaken(findings);
  }

  private void nothingTaken(List<String> findings) {
    for (Encounter encounter : guarded.run().encounters()) {
      if (!encounter.reaction().isRefusal()) {
        findings.add(encounter.words());
      }
    }
    unchanged(findings);
  }

  private void unchanged(List<String> findings) {
    for (FlashChange change : guarded.run().changes()) {
      findings.add(change.words());
    }
    if (guarded.run().cost().touchesFlash()) {
      findings.add(guarded.run().cost().words());
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
    if (run.cost().bytesWritten() > 0 || run.cost().countersRaised() > 0) {
      findings.add(run.cost().words());
    }
  }

  private void notStarted(ImageRefusal expected, List<String> findings) {
    List<Encounter> encounters = guarded.run().encounters();
    if (encounters.size() != 1
        || !(encounters.getFirst().reaction() instanceof Reaction.Silent(var reason))
        || !reason.contains(expected.words())) {
      findings.add("expected no start: %s, got: %s".formatted(expected.words(), words(encounters)));
    }
    unchanged(findings);
  }

  private void harmless(List<String> findings) {
    AttackRun run = guarded.run();
    AttackRun peace = peace();
    boolean sameDeeds = attack.program().strike() == attack.program().peace();
    if (sameDeeds && run.before().equals(peace.before())) {
      findings.add("the attack has not touched the device at all");
    }
    for (FlashChange change : FlashChange.between(peace.after(), run.after(), run.setup())) {
      findings.add("other than on an untouched device: " + change.words());
    }
  }

  private void detected(String sign, List<String> findings) {
    promised(sign, findings);
    if (peace().sign() == AttackRun.Sign.SEEN) {
      findings.add("without any attack too: " + sign);
    }
  }

  private void promised(String what, List<String> findings) {
    if (guarded.run().sign() != AttackRun.Sign.SEEN) {
      findings.add("not seen: %s; %s".formatted(what, words(guarded.run().encounters())));
    }
  }

  private AttackRun peace() {
    return guarded.peace().orElseThrow(() -> new IllegalStateException("nothing to compare with"));
  }

  // For people.

  /// What stands over the lines of [#line].
  public static String heading() {
    return "row    verdict   ends         guards   sigs   bytes  erases";
  }

  /// The row in one line: how it ended, how many guards stop it, and what it cost the device.
  public String line() {
    String verdict =
        switch (verdict()) {
          case Verdict.Held _ -> "held";
          case Verdict.Broken _ -> "BROKEN";
          case Verdict.Untested _ -> "UNTESTED";
        };
    Cost cost = guarded.run().cost();
    return "%-7s%-10s%-12s%7d%7d%8d%8d"
        .formatted(
            attack.id(),
            verdict,
            attack.expected().brief(),
            attack.guards().size(),
            cost.verifications(),
            cost.bytesWritten(),
            cost.sectorsErased());
  }

  /// All of it.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(lines, attack.id(), verdict().words());
    add(lines, "  who", attack.actor());
    add(lines, "  does", attack.story());
    add(lines, "  wants", attack.goal().words());
    add(lines, "  expected", attack.expected().words());
    for (Encounter encounter : guarded.run().encounters()) {
      add(lines, "  guarded", encounter.words());
    }
    add(lines, "  flash", memory());
    add(lines, "  cost", guarded.run().cost().words());
    control.ifPresentOrElse(
        run -> add(lines, "  control", "without %s: %s".formatted(guards(), words(run.goal()))),
        () -> add(lines, "  control", "none: there is no check to leave out"));
    for (Alone one : alone) {
      add(lines, "  alone", "%s: %s".formatted(one.guard().words(), words(one.run().goal())));
    }
    add(lines, "  next", next());
    return lines;
  }

  private static void add(List<String> lines, String label, String words) {
    String before = label;
    for (String line : wrapped(words)) {
      lines.add("%%-%ds%%s".formatted(LABEL).formatted(before, line));
      before = "";
    }
  }

  /// At blanks, so that no line is wider than the page; a longer word stays whole.
  private static List<String> wrapped(String words) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : words.split(" ", -1)) {
      if (!line.isEmpty() && LABEL + line.length() + 1 + word.length() > COLUMNS) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private String memory() {
    List<FlashChange> changes = guarded.run().changes();
    return changes.isEmpty()
        ? "byte for byte as before"
        : String.join(", ", changes.stream().map(FlashChange::words).toList());
  }

  private String next() {
    String words = "honest update " + words(guarded.next());
    return guarded.waited().isZero()
        ? words
        : "%s, %d s later".formatted(words, guarded.waited().toSeconds());
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
        .put("nextAfterSeconds", guarded.waited().toSeconds())
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
        .put("bytesWritten", run.cost().bytesWritten())
        .put("sectorsErased", run.cost().sectorsErased())
        .put("countersRaised", run.cost().countersRaised())
        .put("verifications", run.cost().verifications())
        .build();
  }

  private static CborList texts(List<String> texts) {
    return new CborList(texts.stream().<CborItem>map(CborText::new).toList());
  }
}
