// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static dev.sealift.attacks.Row.row;

import dev.sealift.boot.ImageRefusal;
import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Action;
import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Check;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Terms.Freshness.Mode;
import dev.sealift.permit.TrustState;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is old and pretends to be new: releases, news, approvals, answers.
final class FreshnessAttacks {
  private static final String OLD = "a peer or server with an old genuine release";
  private static final String CABLE = "anyone with a programmer's cable";
  private static final String PEER = "a peer";

  private static final Duration DAYS = Duration.ofDays(3);
  private static final Duration YEAR = Duration.ofDays(365);

  static final List<Attack> ALL =
      List.of(
          // Rollback.
          row("T16a", OLD, "offers it to a device that has confirmed a newer one and restarted")
              .after(Deeds.HONEST_CONFIRMED_AND_RESTARTED)
              .does(Deeds.wholeUpdate(Scene::older))
              .wants(Goals.runs("the older image", Scene::older))
              .ends(
                  new Outcome.RefusedWith(Refusal.R12),
                  Row.agent(Check.SEQUENCE),
                  Guard.OfBootloader.COUNTER_IN_DEVICE),
          row(
                  "T16b",
                  CABLE,
                  "writes an older genuine image with a lower counter into the slot and marks it")
              .after(Deeds.HONEST_CONFIRMED_AND_RESTARTED)
              .byCable((scene, cable) -> cable.installMarked(scene.older().file()))
              .does(scene -> List.of(scene.restart()))
              .wants(Goals.runs("the older image", Scene::older))
              .ends(
                  new Outcome.RefusedAtBoot(ImageRefusal.COUNTER_TOO_LOW),
                  Guard.OfBootloader.COUNTER_IN_DEVICE),
          row(
                  "T16c",
                  "anyone in radio range",
                  "asks for the image that the last update left in the other slot")
              .after(Deeds.HONEST_CONFIRMED_AND_RESTARTED)
              .does(
                  scene -> {
                    Attacker stranger = scene.stranger();
                    Bytes before = factoryHash(scene);
                    return List.of(
                        stranger.mark(before), stranger.markForGood(before), stranger.reset());
                  })
              .wants(
                  "the image before this one runs",
                  scene -> scene.runs(scene.catalogue().factory().getFirst()))
              .ends(
                  new Outcome.RefusedWith(Refusal.R18),
                  Row.agent(Check.PERMIT_REQUIRED),
                  Guard.OfBootloader.COUNTER_IN_DEVICE),
          row("T16d", OLD, "offers it to a device that has heard of a newer one and not run it")
              .after(
                  scene -> {
                    Deeds.genuinePermit(scene);
                    scene.pass(Deeds.LINK_GONE);
                  })
              .does(Deeds.deliver(Scene::older))
              .wants(Goals.released("the older image", Scene::older))
              .refused(Refusal.R12, Check.SEQUENCE),
          row("T16e", OLD, "offers one that the news say is bad")
              .after(Deeds.both(scene -> halted(scene, 4), FreshnessAttacks::onlyNewer))
              .does(Deeds.deliver(Scene::honest))
              .wants(Goals.released("a release known to be bad", Scene::honest))
              .refused(Refusal.R12, Check.FLOOR),
          row(
                  "T16f",
                  "a maker who forgets",
                  "numbers a release higher and leaves its security counter low")
              .after(Deeds.HONEST_CONFIRMED_AND_RESTARTED)
              .does(Deeds.deliver(FreshnessAttacks::lowCounter))
              .wants(Goals.released("what would be refused at boot", FreshnessAttacks::lowCounter))
              .refused(Refusal.R15, Check.SECURITY_COUNTER),
          row(
                  "T16g",
                  "anyone, after a halt",
                  "starts what was staged before the news said that it is bad")
              .after(
                  scene -> {
                    Deeds.genuineUpload(scene);
                    scene.pass(Deeds.LINK_GONE);
                    halted(scene, 4);
                    onlyNewer(scene);
                  })
              .does(
                  scene ->
                      List.of(
                          scene.stranger().mark(scene.honest().hash()), scene.stranger().reset()))
              .wants(Goals.runs("a release known to be bad", Scene::honest))
              .refused(Refusal.R12, Check.FLOOR),
          row(
                  "T16h",
                  "anyone in radio range of a device of two images",
                  "marks the radio's older file beside the permit for a new application")
              .on(Victim.TWO_IMAGES)
              .after(FreshnessAttacks::appStagedBesideOldRadio)
              .does(
                  scene -> {
                    Attacker stranger = scene.stranger();
                    return List.of(stranger.mark(oldRadio(scene)), stranger.reset());
                  })
              .inPeace(
                  scene -> {
                    Attacker stranger = scene.stranger();
                    return List.of(stranger.mark(appOnly(scene).hash()), stranger.reset());
                  })
              .wants(
                  "the older radio runs",
                  scene -> scene.uses(1, scene.catalogue().factory().get(1)))
              .ends(new Outcome.Harmless(), Row.agent(Check.COMPONENT)),
          // Old news.
          row(
                  "T17a",
                  "a peer who kept a release and its beacon for a year",
                  "brings both to a device that was off for longer, and wants to be believed")
              .on(Victim.STRICT)
              .after(
                  scene -> {
                    offForAYear(scene);
                    // The news by themselves are true, and are remembered.
                    Deeds.heard(scene, scene.older().bundle().withBeacon(scene.world().news(1)));
                  })
              .does(FreshnessAttacks::yearOldPapers)
              .wants(Goals.released("last year's image", Scene::honest))
              .refused(Refusal.R16, Check.FRESHNESS),
          row(
                  "T17b",
                  "the same peer",
                  "brings both to a device whose root asks to have heard something")
              .on(Victim.BOUNDED)
              .after(FreshnessAttacks::offForAYear)
              .does(FreshnessAttacks::yearOldPapers)
              .wants(Goals.released("last year's image", Scene::honest))
              .ends(
                  new Outcome.Accepted(
                      "bounded: nobody can tell it otherwise; it tells how old its news are",
                      scene ->
                          scene.mode() == Mode.BOUNDED.id()
                              && scene.newsNumber() == scene.people().news(1).number())),
          row("T17c", "the same peer", "brings it to a device whose root asks for nothing")
              .on(Victim.OPEN)
              .after(FreshnessAttacks::offForAYear)
              .does(Deeds.deliver(Scene::honest))
              .wants(Goals.released("last year's image", Scene::honest))
              .ends(
                  new Outcome.Accepted(
                      "open: the order of releases is all; it tells so to whoever asks",
                      scene -> scene.mode() == Mode.OPEN.id())),
          row("T18a", "a gateway", "gives the same news day after day, and a release with them")
              .on(Victim.STRICT)
              .after(Deeds.HONEST_CONFIRMED)
              .does(
                  scene -> {
                    scene.pass(DAYS);
                    Edition next = scene.catalogue().next();
                    return Deeds.delivered(
                        scene,
                        next.with(
                            next.bundle()
                                .withEndorsements(List.of(scene.world().approval(next)))
                                .withBeacon(scene.world().news(0))));
                  })
              .wants(Goals.released("what is no news any more", scene -> scene.catalogue().next()))
              .refused(Refusal.R16, Check.FRESHNESS),
          row("T18b", "a gateway", "gives the same news day after day")
              .on(Victim.BOUNDED)
              .after(Deeds.HONEST_CONFIRMED)
              .does(scene -> List.of(dayAfterDay(scene, _ -> 0)))
              .inPeace(scene -> List.of(dayAfterDay(scene, Scene::day)))
              .wants("nobody notices", scene -> !scene.isStale())
              .ends(
                  new Outcome.Detected("the device says that its news are stale", Scene::isStale)),
          // Poisoned and old papers.
          row("T33a", "a thief of the freshness key", "says that it is five years later")
              .on(Victim.BOUNDED)
              .does(
                  scene ->
                      List.of(
                          bringNews(
                              scene,
                              scene.people().draft(1).at(People.START + 5 * People.YEAR).beacon())))
              .wants(
                  "every approval has ended",
                  scene ->
                      scene.device().trust().map(TrustState::timeFloor).orElse(0L)
                          > People.START + 4 * People.YEAR)
              .refused(Refusal.R14, Check.BEACON_RANGE),
          row(
                  "T33b",
                  "a thief of the freshness key",
                  "lets a halted release in again with a later beacon that says less")
              .after(
                  scene -> {
                    halted(scene, 4);
                    onlyNewer(scene);
                    Deeds.heard(
                        scene,
                        scene
                            .older()
                            .bundle()
                            .withBeacon(scene.people().said(scene.people().news(9))));
                  })
              .does(Deeds.deliver(Scene::honest))
              .wants(Goals.released("a release known to be bad", Scene::honest))
              .refused(Refusal.R12, Check.FLOOR),
          row("T34a", PEER, "brings last week's beacon, when the release was not known to be bad")
              .after(Deeds.both(scene -> halted(scene, 4), FreshnessAttacks::onlyNewer))
              .does(
                  scene ->
                      Deeds.delivered(
                          scene,
                          scene
                              .honest()
                              .with(scene.honest().bundle().withBeacon(scene.world().news(0)))))
              .wants(Goals.released("a release known to be bad", Scene::honest))
              .refused(Refusal.R12, Check.FLOOR),
          row("T34b", PEER, "brings a release with the approval of another one")
              .on(Victim.MANAGED)
              .does(
                  scene ->
                      Deeds.delivered(
                          scene,
                          scene
                              .honest()
                              .with(
                                  scene
                                      .honest()
                                      .bundle()
                                      .withEndorsements(
                                          List.of(scene.world().approval(scene.older()))))))
              .wants(Goals.released("an image that nobody approved", Scene::honest))
              .refused(Refusal.R4, Check.APPROVAL),
          row("T34c", PEER, "brings an approval that has ended")
              .on(Victim.MANAGED)
              .after(
                  scene ->
                      Deeds.heard(
                          scene, scene.papers(scene.older()).withBeacon(scene.world().news(5))))
              .does(
                  scene ->
                      approvedAs(
                          scene,
                          scene.people().draft(scene.honest()).until(People.START + People.DAY)))
              .wants(Goals.released("an image that is approved no more", Scene::honest))
              .refused(Refusal.R16, Check.EXPIRY),
          row(
                  "T34d",
                  PEER,
                  "brings an operator's first word on a release, which a later one has replaced:"
                      + " it was to run at once, and now waits for a technician")
              .on(Victim.MANAGED)
              .after(
                  scene -> {
                    staged(
                        scene,
                        scene
                            .people()
                            .draft(scene.honest())
                            .serial(8)
                            .starting(new ActivationRule.WithSession()));
                    scene.nextIs(approvedLater(scene));
                  })
              .does(
                  scene -> {
                    List<Encounter> encounters = new ArrayList<>();
                    encounters.add(
                        scene
                            .stranger()
                            .bringBundle(
                                scene
                                    .honest()
                                    .bundle()
                                    .withEndorsements(
                                        List.of(
                                            scene
                                                .people()
                                                .approved(
                                                    scene
                                                        .people()
                                                        .draft(scene.honest())
                                                        .serial(7)
                                                        .word())))));
                    encounters.add(scene.stranger().mark(scene.honest().hash()));
                    encounters.add(scene.stranger().reset());
                    return encounters;
                  })
              .wants(Goals.runs("what was to wait", Scene::honest))
              .refused(Refusal.R16, Check.EXPIRY),
          // Answers.
          row("T35a", PEER, "uses the answer to a nonce twice, the second time days later")
              .on(Victim.STRICT)
              .after(FreshnessAttacks::answerKept)
              .does(scene -> withAnswer(scene, scene.keptAnswer()))
              .wants(Goals.released("what is no news any more", scene -> scene.catalogue().next()))
              .refused(Refusal.R17, Check.NONCE),
          row("T35b", PEER, "brings the answer to another device's nonce")
              .on(Victim.STRICT)
              .after(
                  scene -> {
                    Attacker elsewhere = scene.at(scene.neighbour(Victim.STRICT));
                    scene.keep(scene.answer(elsewhere.nonce()));
                  })
              .does(scene -> withAnswer(scene, scene.keptAnswer()))
              .wants(Goals.released("what was said to another", scene -> scene.catalogue().next()))
              .refused(Refusal.R17, Check.NONCE),
          row("T35c", PEER, "keeps an answer back until the nonce is old")
              .on(Victim.STRICT)
              .after(
                  scene -> {
                    scene.keep(scene.answer(scene.stranger().nonce()));
                    scene.pass(Duration.ofSeconds(601));
                  })
              .does(scene -> withAnswer(scene, scene.keptAnswer()))
              .wants(Goals.released("what was kept back", scene -> scene.catalogue().next()))
              .refused(Refusal.R16, Check.NONCE),
          row("T35d", PEER, "brings to one device the session permit of another")
              .after(
                  Deeds.both(
                      Deeds.HONEST_CONFIRMED,
                      scene -> {
                        var other = scene.neighbour(Victim.OPEN);
                        scene.keep(
                            session(
                                scene, other.setup().identity().device(), scene.at(other).nonce()));
                      }))
              .does(FreshnessAttacks::eraseWithSession)
              .wants(Goals.erased())
              .refused(Refusal.R10, Check.TARGET, Check.NONCE),
          row("T35e", PEER, "brings a technician's session permit a second time, when it is over")
              .after(
                  Deeds.both(
                      Deeds.HONEST_CONFIRMED,
                      scene -> {
                        sessionUsed(scene);
                        scene.pass(Duration.ofSeconds(301));
                      }))
              .does(FreshnessAttacks::eraseWithSession)
              .wants(Goals.erased())
              .refused(Refusal.R17, Check.NONCE),
          row("T35f", PEER, "brings it again after the device has restarted")
              .after(
                  Deeds.both(
                      Deeds.HONEST_CONFIRMED,
                      scene -> {
                        sessionUsed(scene);
                        scene.restart();
                      }))
              .does(FreshnessAttacks::eraseWithSession)
              .wants(Goals.erased())
              .refused(Refusal.R17, Check.NONCE),
          // Memory lost.
          row(
                  "T36a",
                  "an SMP client",
                  "erases the storage, so that the device forgets what it has seen")
              .after(Deeds.HONEST_CONFIRMED)
              .does(scene -> List.of(scene.stranger().eraseStorage()))
              .wants(
                  "the storage is blank",
                  scene ->
                      scene
                          .device()
                          .flash()
                          .peek(
                              scene.device().setup().storage().start(),
                              scene.device().setup().storage().size())
                          .isFilledWith(scene.device().flash().geometry().erasedValue()))
              .refused(Refusal.R26, Check.ACTION),
          row(
                  "T36b",
                  "a bug of the application, or a cable",
                  "erases the storage; then the older release comes")
              .after(Deeds.HONEST_CONFIRMED_AND_RESTARTED)
              .byCable((_, cable) -> cable.eraseStorage())
              .does(
                  scene -> {
                    scene.restart();
                    return Deeds.startedWhole(scene, scene.older());
                  })
              .wants(Goals.runs("the older image", Scene::older))
              .ends(
                  new Outcome.RefusedWith(Refusal.R12),
                  Row.agent(Check.SEQUENCE),
                  Guard.OfBootloader.COUNTER_IN_DEVICE),
          row(
                  "T36c",
                  "a technician's session that goes too far",
                  "erases the storage by leave; then the older release comes")
              .after(
                  scene -> {
                    Deeds.HONEST_CONFIRMED_AND_RESTARTED.happen(scene);
                    Attacker technician = scene.on("technician");
                    Deeds.taken(
                        technician.bringSession(
                            scene
                                .people()
                                .carried(
                                    People.session(
                                        scene.device().setup().identity().device(),
                                        technician.nonce(),
                                        Action.STORAGE))));
                    Deeds.taken(technician.eraseStorage());
                    scene.restart();
                  })
              .does(Deeds.wholeUpdate(Scene::older))
              .wants(Goals.runs("the older image", Scene::older))
              .ends(
                  new Outcome.RefusedWith(Refusal.R12),
                  Row.agent(Check.SEQUENCE),
                  Guard.OfBootloader.COUNTER_IN_DEVICE),
          row(
                  "T39a",
                  OLD,
                  "offers it between the confirmation and the next start, while the counter is low")
              .after(Deeds.HONEST_CONFIRMED)
              .does(Deeds.wholeUpdate(Scene::older))
              .wants(Goals.runs("the older image", Scene::older))
              .refused(Refusal.R12, Check.SEQUENCE));

