// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static dev.sealift.attacks.Row.agent;
import static dev.sealift.attacks.Row.row;

import dev.sealift.boot.SwapType;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.device.SelfTest;
import dev.sealift.permit.Action;
import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Check;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Session;
import dev.sealift.permit.Terms;
import dev.sealift.smp.Files;
import dev.sealift.smp.Images;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Settings;
import dev.sealift.smp.Shell;
import dev.sealift.smp.SmpHeader;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.update.Gate;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may start something, and what else can be done from a link: side doors, hijacked uploads,
/// floods, broken messages, borrowed sessions.
final class LinkAttacks {
  private static final String STRANGER = "anyone in radio range";
  private static final String BONDED = "the owner of a phone that was bonded once";
  private static final String OTHER = "a stranger beside an honest laptop";

  private static final int PAGE = BlockTable.PAGE_BYTES;

  /// Writes that are let through have judges of their own, see [#everyWrite].
  private static final int GROUPS = 70;

  private static final int COMMANDS = 16;

  private static final Files.Write EVIL_FILE =
      new Files.Write("/lfs1/evil", 0, Optional.of(1L), Bytes.ofInts(1));

  private static final Settings.Write EVIL_SETTING =
      new Settings.Write("net/server", Bytes.ofUtf8("evil.example"));

