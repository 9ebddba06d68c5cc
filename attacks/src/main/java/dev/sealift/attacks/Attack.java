// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import java.io.IOException;
import java.util.List;

/// One attack: a row of the threat model, who does what in words, on what device, the guards that
/// can stop it, how it must end, what the attacker is after, and the program.
public record Attack(
    String id,
    String actor,
    String story,
    Victim victim,
    List<Guard> guards,
    Outcome expected,
    Goal goal,
    Program program) {
  public Attack {
    guards = List.copyOf(guards);
  }

  /// The row of the threat model: T03 for T03a.
  public String threat() {
    return id.substring(0, 3);
  }

  /// What the attacker wants to be true of the device in the end.
  public record Goal(String words, Sight sight) {}

  /// A look at the device from outside, past its own words.
  @FunctionalInterface
  public interface Sight {
    boolean isSeen(Scene scene);
  }

  /// The parts of a run. `peace` is the same without the attacker, for outcomes that are measured
  /// by that; `repair` is what honest people have to do before the next update is possible at all.
  public record Program(
      Honest prepare, Tampering tamper, Strike strike, Strike peace, Honest repair) {
    static final Honest NOTHING_BEFORE = _ -> {};
    static final Tampering NO_CABLE = (_, _) -> {};

    Program with(Tampering byCable) {
      return new Program(prepare, byCable, strike, peace, repair);
    }

    Program after(Honest before) {
      return new Program(before, tamper, strike, peace, repair);
    }

    Program doing(Strike other) {
      return new Program(prepare, tamper, other, peace, repair);
    }

    /// Without the attacker.
    Program inPeace() {
      return new Program(prepare, NO_CABLE, peace, peace, repair);
    }
  }

  Attack with(Program other) {
    return new Attack(id, actor, story, victim, guards, expected, goal, other);
  }

  Attack expecting(Outcome other) {
    return new Attack(id, actor, story, victim, guards, other, goal, program);
  }

  /// What honest people do.
  @FunctionalInterface
  public interface Honest {
    void happen(Scene scene) throws IOException;
  }

  /// What is laid into the flash past the device.
  @FunctionalInterface
  public interface Tampering {
    void lay(Scene scene, Cable cable);
  }

  /// What is asked of the device, and what it made of it.
  @FunctionalInterface
  public interface Strike {
    List<Encounter> carryOut(Scene scene) throws IOException;
  }
}
