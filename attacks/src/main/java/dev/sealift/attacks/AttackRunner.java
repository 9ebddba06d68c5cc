// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.AttackRun.GoalState;
import dev.sealift.attacks.AttackRun.Sign;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.device.SelfTest;
import dev.sealift.device.VirtualDevice;
import dev.sealift.update.UpdateResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Runs attacks: each with all guards, with none of its row's, and with each of them alone, every
/// time against a new device.
public final class AttackRunner {
  /// Makes a scene around a device, with these guards left out. The tests of this class make
  /// others.
  @FunctionalInterface
  interface SceneMaker {
    Scene make(Victim victim, Set<Guard> leftOut);
  }

  private final SceneMaker maker;

  public AttackRunner(AttackWorld world) {
    this((victim, leftOut) -> new Scene(world, victim, leftOut));
  }

  AttackRunner(SceneMaker maker) {
    this.maker = maker;
  }

  public AttackReport run(Attack attack) {
    Scene scene = maker.make(attack.victim(), Set.of());
    AttackRun guarded = run(attack, scene);
    Duration end = scene.elapsed();
    UpdateResult next = next(attack, scene);
    return new AttackReport(
        attack,
        new AttackReport.Guarded(guarded, peace(attack), next, scene.elapsed().minus(end)),
        attack.guards().isEmpty()
            ? Optional.empty()
            : Optional.of(run(attack, without(attack, Set.copyOf(attack.guards())))),
        alone(attack, guarded));
  }

  private Scene without(Attack attack, Set<Guard> leftOut) {
    return maker.make(attack.victim(), leftOut);
  }

  private Optional<AttackRun> peace(Attack attack) {
    return switch (attack.expected()) {
      case Outcome.Harmless _, Outcome.Detected _ ->
          Optional.of(run(attack.with(attack.program().inPeace()), without(attack, Set.of())));
      case Outcome.RefusedWith _,
          Outcome.Denied _,
          Outcome.RefusedAtBoot _,
          Outcome.NotStarted _,
          Outcome.Accepted _,
          Outcome.Bounded _ ->
          Optional.empty();
    };
  }

  private List<AttackReport.Alone> alone(Attack attack, AttackRun guarded) {
    if (attack.guards().size() == 1) {
      // To be alone on and to be on are the same then.
      return List.of(new AttackReport.Alone(attack.guards().getFirst(), guarded));
    }
    List<AttackReport.Alone> alone = new ArrayList<>();
    for (Guard guard : attack.guards()) {
      Set<Guard> others = new HashSet<>(attack.guards());
      others.remove(guard);
      alone.add(new AttackReport.Alone(guard, run(attack, without(attack, others))));
    }
    return alone;
  }

  private static AttackRun run(Attack attack, Scene scene) {
    VirtualDevice device = scene.device();
    List<Encounter> encounters = new ArrayList<>();
    try {
      attack.program().prepare().happen(scene);
    } catch (IOException e) {
      return notTried(device, silent("what comes before the attack", e));
    }
    attack.program().tamper().lay(scene, new Cable(device.flash(), device.setup()));
    FlashSnapshot before = device.flash().snapshot();
    long verified = device.verifications();
    Cost[] cost = {Cost.NONE};
    device.flash().observe(operation -> cost[0] = cost[0].plus(operation));
    try {
      encounters.addAll(attack.program().strike().carryOut(scene));
    } catch (IOException e) {
      encounters.add(silent("the attack", e));
    }
    device.flash().observe(_ -> {});
    return new AttackRun(
        device.setup(),
        encounters,
        before,
        device.flash().snapshot(),
        cost[0].verifying(device.verifications() - verified),
        attack.goal().sight().isSeen(scene) ? GoalState.REACHED : GoalState.MISSED,
        sign(attack, scene));
  }

  private static Sign sign(Attack attack, Scene scene) {
    return switch (attack.expected()) {
      case Outcome.Detected(_, var sight) -> seen(sight, scene);
      case Outcome.Accepted(_, var told) -> seen(told, scene);
      case Outcome.Bounded(_, var within) -> seen(within, scene);
      case Outcome.RefusedWith _,
          Outcome.Denied _,
          Outcome.RefusedAtBoot _,
          Outcome.NotStarted _,
          Outcome.Harmless _ ->
          Sign.NONE_PROMISED;
    };
  }

  private static Sign seen(Attack.Sight sight, Scene scene) {
    return sight.isSeen(scene) ? Sign.SEEN : Sign.NOT_SEEN;
  }

  private static AttackRun notTried(VirtualDevice device, Encounter why) {
    FlashSnapshot now = device.flash().snapshot();
    return new AttackRun(
        device.setup(), List.of(why), now, now, Cost.NONE, GoalState.NOT_TRIED, Sign.NONE_PROMISED);
  }

  private static Encounter silent(String tried, IOException e) {
    return new Encounter(tried, new Reaction.Silent(String.valueOf(e.getMessage())));
  }

  /// What an attack leaves behind must not be in the way of the next honest update.
  private static UpdateResult next(Attack attack, Scene scene) {
    try {
      scene.health(SelfTest.Result.PASSED);
      scene.device().tick();
      attack.program().repair().happen(scene);
      return scene.updatePatiently(scene.nextHonest());
    } catch (IOException e) {
      return new UpdateResult.Stopped(String.valueOf(e.getMessage()));
    }
  }
}