  static final List<Attack> ALL =
      List.of(
          // On trial.
          row("T37a", STRANGER, "resets a device whose new image has not been confirmed yet")
              .after(LinkAttacks::onTrial)
              .does(scene -> List.of(scene.stranger().reset()))
              .wants(
                  "the image before is back",
                  scene -> scene.runs(scene.catalogue().factory().getFirst()))
              .refused(Refusal.R26, Check.ACTION),
          row("T37b", "whoever can cut the power", "cuts it while the new image is on trial")
              .after(LinkAttacks::onTrial)
              .does(scene -> List.of(scene.restart()))
              .inPeace(scene -> List.of())
              .wants("nobody learns that it was reverted", scene -> !isStagedAgain(scene))
              .ends(
                  new Outcome.Detected(
                      "the device runs the image before and tells that the new one waits",
                      LinkAttacks::isStagedAgain)),
          row(
                  "T37c",
                  "whoever can cut the power, or a bad genuine release",
                  "has the same release started and reverted again and again")
              .after(
                  scene -> {
                    for (int i = 0; i < Terms.TRIES_DEFAULT; i++) {
                      onTrial(scene);
                      scene.restart();
                    }
                  })
              .does(
                  scene ->
                      List.of(
                          scene.stranger().mark(scene.honest().hash()), scene.stranger().reset()))
              .wants("it is started once more", scene -> scene.runs(scene.honest().image()))
              .repairedBy(scene -> scene.nextIs(scene.catalogue().next()))
              .refused(Refusal.R12, Check.TRIES),
          row("T38a", STRANGER, "confirms an image that does not know yet whether it is well")
              .after(LinkAttacks::onTrial)
              .does(
                  scene ->
                      List.of(
                          scene.stranger().confirm(),
                          scene.stranger().markForGood(scene.honest().hash())))
              .wants(
                  "it is kept for good, well or not", scene -> scene.requested() != SwapType.REVERT)
              .refused(Refusal.R26, Check.ACTION),
          row("T38b", STRANGER, "asks for a staged image for good, without any trial")
              .after(Deeds::genuineUpload)
              .does(scene -> List.of(scene.stranger().markForGood(scene.honest().hash())))
              .inPeace(scene -> List.of(scene.stranger().mark(scene.honest().hash())))
              .wants("it is marked for good", scene -> scene.requested() == SwapType.PERM)
              .ends(new Outcome.Harmless()),
          row(
                  "T41a",
                  STRANGER,
                  "starts an update of a headless device to a genuine image that nobody asked for")
              .does(
                  scene -> {
                    Edition honest = scene.honest();
                    Attacker stranger = scene.stranger();
                    return List.of(
                        stranger.upload(honest.file()),
                        stranger.mark(honest.hash()),
                        stranger.reset(),
                        stranger.erase());
                  })
              .wants(Goals.runs("an image that its owner did not choose", Scene::honest))
              .refused(Refusal.R18, Check.PERMIT_REQUIRED),
          row("T44a", BONDED, "uses its bond, and no permit, to erase a slot")
              .after(Deeds.HONEST_CONFIRMED)
              .does(
                  scene ->
                      List.of(scene.laptop().erase(), scene.laptop().upload(scene.honest().file())))
              .wants(Goals.erased())
              .refused(Refusal.R26, Check.ACTION),
          row("T44b", BONDED, "goes on with a technician's session when its time is over")
              .after(
                  scene -> {
                    Deeds.HONEST_CONFIRMED.happen(scene);
                    granted(scene, scene.laptop(), Action.ERASE, Action.RESET);
                    scene.pass(Duration.ofSeconds(301));
                  })
              .does(scene -> List.of(scene.laptop().erase(), scene.laptop().reset()))
              .wants(Goals.erased())
              .refused(Refusal.R26, Check.ACTION),
          // Side doors.
          row("T45a", STRANGER, "sets the clock")
              .does(scene -> List.of(scene.stranger().setClock("2040-01-01T00:00:00")))
              .wants(
                  "the device tells another time",
                  scene -> scene.clock().filter(said -> said.startsWith("2040")).isPresent())
              .refused(Refusal.R26, Check.ACTION),
          row("T45b", STRANGER, "resets the device")
              .after(scene -> scene.health(SelfTest.Result.PASSED))
              .does(scene -> List.of(countedReset(scene)))
              .wants("it restarts", scene -> scene.counted("starts") > 0)
              .refused(Refusal.R18, Check.PERMIT_REQUIRED),
          row("T45c", STRANGER, "erases the slot with the image to fall back to")
              .after(Deeds.HONEST_CONFIRMED)
              .does(scene -> List.of(scene.stranger().erase()))
              .wants(Goals.erased())
              .refused(Refusal.R26, Check.ACTION),
          row("T45e", STRANGER, "writes a file")
              .does(scene -> List.of(scene.stranger().ask("write a file", EVIL_FILE)))
              .wants(
                  "it lies on the device", scene -> scene.tells(new Files.Status(EVIL_FILE.name())))
              .refused(Refusal.R26, Check.ACTION),
          row("T45f", STRANGER, "changes a setting")
              .does(scene -> List.of(scene.stranger().ask("change a setting", EVIL_SETTING)))
              .wants(
                  "the device goes by it",
                  scene -> scene.tells(new Settings.Read(EVIL_SETTING.name(), Optional.empty())))
              .refused(Refusal.R26, Check.ACTION),
          row("T45g", STRANGER, "runs a command in the shell")
              .does(scene -> List.of(countedShell(scene)))
              .wants("it runs", scene -> scene.counted("ran") > 0)
              .refused(Refusal.R26, Check.ACTION),
          row("T45d", STRANGER, "sends every command of the protocol that writes, to every group")
              .after(Deeds.HONEST_CONFIRMED)
              .does(scene -> List.of(everyWrite(scene)))
              .wants("one of them is taken", scene -> scene.counted("taken") > 0)
              .refused(Refusal.R26, Check.ACTION),
          // Uploads.
          row("T46a", OTHER, "sends chunks into the laptop's upload")
              .after(LinkAttacks::laptopHalfway)
              .does(
                  scene -> {
                    Bytes noise = scene.world().garbage();
                    return List.of(
                        scene.stranger().chunk(PAGE + 512, noise.slice(PAGE + 512, PAGE + 768)));
                  })
              .wants(
                  "the laptop's next chunk is not the one that is due",
                  scene -> !laptopGoesOn(scene))
              .refused(Refusal.R25, Check.LINK),
          row("T46b", OTHER, "sends the right chunks when the laptop has gone away")
              .after(
                  scene -> {
                    laptopHalfway(scene);
                    scene.pass(Deeds.LINK_GONE);
                  })
              .does(scene -> List.of(scene.stranger().upload(scene.honest().file())))
              .inPeace(scene -> List.of(scene.laptop().upload(scene.honest().file())))
              .wants(
                  "something else lies there",
                  scene -> !scene.device().stage().equals(Optional.of(Gate.Stage.STAGED)))
              .ends(new Outcome.Harmless()),
          row("T46c", OTHER, "breaks the laptop's upload off with chunks that make no sense")
              .after(LinkAttacks::laptopHalfway)
              .does(
                  scene ->
                      List.of(
                          scene
                              .stranger()
                              .chunk(
                                  "begin an upload with one byte",
                                  Images.Upload.first(Bytes.ofInts(1), 100, Bytes.EMPTY)),
                          scene
                              .stranger()
                              .chunk(
                                  "send more than there is room for",
                                  Images.Upload.next(PAGE + 512, Bytes.filled(300, 1)))))
              .wants("the laptop has to begin anew", scene -> !laptopGoesOn(scene))
              .refused(Refusal.R25, Check.LINK),
          row("T46d", OTHER, "drops what the laptop is bringing")
              .after(LinkAttacks::laptopHalfway)
              .does(scene -> List.of(scene.stranger().drop()))
              .wants(
                  "the laptop's release is gone",
                  scene -> scene.device().stage().equals(Optional.of(Gate.Stage.IDLE)))
              .refused(Refusal.R25, Check.LINK, Check.ACTION),
          row("T46e", STRANGER, "drops what waits for its hour, when everybody has gone away")
              .on(Victim.MANAGED)
              .after(
                  scene -> {
                    Deeds.staged(scene, waiting(scene, new ActivationRule.OnConsent()));
                    scene.pass(Duration.ofHours(2));
                    scene.nextIs(atOnce(scene));
                  })
              .does(scene -> List.of(scene.on("passer-by").drop()))
              .wants(
                  "it will not run at its hour",
                  scene -> scene.device().stage().equals(Optional.of(Gate.Stage.IDLE)))
              .refused(Refusal.R26, Check.ACTION),
          row(
                  "T46f",
                  "somebody with a genuine bundle and patience",
                  "keeps the device to themselves: begins, and brings nothing, again and again")
              .does(LinkAttacks::hoard)
              .wants("an honest laptop never gets its turn", scene -> scene.counted("served") == 0)
              .ends(
                  new Outcome.Bounded(
                      "an honest laptop begins within 2 minutes",
                      scene -> scene.counted("served") > 0 && scene.counted("waited") <= 120)),
          row("T47a", STRANGER, "sends a chunk for another offset than the one that is due")
              .after(LinkAttacks::strangerHalfway)
              .does(
                  scene ->
                      List.of(
                          scene.stranger().chunk(3 * 256, scene.world().garbage().first(256)),
                          scene.stranger().chunk(9_000, scene.world().garbage().first(256))))
              .wants("noise lies in the slot", scene -> holdsNoise(scene))
              .ends(new Outcome.Denied()),
          row("T47b", STRANGER, "turns to another image midway")
              .on(Victim.TWO_IMAGES)
              .after(
                  scene -> {
                    Edition app = appOnly(scene);
                    Deeds.permit(scene, app);
                    Deeds.taken(Chunks.of(app.file(), 0, PAGE).sentBy(scene.stranger()));
                  })
              .does(scene -> List.of(scene.stranger().upload(1, scene.honest().file(1))))
              .wants(
                  "bytes lie in the radio's slot",
                  scene -> scene.holdsPageOf(1, scene.honest().file(1)))
              .refused(Refusal.R23, Check.COMPONENT, Check.BLOCK_DIGEST),
          row("T47c", STRANGER, "says midway that the image is longer")
              .after(LinkAttacks::strangerHalfway)
              .does(
                  scene ->
                      List.of(
                          scene
                              .stranger()
                              .upload(scene.honest().file().plus(scene.world().tail()))))
              .wants(
                  "more than was permitted lies in the slot",
                  scene ->
                      scene
                          .secondary(0)
                          .from(scene.honest().file().size())
                          .startsWith(scene.world().tail()))
              .refused(Refusal.R19, Check.SIZE, Check.BLOCK_DIGEST),
          row("T47d", OTHER, "asks for a mark in the middle of the laptop's upload")
              .after(LinkAttacks::laptopHalfway)
              .does(scene -> List.of(scene.stranger().mark(scene.honest().hash())))
              .wants(
                  "the laptop's next page is taken for a wrong one", scene -> !laptopGoesOn(scene))
              .ends(new Outcome.RefusedWith(Refusal.R21)),
          row(
                  "T49a",
                  "somebody on another transport of a device that is client and server",
                  "forges the answer that all is there, without the right numbers")
              .after(Deeds::genuinePermit)
              .does(scene -> List.of(scene.liedTo(Forger.BLIND, scene.honest().file())))
              .inPeace(scene -> List.of(scene.liedTo(Forger.NOBODY, scene.honest().file())))
              .wants(
                  "the upload is taken for whole and is not",
                  scene -> !scene.device().stage().equals(Optional.of(Gate.Stage.STAGED)))
              .ends(new Outcome.Harmless()),
          row(
                  "T49b",
                  "somebody on the path, who sees every number",
                  "forges the answer that all is there, and marks what is not whole")
              .after(
                  scene -> {
                    Deeds.genuinePermit(scene);
                    scene.liedTo(Forger.ON_PATH, scene.honest().file());
                  })
              .does(scene -> List.of(scene.stranger().mark(scene.honest().hash())))
              .wants("half an image is marked", Scene::isMarked)
              .refused(Refusal.R21, Check.IMAGE_DIGEST),
          row(
                  "T49c",
                  "somebody on another transport of a device that is client and server",
                  "answers all the time what nobody has asked")
              .after(Deeds::genuinePermit)
              .does(scene -> List.of(scene.liedTo(Forger.CHATTERER, scene.honest().file())))
              .inPeace(scene -> List.of(scene.liedTo(Forger.NOBODY, scene.honest().file())))
              .wants(
                  "the upload is taken for whole and is not, or never ends",
                  scene -> !scene.device().stage().equals(Optional.of(Gate.Stage.STAGED)))
              .ends(new Outcome.Harmless()),
          // Floods and wear.
          row("T50a", STRANGER, "brings a thousand bundles with bad signatures in ten minutes")
              .does(scene -> List.of(flood(scene, Flood.ONE_LINK)))
              .wants(
                  "more signatures are verified than the budget allows", LinkAttacks::beyondBudget)
              .ends(
                  new Outcome.Bounded(
                      "10 signatures at once, and 10 a minute", scene -> !beyondBudget(scene)),
                  agent(Check.BUDGET)),
          row(
                  "T50b",
                  "strangers on as many links as a device has",
                  "flood it likewise, while an honest laptop comes along")
              .does(scene -> List.of(flood(scene, Flood.ALL_LINKS_AND_HONEST)))
              .wants(
                  "more signatures are verified than the budget allows", LinkAttacks::beyondBudget)
              .ends(
                  new Outcome.Bounded(
                      "the honest bundle is judged within 24 s, during the flood",
                      scene ->
                          !beyondBudget(scene)
                              && scene.counted("served") > 0
                              && scene.counted("waited") <= 24),
                  agent(Check.BUDGET)),
          row("T50c", STRANGER, "floods it with session permits of its own")
              .does(scene -> List.of(sessionFlood(scene)))
              .wants(
                  "more signatures are verified than the budget allows", LinkAttacks::beyondBudget)
              .ends(
                  new Outcome.Bounded(
                      "10 signatures at once, and 10 a minute", scene -> !beyondBudget(scene)),
                  agent(Check.BUDGET)),
          row(
                  "T51a",
                  "somebody with a genuine permit",
                  "breaks the upload off and restarts it a hundred times, each a chunk further")
              .after(Deeds::genuinePermit)
              .does(scene -> List.of(hundredRestarts(scene)))
              .wants("pages are written again and again", LinkAttacks::writtenTwice)
              .ends(
                  new Outcome.Bounded("each page is written once", scene -> !writtenTwice(scene)),
                  agent(Check.WEAR)),
          row("T51b", "somebody with a genuine permit", "brings what is installed once more")
              .after(Deeds.HONEST_CONFIRMED)
              .does(scene -> List.of(scene.stranger().bringBundle(scene.honest().bundle())))
              .wants(
                  "the device takes it again",
                  scene -> !scene.device().stage().equals(Optional.of(Gate.Stage.INSTALLED)))
              .ends(new Outcome.RefusedWith(Refusal.R29)),
          row(
                  "T51c",
                  "somebody with a genuine bundle",
                  "begins uploads and breaks them off at once, to use up what a day allows")
              .after(Deeds::genuinePermit)
              .does(scene -> List.of(emptyBeginnings(scene)))
              .wants(
                  "honest people cannot begin any more today", scene -> !honestGetsThrough(scene))
              .ends(
                  new Outcome.Bounded(
                      "what writes nothing uses nothing up", LinkAttacks::honestGetsThrough)),
          row(
                  "T51d",
                  "somebody with a genuine bundle",
                  "brings it again and again, each time in other papers")
              .on(Victim.BOUNDED)
              .after(
                  scene -> {
                    scene.stranger().bringBundle(scene.papers(scene.honest()));
                    scene.pass(Duration.ofHours(1));
                  })
              .does(scene -> List.of(manyPapers(scene)))
              .wants("each of them is written down", scene -> scene.counted("erased") >= 20)
              .ends(
                  new Outcome.Bounded(
                      "nothing is written but what is new", scene -> scene.counted("erased") <= 4)),
          // When it runs.
          row("T52a", STRANGER, "starts what is staged before its day")
              .on(Victim.MANAGED)
              .after(
                  scene -> {
                    Deeds.staged(
                        scene,
                        approved(
                            scene,
                            scene.honest(),
                            scene.people().draft(scene.honest()).from(People.START + People.DAY)));
                    scene.nextIs(atOnce(scene));
                  })
              .does(LinkAttacks::startStaged)
              .wants(Goals.runs("what was to wait", Scene::honest))
              .refused(Refusal.R30, Check.ACTIVATION),
          row("T52b", STRANGER, "starts what is staged outside its hours")
              .on(Victim.MANAGED)
              .after(waitingFor(new ActivationRule.Daily(22 * 3600, 4 * 3600)))
              .does(LinkAttacks::startStaged)
              .wants(Goals.runs("what was to wait", Scene::honest))
              .refused(Refusal.R30, Check.ACTIVATION),
          row("T52c", STRANGER, "starts what waits for somebody at the device")
              .on(Victim.MANAGED)
              .after(waitingFor(new ActivationRule.OnConsent()))
              .does(LinkAttacks::startStaged)
              .wants(Goals.runs("what was to wait", Scene::honest))
              .refused(Refusal.R30, Check.ACTIVATION),
          row("T52d", STRANGER, "starts what waits for a technician")
              .on(Victim.MANAGED)
              .after(waitingFor(new ActivationRule.WithSession()))
              .does(LinkAttacks::startStaged)
              .wants(Goals.runs("what was to wait", Scene::honest))
              .refused(Refusal.R30, Check.ACTIVATION),
          row(
                  "T52e",
                  STRANGER,
                  "uses somebody's consent to one release for another, which waits for consent too")
              .on(Victim.MANAGED)
              .after(LinkAttacks::consentedToAnother)
              .does(
                  scene ->
                      List.of(
                          scene.stranger().mark(scene.catalogue().next().hash()),
                          scene.stranger().reset()))
              .wants(Goals.runs("what nobody has agreed to", scene -> scene.catalogue().next()))
              .refused(Refusal.R30, Check.ACTIVATION),
          row(
                  "T52f",
                  STRANGER,
                  "restarts the device outside the hours, when the mark was made within them")
              .on(Victim.MANAGED)
              .after(LinkAttacks::markedInItsHours)
              .does(scene -> List.of(scene.stranger().reset()))
              .wants(Goals.runs("what was to wait", Scene::honest))
              .repairedBy(
                  scene -> {
                    scene.pass(Duration.ofHours(18));
                    scene.hearTime();
                  })
              .refused(Refusal.R30, Check.ACTIVATION),
          // Messages that are none.
          row("T53a", STRANGER, "brings a genuine bundle with each of its bytes changed in turn")
              .does(scene -> List.of(damagedBundles(scene)))
              .wants("one of them is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R1),
          row("T53b", STRANGER, "sends bundles that lie about lengths, depth and keys")
              .does(LinkAttacks::brokenBundles)
              .wants("one of them is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R1),
          row("T53c", STRANGER, "sends packets that are no SMP, or half of it")
              .after(Deeds::genuinePermit)
              .does(scene -> List.of(brokenPackets(scene)))
              .wants("the device is silent from then on", scene -> !scene.device().isRunning())
              .ends(new Outcome.Denied()),
          // Borrowed sessions.
          row("T66a", "a relay", "does something else with a technician's session permit")
              .after(
                  scene -> {
                    Deeds.HONEST_CONFIRMED.happen(scene);
                    granted(scene, scene.on("technician"), Action.TIME);
                  })
              .does(
                  scene ->
                      List.of(
                          scene.stranger().erase(),
                          scene.stranger().eraseStorage(),
                          scene.stranger().reset()))
              .wants(Goals.erased())
              .refused(Refusal.R26, Check.ACTION),
          row("T66b", "a relay", "starts another release with a session for this one")
              .on(Victim.MANAGED)
              .after(
                  scene -> {
                    Edition next = scene.catalogue().next();
                    Deeds.staged(
                        scene,
                        approved(
                            scene,
                            next,
                            scene.people().draft(next).starting(new ActivationRule.WithSession())));
                    scene.nextIs(laterAtOnce(scene));
                    Attacker technician = scene.on("technician");
                    Deeds.taken(
                        technician.bringSession(
                            scene
                                .people()
                                .carried(
                                    new Session(
                                        scene.device().setup().identity().device(),
                                        technician.nonce(),
                                        Set.of(Action.ACTIVATE),
                                        Optional.of(scene.honest().digest()),
                                        300))));
                  })
              .does(
                  scene ->
                      List.of(
                          scene.stranger().mark(scene.catalogue().next().hash()),
                          scene.stranger().reset()))
              .wants(Goals.runs("another release", scene -> scene.catalogue().next()))
              .refused(Refusal.R30, Check.ACTIVATION),
          row("T66c", "a wormhole", "carries a session permit to a device far away")
              .after(
                  scene -> {
                    Deeds.HONEST_CONFIRMED.happen(scene);
                    var elsewhere = scene.neighbour(Victim.OPEN);
                    scene.keep(
                        scene
                            .people()
                            .carried(
                                People.session(
                                    elsewhere.setup().identity().device(),
                                    scene.at(elsewhere).nonce(),
                                    Action.ERASE)));
                  })
              .does(
                  scene ->
                      List.of(
                          scene.stranger().bringSession(scene.keptMessage()),
                          scene.stranger().erase()))
              .wants(Goals.erased())
              .refused(Refusal.R10, Check.TARGET, Check.NONCE),
          row(
                  "T66d",
                  "strangers on many links",
                  "ask for all the nonces there are, so that no technician gets one")
              .does(scene -> List.of(nonceFlood(scene)))
              .wants("the technician never gets one", scene -> scene.counted("served") == 0)
              .ends(
                  new Outcome.Bounded(
                      "the technician has one within 2 minutes",
                      scene -> scene.counted("served") > 0 && scene.counted("waited") <= 120)));

  private LinkAttacks() {}

  // On trial.

  private static void onTrial(Scene scene) throws IOException {
    scene.health(SelfTest.Result.RUNNING);
    scene.updated(scene.honest(), Ending.ON_TRIAL);
  }

  private static boolean isStagedAgain(Scene scene) {
    return scene.runs(scene.catalogue().factory().getFirst())
        && scene.device().stage().equals(Optional.of(Gate.Stage.STAGED))
        && scene.tellsOf(scene.honest());
  }

  // Sessions.

  private static void granted(Scene scene, Attacker technician, Action... actions)
      throws IOException {
    Deeds.taken(
        technician.bringSession(
            scene
                .people()
                .carried(
                    People.session(
                        scene.device().setup().identity().device(), technician.nonce(), actions))));
  }

  // Side doors.

  private static Encounter countedReset(Scene scene) throws IOException {
    scene.device().observe(_ -> scene.count("starts", 1));
    return scene.stranger().reset();
  }

  /// Every group and command as a write with an empty map, but for those that have judges of their
  /// own: echo, the upload, and the permit group.
  private static Encounter countedShell(Scene scene) throws IOException {
    Encounter encounter =
        scene
            .stranger()
            .ask("run a shell command", new Shell.Execute(List.of("kernel", "version")));
    if (encounter.reaction() instanceof Reaction.Taken) {
      scene.count("ran", 1);
    }
    return encounter;
  }

  private static Encounter everyWrite(Scene scene) throws IOException {
    List<Encounter> encounters = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      for (int command = 0; command < COMMANDS; command++) {
        if ((group == 0 && command == 0) || (group == 1 && command == 1)) {
          continue;
        }
        Encounter encounter = scene.raw(group, command, SmpHeader.WRITE);
        if (encounter.reaction() instanceof Reaction.Taken) {
          scene.count("taken", 1);
        }
        encounters.add(encounter);
      }
    }
    return new Encounter("write to every group", Reaction.Many.of(encounters));
  }

  // Uploads.

  private static void laptopHalfway(Scene scene) throws IOException {
    Edition honest = scene.honest();
    Deeds.taken(scene.laptop().bringBundle(scene.papers(honest)));
    Deeds.taken(scene.laptop().bringTable(honest.table()));
    Deeds.taken(Chunks.of(honest.file(), 0, PAGE + 512).sentBy(scene.laptop()));
  }

  private static void strangerHalfway(Scene scene) throws IOException {
    Deeds.genuinePermit(scene);
    Deeds.taken(Chunks.of(scene.honest().file(), 0, PAGE).sentBy(scene.stranger()));
  }

  private static boolean laptopGoesOn(Scene scene) {
    try {
      Bytes file = scene.honest().file();
      return Chunks.of(file, PAGE + 512, file.size()).sentBy(scene.laptop()).reaction()
          instanceof Reaction.Taken;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean holdsNoise(Scene scene) {
    Bytes noise = scene.world().garbage();
    Bytes slot = scene.secondary(0);
    return slot.slice(3 * 256, 4 * 256).equals(noise.first(256))
        || slot.slice(9_000, 9_256).equals(noise.first(256));
  }

  private static Edition appOnly(Scene scene) {
    return scene
        .world()
        .made("application alone", () -> scene.honest().only(0, scene.people().releaseQuorum()));
  }

  /// The stranger takes the device over and over without ever bringing a page; the laptop comes
  /// every ten seconds.
  private static List<Encounter> hoard(Scene scene) throws IOException {
    List<Encounter> encounters = new ArrayList<>();
    Edition honest = scene.honest();
    Deeds.genuinePermit(scene);
    Bytes first = honest.file().first(256);
    for (int second = 0; second < 600 && scene.counted("served") == 0; second += 5) {
      encounters.add(
          scene
              .stranger()
              .chunk(
                  "begin an upload",
                  Images.Upload.first(first, honest.file().size(), honest.file().sha256())));
      scene.stranger().bringBundle(variant(scene, honest.bundle(), second));
      scene.pass(Duration.ofSeconds(5));
      if (second >= 60 && second % 10 == 0) {
        Encounter laptop =
            scene
                .laptop()
                .chunk(
                    "begin an upload",
                    Images.Upload.first(first, honest.file().size(), Bytes.EMPTY));
        if (laptop.reaction() instanceof Reaction.Taken) {
          scene.count("served", 1);
        }
        scene.count("waited", 10);
      }
    }
    return List.of(new Encounter("begin an upload", Reaction.Many.of(encounters)));
  }

  /// The same release in other papers: a hint that says a little less each time.
  private static Bundle variant(Scene scene, Bundle bundle, int number) {
    return bundle.withHint(
        new Bundle.Hint(
            scene.people().deviceClass().tag(), new SequenceNumber(People.EPOCH + 1, number)));
  }

  // Floods.

  private enum Flood {
    ONE_LINK,
    ALL_LINKS_AND_HONEST
  }

  private static final int FLOOD_SECONDS = 600;
  private static final int FLOOD_BUNDLES = 1_000;

  /// As many strangers as there are turns to wait for, but for the honest one.
  private static final int FLOOD_LINKS = 3;

  private static Encounter flood(Scene scene, Flood kind) throws IOException {
    List<Encounter> encounters = new ArrayList<>();
    Bytes bundle = badlySigned(scene);
    int links = kind == Flood.ONE_LINK ? 1 : FLOOD_LINKS;
    long before = scene.device().verifications();
    Duration step = Duration.ofSeconds(FLOOD_SECONDS).dividedBy(FLOOD_BUNDLES);
    for (int i = 0; i < FLOOD_BUNDLES; i++) {
      encounters.add(scene.on("flood " + i % links).bringBundle(bundle));
      scene.pass(step);
      if (kind == Flood.ALL_LINKS_AND_HONEST && i >= FLOOD_BUNDLES / 2) {
        honestMeanwhile(scene);
      }
    }
    scene.count("verified", scene.device().verifications() - before);
    return new Encounter(
        "bring %d bad bundles".formatted(FLOOD_BUNDLES), Reaction.Many.of(encounters));
  }

  /// The laptop comes when the flood has gone on for a while, and again when it is told to.
  private static void honestMeanwhile(Scene scene) throws IOException {
    long now = scene.elapsed().toSeconds();
    if (scene.counted("came at") == 0) {
      scene.count("came at", now);
    }
    if (scene.counted("served") > 0 || scene.counted("back at") > now) {
      return;
    }
    Permits.PartReply reply = scene.laptop().sendBundle(scene.papers(scene.honest()).encode());
    if (reply.refusal().orElse(0L) == 0) {
      scene.count("served", 1);
      scene.count("waited", now - scene.counted("came at"));
    } else {
      long wait = reply.retryAfter().map(Duration::toSeconds).orElse(1L);
      scene.count("back at", now + wait - scene.counted("back at"));
    }
  }

  /// A genuine envelope with a known key's name under it and a signature that is not by it.
  private static Bytes badlySigned(Scene scene) {
    SuitEnvelope genuine = scene.honest().envelope();
    List<Bytes> blocks = new ArrayList<>();
    for (Bytes block : genuine.blocks()) {
      byte[] bad = block.toArray();
      bad[bad.length - 1] ^= 1;
      blocks.add(Bytes.of(bad));
    }
    return Bundle.of(genuine.withBlocks(blocks)).encode();
  }

  private static boolean beyondBudget(Scene scene) {
    return scene.counted("verified") > 10 + 10L * FLOOD_SECONDS / 60;
  }

  private static Encounter sessionFlood(Scene scene) throws IOException {
    List<Encounter> encounters = new ArrayList<>();
    Attacker stranger = scene.stranger();
    long before = scene.device().verifications();
    for (int i = 0; i < FLOOD_BUNDLES / 2; i++) {
      Session session =
          People.session(
              scene.device().setup().identity().device(), stranger.nonce(), Action.RESET);
      byte[] message = scene.people().carried(session).toArray();
      message[message.length - 1] ^= 1;
      encounters.add(stranger.bringSession(Bytes.of(message)));
      scene.pass(Duration.ofSeconds(FLOOD_SECONDS).dividedBy(FLOOD_BUNDLES / 2));
    }
    scene.count("verified", scene.device().verifications() - before);
    return new Encounter(
        "bring %d bad session permits".formatted(FLOOD_BUNDLES / 2), Reaction.Many.of(encounters));
  }

  private static Encounter nonceFlood(Scene scene) throws IOException {
    List<Encounter> encounters = new ArrayList<>();
    for (int second = 0; second < 1_200 && scene.counted("served") == 0; second++) {
      encounters.add(scene.on("flood " + second % 40).askNonce());
      if (second >= 60 && second % 5 == 0) {
        Encounter technician = scene.on("technician").askNonce();
        if (technician.reaction() instanceof Reaction.Taken) {
          scene.count("served", 1);
        }
        scene.count("waited", 5);
      }
      scene.pass(Duration.ofSeconds(1));
    }
    return new Encounter("ask for nonces on many links", Reaction.Many.of(encounters));
  }

  // Wear.

  /// Each time a hundredth further than the last time.
  private static Encounter hundredRestarts(Scene scene) throws IOException {
    Bytes file = scene.honest().file();
    List<Encounter> encounters = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      encounters.add(Chunks.of(file, 0, i * file.size() / 100).resumedBy(scene.stranger()));
      scene.count("written", scene.device().flash().use().bytesWritten());
      scene.restart();
      Deeds.taken(scene.stranger().bringTable(scene.honest().table()));
    }
    return new Encounter("upload and break off", Reaction.Many.of(encounters));
  }

  private static boolean writtenTwice(Scene scene) {
    return scene.counted("written") > scene.honest().file().size() + PAGE;
  }

  private static Encounter emptyBeginnings(Scene scene) throws IOException {
    Edition honest = scene.honest();
    List<Encounter> encounters = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      encounters.add(
          scene
              .stranger()
              .chunk(
                  "begin an upload",
                  Images.Upload.first(
                      honest.file().first(256), honest.file().size(), Bytes.EMPTY)));
    }
    scene.pass(Duration.ofMinutes(3));
    return new Encounter("begin uploads and break them off", Reaction.Many.of(encounters));
  }

  private static boolean honestGetsThrough(Scene scene) {
    try {
      return scene.update(scene.honest(), Ending.STAGED).equals(new UpdateResult.Reached());
    } catch (IOException _) {
      return false;
    }
  }

  private static Encounter manyPapers(Scene scene) throws IOException {
    List<Encounter> encounters = new ArrayList<>();
    long before = scene.device().flash().use().erases();
    for (int i = 0; i < 40; i++) {
      encounters.add(
          scene
              .stranger()
              .bringBundle(
                  variant(
                      scene,
                      scene
                          .honest()
                          .bundle()
                          .withEndorsements(List.of(scene.world().approval(scene.honest()))),
                      i)));
      scene.pass(Duration.ofMinutes(2));
    }
    scene.count("erased", scene.device().flash().use().erases() - before);
    return new Encounter("bring the release in other papers", Reaction.Many.of(encounters));
  }

  // When it runs.

  private static Edition approved(Scene scene, Edition edition, EndorsementDraft draft) {
    return edition.with(
        edition.bundle().withEndorsements(List.of(scene.people().approved(draft.word()))));
  }

  private static Edition waiting(Scene scene, ActivationRule rule) {
    return approved(scene, scene.honest(), scene.people().draft(scene.honest()).starting(rule));
  }

  private static Edition atOnce(Scene scene) {
    return scene.catalogue().next();
  }

  private static Edition laterAtOnce(Scene scene) {
    return scene.catalogue().later();
  }

  private static Attack.Honest waitingFor(ActivationRule rule) {
    return scene -> {
      Deeds.staged(scene, waiting(scene, rule));
      scene.nextIs(atOnce(scene));
    };
  }

  private static List<Encounter> startStaged(Scene scene) throws IOException {
    return List.of(
        scene.stranger().mark(scene.honest().hash()),
        scene.stranger().markForGood(scene.honest().hash()),
        scene.stranger().reset());
  }

  private static void consentedToAnother(Scene scene) throws IOException {
    Deeds.staged(scene, waiting(scene, new ActivationRule.OnConsent()));
    scene.device().consent();
    Edition next = scene.catalogue().next();
    Deeds.staged(
        scene,
        approved(scene, next, scene.people().draft(next).starting(new ActivationRule.OnConsent())));
    scene.nextIs(laterAtOnce(scene));
  }

  private static void markedInItsHours(Scene scene) throws IOException {
    // The day begins at 08:00 UTC.
    Deeds.staged(scene, waiting(scene, new ActivationRule.Daily(8 * 3600, 10 * 3600)));
    scene.pass(Deeds.LINK_GONE);
    scene.hearTime();
    Deeds.taken(scene.stranger().mark(scene.honest().hash()));
    scene.pass(Duration.ofHours(6));
  }

  // Messages that are none.

  private static Encounter damagedBundles(Scene scene) throws IOException {
    Bytes genuine = scene.honest().bundle().encode();
    List<Encounter> encounters = new ArrayList<>();
    for (int at = 0; at < genuine.size(); at++) {
      byte[] damaged = genuine.toArray();
      damaged[at] = (byte) (damaged[at] ^ 1 << at % 8);
      encounters.add(scene.stranger().bringBundle(Bytes.of(damaged)));
    }
    return new Encounter(
        "bring %d damaged bundles".formatted(genuine.size()), Reaction.Many.of(encounters));
  }

  private static List<Encounter> brokenBundles(Scene scene) throws IOException {
    Bytes genuine = scene.honest().bundle().encode();
    List<Encounter> encounters = new ArrayList<>();
    for (Bytes broken :
        List.of(
            // Lists within lists, a hundred deep.
            Bytes.filled(100, 0x81).plus(Bytes.ofInts(0)),
            // A byte string of 2^62 bytes.
            Bytes.ofHex("5b4000000000000000"),
            // A map of 2^32 entries.
            Bytes.ofHex("ba ffffffff".replace(" ", "")),
            // The same key twice.
            Bytes.ofHex("a201010101"),
            // Numbers that are longer than they need be.
            Bytes.ofHex("a118010140"),
            // Indefinite lengths.
            Bytes.ofHex("bf0101ff"),
            // A bundle, and something behind it.
            genuine.plus(Bytes.ofInts(0)),
            genuine.first(genuine.size() - 1),
            Bytes.ofInts(0xff))) {
      encounters.add(scene.stranger().bringBundle(broken));
    }
    return encounters;
  }

  private static Encounter brokenPackets(Scene scene) throws IOException {
    Bytes map = Cbor.encode(CborMap.EMPTY);
    List<Encounter> encounters = new ArrayList<>();
    for (Bytes packet :
        List.of(
            Bytes.ofInts(2, 0, 0xff, 0xff, 0, 1, 0, 1).plus(map),
            Bytes.ofInts(2, 0, 0, 0, 3, 0xe8, 0, 2).plus(Bytes.filled(400, 0xff)),
            Bytes.ofInts(7, 0, 0, 1, 0, 1, 0, 1).plus(map),
            Bytes.ofInts(0x1a, 0, 0, 1, 0, 1, 0, 1).plus(map),
            Bytes.ofInts(2, 0, 0, 1, 3, 0xe8, 0, 2).plus(map),
            Bytes.ofInts(2, 0, 0, 100, 0, 1, 0, 1).plus(Bytes.filled(100, 0x9f)),
            Bytes.ofInts(2, 0, 0, 9, 0, 1, 0, 1).plus(Bytes.ofHex("5b7fffffffffffffff")))) {
      encounters.add(scene.packet(packet));
    }
    return new Encounter("send what is no SMP", Reaction.Many.of(encounters));
  }
}