  private FreshnessAttacks() {}

  private static Bytes factoryHash(Scene scene) {
    return scene
        .catalogue()
        .factory()
        .getFirst()
        .hash()
        .orElseThrow(() -> new IllegalStateException("a signed image has a hash"));
  }

  // Halts.

  /// A beacon says that nothing below that number may be installed.
  private static void halted(Scene scene, long floor) throws IOException {
    Deeds.heard(
        scene,
        scene
            .older()
            .bundle()
            .withBeacon(scene.people().said(scene.people().draft(1).floor(floor).beacon())));
  }

  private static void onlyNewer(Scene scene) {
    scene.nextIs(scene.catalogue().next());
  }

  private static Edition lowCounter(Scene scene) {
    return scene
        .world()
        .made(
            "low counter",
            () ->
                Edition.of(
                    Build.of(scene.people(), 5, 4, 1, 10_000),
                    scene.world().random(),
                    scene.people().releaseQuorum()));
  }

  // Two images.

  private static Edition appOnly(Scene scene) {
    Edition both = scene.catalogue().next();
    return scene
        .world()
        .made("application only", () -> both.only(0, scene.people().releaseQuorum()));
  }

  private static Bytes oldRadio(Scene scene) {
    return scene
        .catalogue()
        .factory()
        .get(1)
        .hash()
        .orElseThrow(() -> new IllegalStateException("a signed image has a hash"));
  }

