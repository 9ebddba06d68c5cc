// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.Attack.Goal;
import dev.sealift.attacks.Attack.Honest;
import dev.sealift.attacks.Attack.Program;
import dev.sealift.attacks.Attack.Strike;
import dev.sealift.attacks.Attack.Tampering;
import dev.sealift.permit.Check;
import dev.sealift.permit.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An attack being written down, so that it reads as it happens: who does what, on which device,
/// after what, for what, and how it ends.
final class Row {
  private static final Honest NOTHING = Program.NOTHING_BEFORE;

  private final String id;
  private final String actor;
  private final String story;
  private Victim victim = Victim.OPEN;
  private Honest prepare = NOTHING;
  private Tampering tamper = Program.NO_CABLE;
  private Honest repair = NOTHING;
  private Optional<Strike> strike = Optional.empty();
  private Optional<Strike> peace = Optional.empty();
  private Optional<Goal> goal = Optional.empty();

  private Row(String id, String actor, String story) {
    this.id = id;
    this.actor = actor;
    this.story = story;
  }

  static Row row(String id, String actor, String story) {
    return new Row(id, actor, story);
  }

  Row on(Victim other) {
    victim = other;
    return this;
  }

  /// What honest people do before.
  Row after(Honest before) {
    prepare = before;
    return this;
  }

  Row byCable(Tampering byCable) {
    tamper = byCable;
    return this;
  }

  Row does(Strike deed) {
    strike = Optional.of(deed);
    return this;
  }

  /// What would have happened without the attacker; the same as with them unless told.
  Row inPeace(Strike deed) {
    peace = Optional.of(deed);
    return this;
  }

  /// What has to be done before honest updates are possible again.
  Row repairedBy(Honest deed) {
    repair = deed;
    return this;
  }

  Row wants(Goal wanted) {
    goal = Optional.of(wanted);
    return this;
  }

  Row wants(String words, Attack.Sight sight) {
    return wants(new Goal(words, sight));
  }

  /// Refused by the agent with that number; each of the checks alone stops it.
  Attack refused(Refusal refusal, Check... checks) {
    return ends(new Outcome.RefusedWith(refusal), guards(checks));
  }

  static Guard[] guards(Check... checks) {
    return Arrays.stream(checks).map(Guard.OfAgent::new).toArray(Guard[]::new);
  }

  static Guard agent(Check check) {
    return new Guard.OfAgent(check);
  }

  Attack ends(Outcome outcome, Guard... guards) {
    Strike deed = strike.orElseThrow(() -> new IllegalStateException(id + " does nothing"));
    return new Attack(
        id,
        actor,
        story,
        victim,
        List.of(guards),
        outcome,
        goal.orElseThrow(() -> new IllegalStateException(id + " wants nothing")),
        new Program(prepare, tamper, deed, peace.orElse(deed), repair));
  }
}
