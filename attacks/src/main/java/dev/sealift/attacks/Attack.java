// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import java.io.IOException;
import java.util.List;

/// One attack: a row of the threat model, who does what in words, the guards that can stop it, how
/// it must end, what the attacker is after, and the program.
public record Attack(
    String id,
    String threat,
    String actor,
    String story,
    List<Guard> guards,
    Outcome expected,
    Goal goal,
    Program program) {
  public Attack {
    guards = List.copyOf(guards);
  }

  /// What the attacker wants to be true of the device in the end.
  public record Goal(String words, Sight sight) {}

  /// A look at the device from outside, past its own words.
  @FunctionalInterface
  public interface Sight {
    boolean isReached(Scene scene);
  }

  /// The three parts of a run.
  public record Program(Honest prepare, Tampering tamper, Strike strike) {
    static final Honest NOTHING_BEFORE = _ -> {};
    static final Tampering NO_CABLE = (_, _) -> {};

    static Program of(Strike strike) {
      return new Program(NOTHING_BEFORE, NO_CABLE, strike);
    }

    Program after(Honest before) {
      return new Program(before, tamper, strike);
    }

    Program with(Tampering byCable) {
      return new Program(prepare, byCable, strike);
    }
  }

  /// What honest people do before the attack.
  @FunctionalInterface
  public interface Honest {
    void happen(Scene scene) throws IOException;
  }

  /// What is laid into the flash past the device.
  @FunctionalInterface
  public interface Tampering {
    void lay(AttackWorld world, Cable cable);
  }

  /// What is asked of the device, and what it made of it.
  @FunctionalInterface
  public interface Strike {
    List<Encounter> carryOut(Scene scene) throws IOException;
  }
}