  private static void appStagedBesideOldRadio(Scene scene) throws IOException {
    scene.updated(scene.honest(), Ending.CONFIRMED);
    scene.pass(Deeds.LINK_GONE);
    Deeds.staged(scene, appOnly(scene));
  }

  // Time passes.

  private static void offForAYear(Scene scene) throws IOException {
    scene.device().powerOff();
    scene.pass(YEAR);
    scene.restart();
  }

  private static List<Encounter> yearOldPapers(Scene scene) throws IOException {
    Edition honest = scene.honest();
    return Deeds.delivered(
        scene,
        honest.with(
            honest
                .bundle()
                .withEndorsements(List.of(scene.world().approval(honest)))
                .withBeacon(scene.world().news(1))));
  }

  private interface Day {
    long of(Scene scene);
  }

  private static Encounter dayAfterDay(Scene scene, Day day) throws IOException {
    List<Encounter> encounters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      scene.pass(Duration.ofDays(1).plusHours(1));
      encounters.add(
          scene
              .stranger()
              .bringBundle(
                  scene.papers(scene.honest()).withBeacon(scene.world().news(day.of(scene)))));
    }
    return new Encounter("bring news", Reaction.Many.of(encounters));
  }

  private static Encounter bringNews(Scene scene, Beacon beacon) throws IOException {
    return scene
        .stranger()
        .bringBundle(scene.papers(scene.honest()).withBeacon(scene.people().said(beacon)));
  }

  // Approvals.

  private static List<Encounter> approvedAs(Scene scene, EndorsementDraft draft)
      throws IOException {
    return Deeds.delivered(scene, approved(scene, scene.honest(), draft));
  }

  private static Edition approved(Scene scene, Edition edition, EndorsementDraft draft) {
    return edition.with(
        edition.bundle().withEndorsements(List.of(scene.people().approved(draft.word()))));
  }

  private static void staged(Scene scene, EndorsementDraft draft) throws IOException {
    Deeds.staged(scene, approved(scene, scene.honest(), draft));
  }

  private static Edition approvedLater(Scene scene) {
    Edition next = scene.catalogue().next();
    return approved(scene, next, scene.people().draft(next).serial(9));
  }

  // Nonces and sessions.

  /// An honest answer is used; days later it is still in somebody's hands.
  private static void answerKept(Scene scene) throws IOException {
    Signed<Beacon> answer = scene.answer(scene.laptop().nonce());
    scene.keep(answer);
    Edition honest = scene.honest();
    Bundle bundle =
        honest
            .bundle()
            .withEndorsements(List.of(scene.world().approval(honest)))
            .withBeacon(answer);
    Deeds.taken(scene.laptop().bringBundle(bundle));
    scene.pass(DAYS);
  }

  private static List<Encounter> withAnswer(Scene scene, Signed<Beacon> answer) throws IOException {
    Edition next = scene.catalogue().next();
    return Deeds.delivered(
        scene,
        next.with(
            next.bundle()
                .withEndorsements(List.of(scene.world().approval(next)))
                .withBeacon(answer)));
  }

  private static Bytes session(Scene scene, DeviceId device, Bytes nonce) {
    return scene.people().carried(People.session(device, nonce, Action.ERASE));
  }

  private static void sessionUsed(Scene scene) throws IOException {
    Attacker technician = scene.on("technician");
    Bytes message = session(scene, scene.device().setup().identity().device(), technician.nonce());
    Deeds.taken(technician.bringSession(message));
    scene.keep(message);
  }

  private static List<Encounter> eraseWithSession(Scene scene) throws IOException {
    return List.of(scene.stranger().bringSession(scene.keptMessage()), scene.stranger().erase());
  }
}
