// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.AttackRun.GoalState;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.device.VirtualDevice;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// Runs attacks: each with all guards, with none of its row's, and with each of them alone, every
/// time against a new device.
public final class AttackRunner {
  /// Makes a device, with these guards left out. The tests of this class make others.
  @FunctionalInterface
  interface DeviceMaker {
    VirtualDevice make(Set<Guard> leftOut);
  }

  private final AttackWorld world;
  private final LongSupplier nanos;
  private final DeviceMaker maker;

  public AttackRunner(AttackWorld world, LongSupplier nanos) {
    this(world, nanos, world::device);
  }

  AttackRunner(AttackWorld world, LongSupplier nanos, DeviceMaker maker) {
    this.world = world;
    this.nanos = nanos;
    this.maker = maker;
  }

  public AttackReport run(Attack attack) {
    Scene scene = scene(Set.of());
    AttackRun guarded = run(attack, scene);
    UpdateResult next = next(scene);
    return new AttackReport(
        attack,
        new AttackReport.Guarded(guarded, untouched(attack), next),
        attack.guards().isEmpty()
            ? Optional.empty()
            : Optional.of(run(attack, scene(Set.copyOf(attack.guards())))),
        alone(attack, guarded));
  }

  private Optional<AttackRun> untouched(Attack attack) {
    return switch (attack.expected()) {
      case Outcome.Harmless _ -> Optional.of(run(withoutTampering(attack), scene(Set.of())));
      case Outcome.RefusedWith _, Outcome.RefusedAtBoot _ -> Optional.empty();
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
      alone.add(new AttackReport.Alone(guard, run(attack, scene(others))));
    }
    return alone;
  }

  private static Attack withoutTampering(Attack attack) {
    return new Attack(
        attack.id(),
        attack.threat(),
        attack.actor(),
        attack.story(),
        attack.guards(),
        attack.expected(),
        attack.goal(),
        attack.program().with(Attack.Program.NO_CABLE));
  }

  private Scene scene(Set<Guard> leftOut) {
    return new Scene(world, maker.make(leftOut), nanos);
  }

  private AttackRun run(Attack attack, Scene scene) {
    VirtualDevice device = scene.device();
    List<Encounter> encounters = new ArrayList<>();
    try {
      attack.program().prepare().happen(scene);
    } catch (IOException e) {
      return notTried(device, silent("what comes before the attack", e));
    }
    attack.program().tamper().lay(world, new Cable(device.flash(), device.setup().boot()));
    FlashSnapshot before = device.flash().snapshot();
    FlashWork[] work = {FlashWork.NONE};
    device.flash().observe(operation -> work[0] = work[0].plus(operation));
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
        work[0],
        attack.goal().sight().isReached(scene) ? GoalState.REACHED : GoalState.MISSED);
  }

  private static AttackRun notTried(VirtualDevice device, Encounter why) {
    FlashSnapshot now = device.flash().snapshot();
    return new AttackRun(
        device.setup(), List.of(why), now, now, FlashWork.NONE, GoalState.NOT_TRIED);
  }

  private static Encounter silent(String tried, IOException e) {
    return new Encounter(tried, new Reaction.Silent(String.valueOf(e.getMessage())));
  }

  /// What an attack leaves behind must not be in the way of the next honest update.
  private static UpdateResult next(Scene scene) {
    try {
      return scene.update(scene.nextHonest(), Wanted.Ending.CONFIRMED);
    } catch (IOException e) {
      return new UpdateResult.Stopped(String.valueOf(e.getMessage()));
    }
  }
}
