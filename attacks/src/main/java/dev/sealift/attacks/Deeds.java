// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.Attack.Honest;
import dev.sealift.attacks.Attack.Strike;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What people do more than once, honest ones and others.
final class Deeds {
  /// Long enough for a link that has brought something to have let go of the device.
  static final Duration LINK_GONE = Duration.ofSeconds(31);

  private Deeds() {}

  // Honest.

  static Honest updated(Function<Scene, Edition> edition, Ending ending) {
    return scene -> scene.updated(edition.apply(scene), ending);
  }

  static final Honest HONEST_CONFIRMED = updated(Scene::honest, Ending.CONFIRMED);

  /// The bootloader raises its counter at the first start after the confirmation.
  static final Honest HONEST_CONFIRMED_AND_RESTARTED =
      scene -> {
        HONEST_CONFIRMED.happen(scene);
        scene.restart();
      };

  static Honest both(Honest first, Honest second) {
    return scene -> {
      first.happen(scene);
      second.happen(scene);
    };
  }

  static void taken(Encounter encounter) throws IOException {
    if (!(encounter.reaction() instanceof Reaction.Taken)) {
      throw new IOException(encounter.words());
    }
  }

  /// The papers of what is installed come once more, with this news in them: so does a device hear
  /// of things.
  static void hear(Scene scene, Signed<Beacon> beacon) throws IOException {
    heard(scene, scene.papers(scene.honest()).withBeacon(beacon));
  }

  static void learnRoot(Scene scene, Signed<Root> update) throws IOException {
    heard(scene, scene.papers(scene.honest()).withRootUpdates(List.of(update)));
  }

  /// What is newest today, beside a release that is soon forgotten.
  static void newsHeard(Scene scene) throws IOException {
    heard(scene, scene.papers(scene.older()));
  }

  /// Whatever the device says of the release in them.
  static void heard(Scene scene, Bundle bundle) throws IOException {
    scene.laptop().bringBundle(bundle);
    scene.pass(LINK_GONE);
  }

  // Anybody's.

  /// What anybody can do with a genuine release: its permit is no secret.
  static void genuinePermit(Scene scene) throws IOException {
    permit(scene, scene.honest());
  }

  static void permit(Scene scene, Edition edition) throws IOException {
    Attacker peer = scene.stranger();
    taken(peer.bringBundle(scene.papers(edition, peer)));
    tables(peer, edition);
  }

  static void tables(Attacker peer, Edition edition) throws IOException {
    for (int part = 0; part < edition.files().size(); part++) {
      taken(peer.bringTable(part, edition.table(part)));
    }
  }

  /// And with its image. Step by step: a device that does not check what lies in its slot tells an
  /// updater nothing useful about it.
  static void genuineUpload(Scene scene) throws IOException {
    staged(scene, scene.honest());
  }

  static void staged(Scene scene, Edition edition) throws IOException {
    permit(scene, edition);
    for (int part = 0; part < edition.files().size(); part++) {
      taken(scene.stranger().upload(part, edition.file(part)));
    }
  }

  /// The bundle alone, with nothing around the release.
  static Strike bring(Function<Scene, Edition> edition) {
    return scene -> List.of(scene.stranger().bringBundle(edition.apply(scene).bundle()));
  }

  /// Everything up to the last byte of the image.
  static Strike deliver(Function<Scene, Edition> edition) {
    return scene -> delivered(scene, edition.apply(scene));
  }

  static List<Encounter> delivered(Scene scene, Edition edition) throws IOException {
    Attacker stranger = scene.stranger();
    return List.of(
        stranger.bringBundle(edition.bundle()),
        stranger.bringTable(edition.table()),
        stranger.upload(edition.file()));
  }

  static Strike uploadAndStart(Function<Scene, Edition> edition) {
    return scene -> {
      Edition chosen = edition.apply(scene);
      Attacker stranger = scene.stranger();
      return List.of(
          stranger.upload(chosen.file()), stranger.mark(chosen.hash()), stranger.reset());
    };
  }

  static Strike wholeUpdate(Function<Scene, Edition> edition) {
    return scene -> startedWhole(scene, edition.apply(scene));
  }

  static List<Encounter> startedWhole(Scene scene, Edition edition) throws IOException {
    List<Encounter> encounters = new ArrayList<>(delivered(scene, edition));
    Attacker stranger = scene.stranger();
    encounters.add(stranger.mark(edition.hash()));
    encounters.add(stranger.reset());
    return encounters;
  }
}
