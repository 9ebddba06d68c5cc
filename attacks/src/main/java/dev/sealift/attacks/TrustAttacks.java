// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static dev.sealift.attacks.Row.row;

import dev.sealift.boot.ImageRefusal;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.Check;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.News;
import dev.sealift.permit.OwnBuild;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.ReleaseMark;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Scope;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Targets;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.VendorId;
import dev.sealift.suit.ComponentId;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseHeaders;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign;
import dev.sealift.suit.cose.CoseSign1;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Who may say what: stolen keys, missing approvals, other people's devices, borrowed roles.
final class TrustAttacks {
  private static final String THIEF = "a thief of one release key";
  private static final String PEER = "a peer with papers of others";
  private static final String DELEGATE = "somebody to whom a part was delegated";

  /// Of a COSE header (RFC 9052, 3.1).
  private static final CborInt ALGORITHM = CborInt.of(1);

  private static final SequenceNumber HIGHEST_OF_EPOCH =
      new SequenceNumber(People.EPOCH, SequenceNumber.PART_MAX);

  static final List<Attack> ALL =
      List.of(
          // What is signed.
          row(
                  "T06a",
                  "a build server in foreign hands",
                  "hands a patched image to be signed; the second signer compares it with their"
                      + " own build")
              .does(TrustAttacks::signedByTwo)
              .wants(Goals.released("the patched image", TrustAttacks::patched))
              .ends(new Outcome.RefusedWith(Refusal.R21), Guard.OfSigner.OWN_BUILD),
          row(
                  "T06b",
                  "a build server in foreign hands",
                  "releases the patched image with the one signature that it got")
              .does(
                  scene ->
                      Deeds.delivered(
                          scene,
                          patched(scene).signedBy(scene.people().keys().release().subList(0, 1))))
              .wants(Goals.released("the patched image", TrustAttacks::patched))
              .refused(Refusal.R4, Check.THRESHOLD),
          // Stolen keys.
          row(
                  "T07a",
                  THIEF,
                  "signs a release of their own with it, one signature of the two that are needed")
              .does(Deeds.deliver(TrustAttacks::halfSigned))
              .wants(Goals.released("the thief's image", TrustAttacks::halfSigned))
              .refused(Refusal.R4, Check.THRESHOLD),
          row(
                  "T07b",
                  "a thief of two release keys",
                  "goes on signing with them after the root was rotated to others")
              .after(Deeds.both(Deeds.HONEST_CONFIRMED, TrustAttacks::releaseKeysReplaced))
              .does(Deeds.deliver(TrustAttacks::stolenlySigned))
              .wants(Goals.released("the thief's image", TrustAttacks::stolenlySigned))
              .refused(Refusal.R3, Check.SIGNATURE),
          row(
                  "T07c",
                  "a thief of two release keys",
                  "goes on signing with them after a beacon has denied one of them")
              .after(
                  Deeds.both(
                      Deeds.HONEST_CONFIRMED,
                      scene -> {
                        List<CoseKeyPair> keys = scene.people().keys().release();
                        Deeds.hear(
                            scene,
                            scene
                                .people()
                                .said(scene.people().draft(1).denying(keys.get(0)).beacon()));
                        scene.makerSigns(keys.subList(1, 3));
                      }))
              .does(Deeds.deliver(TrustAttacks::stolenlySigned))
              .wants(Goals.released("the thief's image", TrustAttacks::stolenlySigned))
              .refused(Refusal.R28, Check.REVOCATION),
          row(
                  "T07d",
                  "a thief of one root key",
                  "makes a next root that trusts nobody but themselves")
              .does(scene -> List.of(bringRoot(scene, thiefsRoot(scene, 1))))
              .wants("the thief's root is trusted", TrustAttacks::trustsAnother)
              .refused(Refusal.R4, Check.THRESHOLD),
          row(
                  "T07e",
                  "a thief of two release keys, not of the image key",
                  "releases an image of their own, uploads and marks it, and restarts the device")
              .after(
                  scene -> {
                    Deeds.staged(scene, stolenlySigned(scene));
                    Deeds.taken(scene.stranger().mark(stolenlySigned(scene).hash()));
                  })
              .does(scene -> List.of(scene.restart()))
              .wants(Goals.runs("the thief's image", TrustAttacks::stolenlySigned))
              .ends(
                  new Outcome.RefusedAtBoot(ImageRefusal.SIGNATURE_MISSING),
                  Guard.OfBootloader.IMAGE_SIGNATURE),
          row(
                  "T08a",
                  "an operator",
                  "signs a manifest of their own, with another digest, as a release")
              .does(Deeds.deliver(TrustAttacks::operatorsRelease))
              .wants(Goals.released("the operator's image", TrustAttacks::operatorsRelease))
              .refused(Refusal.R3, Check.SIGNATURE),
          row(
                  "T08b",
                  "an operator who is let into the maker's release process",
                  "hands an operator's key to the place of the second release key")
              .does(
                  Deeds.deliver(
                      scene ->
                          operatorsRelease(scene)
                              .signedBy(
                                  List.of(
                                      scene.people().keys().release().get(0),
                                      scene.people().keys().approve().get(0)))))
              .wants(Goals.released("the operator's image", TrustAttacks::operatorsRelease))
              .refused(Refusal.R4, Check.THRESHOLD),
          // Approvals.
          row("T09a", "the maker alone", "brings a release that no operator has approved")
              .on(Victim.MANAGED)
              .does(Deeds.deliver(Scene::honest))
              .wants(Goals.released("an image that nobody approved", Scene::honest))
              .refused(Refusal.R4, Check.APPROVAL),
          row("T09b", PEER, "brings it with an approval for another town")
              .on(Victim.MANAGED)
              .does(
                  approvedAs(
                      scene ->
                          scene
                              .people()
                              .approved(
                                  scene
                                      .people()
                                      .draft(scene.honest())
                                      .in(scene.people().south())
                                      .word())))
              .wants(Goals.released("an image that nobody approved here", Scene::honest))
              .refused(Refusal.R11, Check.DEPLOYMENT),
          row("T09c", "the maker alone", "approves it with the release keys")
              .on(Victim.MANAGED)
              .does(
                  approvedAs(
                      scene ->
                          People.sign(
                              scene.people().endorsement(scene.honest()),
                              scene.people().releaseQuorum())))
              .wants(Goals.released("an image that no operator approved", Scene::honest))
              .refused(Refusal.R4, Check.THRESHOLD, Check.SCOPE),
          row("T09d", "one operator of two", "approves it for all devices alone")
              .on(Victim.MANAGED)
              .does(
                  approvedAs(
                      scene ->
                          People.sign(
                              scene.people().endorsement(scene.honest()),
                              scene.people().keys().approve().get(0))))
              .wants(Goals.released("an image that one operator approved", Scene::honest))
              .refused(Refusal.R4, Check.THRESHOLD),
          row("T09e", "a neighbour", "lets a device carry a release for others, and marks it there")
              .on(Victim.CARRIER)
              .after(TrustAttacks::carriedForOthers)
              .does(
                  scene ->
                      List.of(
                          scene.stranger().mark(scene.honest().hash()), scene.stranger().reset()))
              .wants(Goals.runs("what was for others", Scene::honest))
              .refused(Refusal.R10, Check.TARGET),
          row("T09f", "a neighbour", "brings a release for others to a device that carries nothing")
              .on(Victim.MANAGED)
              .does(approvedAs(TrustAttacks::approvedForOthers))
              .wants(Goals.released("what is for others", Scene::honest))
              .refused(Refusal.R10, Check.TARGET),
          // Other devices.
          row("T10a", "a mistake of the maker's", "sends a lamp the heater's firmware")
              .does(Deeds.deliver(TrustAttacks::heaters))
              .wants(Goals.released("the heater's image", TrustAttacks::heaters))
              .refused(Refusal.R9, Check.CLASS),
          row(
                  "T10b",
                  "a maker who sells under two names",
                  "sends a device of one the firmware of the other")
              .does(Deeds.deliver(TrustAttacks::sisters))
              .wants(Goals.released("the sister's image", TrustAttacks::sisters))
              .refused(Refusal.R8, Check.VENDOR, Check.CLASS),
          row(
                  "T10c",
                  "anyone with a programmer's cable",
                  "writes the heater's firmware into the slot, well signed, and marks it")
              .byCable((scene, cable) -> cable.installMarked(heaters(scene).file()))
              .does(scene -> List.of(scene.restart()))
              .wants(Goals.runs("the heater's image", TrustAttacks::heaters))
              .ends(
                  new Outcome.RefusedAtBoot(ImageRefusal.WRONG_CLASS),
                  Guard.OfBootloader.IMAGE_CLASS),
          row(
                  "T11a",
                  "an operator of the south",
                  "brings to the north what they have approved for themselves")
              .on(Victim.MANAGED)
              .does(
                  scene ->
                      southern(
                          scene,
                          scene.people().draft(scene.honest()).in(scene.people().south()).word()))
              .wants(Goals.released("an image that nobody approved here", Scene::honest))
              .refused(Refusal.R11, Check.DEPLOYMENT),
          row("T11b", "an operator of the south", "says of it that it is approved for the north")
              .on(Victim.MANAGED)
              .does(scene -> southern(scene, scene.people().endorsement(scene.honest())))
              .wants(Goals.released("an image that nobody approved here", Scene::honest))
              .refused(Refusal.R5, Check.SCOPE),
          row(
                  "T13b",
                  DELEGATE,
                  "releases for the application with keys that are good for the radio alone")
              .does(
                  scene ->
                      delegated(
                          scene,
                          new Scope(
                              List.of(),
                              List.of(),
                              List.of(ComponentId.of(Bytes.ofInts(1))),
                              List.of(),
                              Optional.empty(),
                              List.of())))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .refused(Refusal.R5, Check.SCOPE),
          // Numbers.
          row(
                  "T19a",
                  "a thief of two release keys",
                  "numbers a release so high that nothing could ever follow: 2^63")
              .does(Deeds.deliver(TrustAttacks::absurd))
              .wants(Goals.released("the thief's image", TrustAttacks::absurd))
              .refused(Refusal.R14, Check.SEQUENCE_RANGE),
          row("T19b", DELEGATE, "numbers a release beyond what was given to them")
              .does(
                  scene ->
                      delegated(
                          scene,
                          scene
                              .people()
                              .ownClass()
                              .withSequences(
                                  new SequenceNumber(People.EPOCH, 1),
                                  new SequenceNumber(People.EPOCH, 3))))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .refused(Refusal.R14, Check.SEQUENCE_RANGE),
          row(
                  "T19c",
                  "a thief of the freshness key",
                  "numbers a beacon so high that none could ever follow")
              .on(Victim.BOUNDED)
              .does(
                  scene ->
                      List.of(bringNews(scene, scene.people().draft(0).number(1L << 40).beacon())))
              .wants("no honest beacon is news any more", scene -> newsNumber(scene) >= 1L << 40)
              .refused(Refusal.R14, Check.BEACON_RANGE),
          row(
                  "T19d",
                  "a thief of two release keys",
                  "takes the last number of the epoch; the root begins the next one")
              .does(scene -> List.of(scene.stranger().bringBundle(last(scene).bundle())))
              .wants(
                  "no release of this epoch can follow",
                  scene ->
                      scene
                          .known()
                          .map(ReleaseMark::sequence)
                          .equals(Optional.of(HIGHEST_OF_EPOCH)))
              .repairedBy(TrustAttacks::nextEpoch)
              .ends(
                  new Outcome.Accepted(
                      "enough release keys say what is newest, until the root's next epoch",
                      scene -> scene.tellsOf(last(scene)))),
          row("T20a", "an insider", "has a second release signed with the number of the first")
              .after(
                  scene -> {
                    Deeds.genuinePermit(scene);
                    Deeds.taken(scene.stranger().drop());
                  })
              .does(Deeds.deliver(TrustAttacks::twin))
              .wants(Goals.released("the second image", TrustAttacks::twin))
              .refused(Refusal.R13, Check.EQUIVOCATION),
          row("T20b", "an insider", "brings the second release first; the news name the other one")
              .after(
                  scene -> {
                    Beacon.Standing standing =
                        Beacon.Standing.of(
                            new SequenceNumber(People.EPOCH, 1), scene.honest().mark());
                    Deeds.heard(
                        scene,
                        scene
                            .older()
                            .bundle()
                            .withBeacon(
                                scene
                                    .people()
                                    .said(scene.people().draft(1).latest(standing).beacon())));
                  })
              .does(Deeds.deliver(TrustAttacks::twin))
              .wants(Goals.released("the second image", TrustAttacks::twin))
              .refused(Refusal.R13, Check.EQUIVOCATION),
          // Roots.
          row(
                  "T30a",
                  "a thief of root keys that the second root has replaced",
                  "leaves that one out and brings a third of their own")
              .does(scene -> List.of(bringRoot(scene, thiefsRoot(scene, 2, 3))))
              .wants("the thief's root is trusted", TrustAttacks::trustsAnother)
              .refused(Refusal.R7, Check.ROOT_VERSION),
          row("T30b", "a thief of one root key", "signs a next root with it twice")
              .does(
                  scene ->
                      List.of(
                          bringRoot(
                              scene,
                              thiefsRoot(scene, 1).signedBy(scene.people().keys().root().get(0)))))
              .wants("the thief's root is trusted", TrustAttacks::trustsAnother)
              .refused(Refusal.R4, Check.THRESHOLD),
          row(
                  "T30c",
                  "an insider",
                  "brings a next root whose keys nobody has, and so nobody has signed with")
              .does(scene -> List.of(bringRoot(scene, unheldRoot(scene))))
              .wants("a root that can never be changed is trusted", TrustAttacks::trustsAnother)
              .refused(Refusal.R3, Check.SIGNATURE),
          row("T30d", "a thief of two root keys", "takes the epoch back")
              .does(
                  scene ->
                      List.of(
                          bringRoot(
                              scene,
                              scene
                                  .people()
                                  .rotated(
                                      scene.people().root(2, 0, Policy.OPEN, scene.people().keys()),
                                      scene.people().keys()))))
              .wants("releases of before count again", TrustAttacks::trustsAnother)
              .refused(Refusal.R7, Check.ROOT_VERSION),
          row("T30e", THIEF, "signs a release with it twice")
              .does(Deeds.deliver(TrustAttacks::twiceSigned))
              .wants(Goals.released("the thief's image", TrustAttacks::twiceSigned))
              .refused(Refusal.R4, Check.THRESHOLD),
          row(
                  "T30f",
                  "a peer and a thief of release keys that were replaced",
                  "brings the first root once more, and a release by its keys")
              .after(Deeds.both(Deeds.HONEST_CONFIRMED, TrustAttacks::releaseKeysReplaced))
              .does(
                  scene ->
                      List.of(
                          scene
                              .stranger()
                              .bringBundle(
                                  stolenlySigned(scene)
                                      .bundle()
                                      .withRootUpdates(
                                          List.of(
                                              People.sign(
                                                  scene.people().root(Policy.OPEN),
                                                  scene.people().rootQuorum()))))))
              .wants("the release is accepted", scene -> accepted(scene, stolenlySigned(scene)))
              .refused(Refusal.R3, Check.SIGNATURE),
          row(
                  "T30g",
                  "a thief of the freshness key",
                  "says that a root is in force that does not exist")
              .on(Victim.BOUNDED)
              .does(
                  scene ->
                      List.of(bringNews(scene, scene.people().draft(1).rootVersion(99).beacon())))
              .wants("the thief is believed", scene -> newsNumber(scene) > 0)
              .refused(Refusal.R7, Check.ROOT_VERSION),
          // Delegation.
          row("T31a", DELEGATE, "who may speak for heaters releases for lamps")
              .does(scene -> delegated(scene, heaterScope(scene)))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .refused(Refusal.R5, Check.SCOPE),
          row("T31b", DELEGATE, "passes it on, and on, and on once more")
              .on(Victim.MANAGED)
              .does(scene -> approvedBy(scene, chain(scene, 3)))
              .wants(Goals.released("an image that a friend's friend approved", Scene::honest))
              .refused(Refusal.R6, Check.DELEGATION),
          row("T31c", "two friends", "certify each other")
              .on(Victim.MANAGED)
              .does(scene -> approvedBy(scene, circle(scene)))
              .wants(Goals.released("an image that two friends approved", Scene::honest))
              .refused(Refusal.R6),
          row("T31d", "operators", "make somebody a maker")
              .on(Victim.OPEN)
              .does(scene -> delegatedBy(scene, scene.people().approveQuorum()))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .refused(Refusal.R6, Check.DELEGATION),
          row("T31e", THIEF, "makes two keys of their own into release keys with it")
              .does(scene -> delegatedBy(scene, scene.people().keys().release().subList(0, 1)))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .refused(Refusal.R6, Check.DELEGATION),
          row("T31f", DELEGATE, "gives more than they have got")
              .on(Victim.MANAGED)
              .does(TrustAttacks::wider)
              .wants(Goals.released("an image that nobody approved here", Scene::honest))
              .refused(Refusal.R5, Check.SCOPE),
          row("T32a", "a distributor who was one", "goes on after the last beacon of their time")
              .after(
                  Deeds.both(
                      Deeds.HONEST_CONFIRMED,
                      scene -> Deeds.hear(scene, scene.people().said(scene.people().news(10)))))
              .does(scene -> delegatedUntil(scene, scene.people().news(9).number()))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .refused(Refusal.R28, Check.REVOCATION),
          row(
                  "T32b",
                  "a distributor who was one",
                  "goes to a device that has not heard of that beacon")
              .does(scene -> delegatedUntil(scene, scene.people().news(9).number()))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .ends(
                  new Outcome.Accepted(
                      "what nobody has told a device it cannot know; it tells what it has heard",
                      scene -> scene.tellsOf(delegates(scene)) && newsNumber(scene) == 0)),
          // Signatures for something else.
          row(
                  "T40a",
                  "somebody who got an operator to sign something else",
                  "uses a signature over a session permit's bytes as an approval")
              .on(Victim.MANAGED)
              .does(approvedAs(TrustAttacks::crossSigned))
              .wants(Goals.released("an image that nobody approved", Scene::honest))
              .refused(Refusal.R3, Check.SIGNATURE),
          row("T40b", "anyone", "says that a signature is of another algorithm")
              .does(
                  scene ->
                      Deeds.delivered(
                          scene,
                          scene
                              .honest()
                              .with(relabelled(scene.honest(), CoseAlgorithm.ED25519.id()))))
              .wants(
                  Goals.released("it is read by another algorithm, and its image", Scene::honest))
              .refused(Refusal.R3, Check.SIGNATURE),
          row("T40c", "anyone", "names an algorithm that nobody knows")
              .does(scene -> List.of(scene.stranger().bringBundle(relabelled(scene.honest(), -99))))
              .wants("it is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R2),
          // What is left out.
          row("T65a", "a peer", "passes a release on without its approval")
              .on(Victim.BOUNDED)
              .after(Deeds::newsHeard)
              .does(stripped(bundle -> bundle.withEndorsements(List.of())))
              .wants(Goals.released("an image without approval", Scene::honest))
              .refused(Refusal.R4, Check.APPROVAL),
          row("T65b", "a peer", "passes it on without its beacon")
              .on(Victim.BOUNDED)
              .does(
                  stripped(
                      bundle ->
                          new Bundle(
                              bundle.envelope(),
                              bundle.certificates(),
                              bundle.endorsements(),
                              Optional.empty(),
                              bundle.rootUpdates(),
                              bundle.hint())))
              .wants(Goals.released("an image without news", Scene::honest))
              .refused(Refusal.R16, Check.FRESHNESS),
          row("T65c", "a peer", "passes it on without one of its signatures")
              .on(Victim.BOUNDED)
              .after(Deeds::newsHeard)
              .does(
                  stripped(
                      (scene, bundle) ->
                          bundle.withEnvelope(
                              scene
                                  .honest()
                                  .envelope()
                                  .withBlocks(scene.honest().envelope().blocks().subList(0, 1))
                                  .encode())))
              .wants(Goals.released("an image with one signature", Scene::honest))
              .refused(Refusal.R4, Check.THRESHOLD),
          row("T65d", "a peer", "passes a delegate's release on without the certificates")
              .does(scene -> Deeds.delivered(scene, delegates(scene)))
              .wants(Goals.released("the delegate's image", TrustAttacks::delegates))
              .refused(Refusal.R3, Check.SIGNATURE),
          row(
                  "T65e",
                  "a peer and a thief of release keys that were replaced",
                  "leaves out the root that replaced them; the news still tell of it")
              .on(Victim.BOUNDED)
              .does(
                  scene -> {
                    Edition stolen = stolenlySigned(scene);
                    return Deeds.delivered(
                        scene,
                        stolen.with(
                            stolen
                                .bundle()
                                .withEndorsements(List.of(scene.world().approval(stolen)))
                                .withBeacon(
                                    scene
                                        .people()
                                        .said(scene.people().draft(0).rootVersion(2).beacon()))));
                  })
              .wants(Goals.released("the thief's image", TrustAttacks::stolenlySigned))
              .refused(Refusal.R7, Check.ROOT_VERSION));

  private TrustAttacks() {}

  // Releases that ought not to be.

  private static Edition patched(Scene scene) {
    // The build server has the image key: its image would boot.
    return scene
        .world()
        .made(
            "patched",
            () ->
                Edition.of(
                    Build.of(scene.people(), 5, 6, 2, 10_000),
                    scene.world().random(),
                    scene.people().releaseQuorum()));
  }

  private static List<Encounter> signedByTwo(Scene scene) throws IOException {
    Edition patched = patched(scene);
    List<CoseKeyPair> signers = new ArrayList<>(scene.people().keys().release().subList(0, 1));
    List<Encounter> encounters = new ArrayList<>();
    // The same sources, built by the second signer.
    Bytes own = Build.of(scene.people(), 5, 6, 2, 10_000).image(scene.world().random()).write();
    String tried = "compare the release with the second signer's own build";
    if (scene.isOn(Guard.OfSigner.OWN_BUILD)
        && OwnBuild.judge(patched.release(), List.of(own))
            instanceof OwnBuild.Judgement.Refused(var refusal, var detail)) {
      encounters.add(new Encounter(tried, new Reaction.Refused(refusal, detail)));
    } else {
      signers.add(scene.people().keys().release().get(1));
    }
    encounters.addAll(Deeds.delivered(scene, patched.signedBy(signers)));
    return encounters;
  }

  private static Edition thiefs(Scene scene, String name, List<CoseKeyPair> signers) {
    return scene
        .world()
        .made(
            name,
            () ->
                Edition.of(
                    scene.world().foreignBuild().numbered(new SequenceNumber(People.EPOCH, 4)),
                    scene.world().random(),
                    signers));
  }

  private static Edition halfSigned(Scene scene) {
    return thiefs(scene, "half signed", scene.people().keys().release().subList(0, 1));
  }

  private static Edition stolenlySigned(Scene scene) {
    return thiefs(scene, "stolen", scene.people().releaseQuorum());
  }

  private static Edition twiceSigned(Scene scene) {
    CoseKeyPair stolen = scene.people().keys().release().get(0);
    return thiefs(scene, "twice signed", List.of(stolen, stolen));
  }

  private static Edition operatorsRelease(Scene scene) {
    return thiefs(scene, "operator's", scene.people().approveQuorum());
  }

  private static Edition heaters(Scene scene) {
    VendorId vendor = scene.people().vendor();
    return built(
        scene,
        "heater's",
        Build.of(scene.people(), 5, 6, 2, 10_000).forClass(vendor, ClassId.of(vendor, "heater")));
  }

  private static Edition sisters(Scene scene) {
    VendorId vendor = VendorId.ofDomain("sister.example");
    return built(
        scene,
        "sister's",
        Build.of(scene.people(), 5, 6, 2, 10_000).forClass(vendor, ClassId.of(vendor, "lamp")));
  }

  private static Edition built(Scene scene, String name, Build build) {
    return scene
        .world()
        .made(
            name, () -> Edition.of(build, scene.world().random(), scene.people().releaseQuorum()));
  }

  private static Edition absurd(Scene scene) {
    return scene
        .world()
        .made(
            "absurd",
            () ->
                Edition.of(
                    scene.world().foreignBuild().numbered(new SequenceNumber(1L << 31, 0)),
                    scene.world().foreign().image(),
                    scene.people().releaseQuorum()));
  }

  private static Edition last(Scene scene) {
    return scene
        .world()
        .made(
            "last",
            () ->
                Edition.of(
                    scene.world().foreignBuild().numbered(HIGHEST_OF_EPOCH),
                    scene.world().foreign().image(),
                    scene.people().releaseQuorum()));
  }

  private static Edition twin(Scene scene) {
    return built(scene, "twin", Build.of(scene.people(), 2, 3, 2, 9_900));
  }

  private static boolean accepted(Scene scene, Edition edition) {
    return scene.known().equals(Optional.of(edition.mark()));
  }

  // Roots.

  private static void releaseKeysReplaced(Scene scene) throws IOException {
    List<CoseKeyPair> replaced = Keys.three(scene.world().random());
    Keys next = scene.people().keys().withRelease(replaced);
    Deeds.learnRoot(
        scene,
        scene.people().rotated(scene.people().root(2, People.EPOCH, Policy.OPEN, next), next));
    scene.makerSigns(replaced.subList(0, 2));
  }

  /// The next root as its thief would have it, with so many genuine signatures.
  private static Signed<Root> thiefsRoot(Scene scene, int stolen) {
    return thiefsRoot(scene, stolen, 2);
  }

  private static Signed<Root> thiefsRoot(Scene scene, int stolen, long version) {
    Keys own = Keys.fresh(scene.world().random());
    List<CoseKeyPair> signers = new ArrayList<>(scene.people().keys().root().subList(0, stolen));
    signers.addAll(own.root().subList(0, 2));
    return People.sign(scene.people().root(version, People.EPOCH, Policy.OPEN, own), signers);
  }

  private static Signed<Root> unheldRoot(Scene scene) {
    Keys unheld = scene.people().keys().withRoot(Keys.three(scene.world().random()));
    return People.sign(
        scene.people().root(2, People.EPOCH, Policy.OPEN, unheld), scene.people().rootQuorum());
  }

  private static Encounter bringRoot(Scene scene, Signed<Root> root) throws IOException {
    return scene.stranger().bringBundle(scene.honest().bundle().withRootUpdates(List.of(root)));
  }

  private static boolean trustsAnother(Scene scene) {
    return !scene.device().trust().map(TrustState::root).equals(scene.device().setup().root());
  }

  /// The root takes back what was said with the lesser keys, and the maker goes on from there.
  private static void nextEpoch(Scene scene) {
    Keys next = scene.people().keys().withRelease(Keys.three(scene.world().random()));
    Build build =
        Build.of(scene.people(), 6, 1, 2, 10_000).numbered(new SequenceNumber(People.EPOCH + 1, 1));
    Edition edition = Edition.of(build, scene.world().random(), next.release().subList(0, 2));
    scene.nextIs(
        edition.with(
            edition
                .bundle()
                .withRootUpdates(
                    List.of(
                        scene
                            .people()
                            .rotated(
                                scene.people().root(2, People.EPOCH + 1, Policy.OPEN, next),
                                next)))));
  }

  // News.

  private static Encounter bringNews(Scene scene, Beacon beacon) throws IOException {
    return scene
        .stranger()
        .bringBundle(scene.papers(scene.honest()).withBeacon(scene.people().said(beacon)));
  }

  private static long newsNumber(Scene scene) {
    return scene.device().trust().flatMap(TrustState::news).map(News::number).orElse(0L);
  }

  // Approvals.

  private static Attack.Strike approvedAs(Function<Scene, Signed<Endorsement>> word) {
    return scene ->
        Deeds.delivered(
            scene,
            scene
                .honest()
                .with(scene.honest().bundle().withEndorsements(List.of(word.apply(scene)))));
  }

  private static Signed<Endorsement> approvedForOthers(Scene scene) {
    return scene
        .people()
        .approved(
            scene
                .people()
                .draft(scene.honest())
                .targets(
                    Targets.Listed.of(
                        List.of(scene.neighbour(scene.victim()).setup().identity().device())))
                .word());
  }

  private static void carriedForOthers(Scene scene) throws IOException {
    Edition honest = scene.honest();
    Attacker neighbour = scene.stranger();
    Deeds.taken(
        neighbour.bringBundle(honest.bundle().withEndorsements(List.of(approvedForOthers(scene)))));
    Deeds.tables(neighbour, honest);
    Deeds.taken(neighbour.upload(honest.file()));
  }

  private static List<Encounter> southern(Scene scene, Endorsement word) throws IOException {
    CoseKeyPair operator = scene.people().stranger();
    CoseKeyPair second = scene.people().stranger();
    Scope south =
        new Scope(
            List.of(),
            List.of(),
            List.of(),
            List.of(scene.people().south().bytes()),
            Optional.empty(),
            List.of());
    Bundle bundle =
        scene
            .honest()
            .bundle()
            .withCertificates(
                List.of(
                    certified(scene, Role.APPROVE, operator, south),
                    certified(scene, Role.APPROVE, second, south)))
            .withEndorsements(List.of(People.sign(word, operator, second)));
    return Deeds.delivered(scene, scene.honest().with(bundle));
  }

  private static Signed<Certificate> certified(
      Scene scene, Role role, CoseKeyPair key, Scope scope) {
    return People.sign(
        People.certificate(role, key, scope),
        role == Role.APPROVE ? scene.people().approveQuorum() : scene.people().releaseQuorum());
  }

  /// Approvals for one listed device, so that one approver is enough.
  private static List<Encounter> approvedBy(Scene scene, Chain chain) throws IOException {
    return Deeds.delivered(
        scene,
        scene
            .honest()
            .with(
                scene
                    .honest()
                    .bundle()
                    .withCertificates(chain.certificates())
                    .withEndorsements(List.of(People.sign(forThisDevice(scene), chain.last())))));
  }

  private static Endorsement forThisDevice(Scene scene) {
    return scene
        .people()
        .draft(scene.honest())
        .targets(Targets.Listed.of(List.of(scene.device().setup().identity().device())))
        .word();
  }

  /// Certificates, and the key at the end of them.
  private record Chain(List<Signed<Certificate>> certificates, CoseKeyPair last) {}

  private static Chain chain(Scene scene, int length) {
    List<Signed<Certificate>> certificates = new ArrayList<>();
    CoseKeyPair issuer = scene.people().keys().approve().get(0);
    for (int i = 0; i < length; i++) {
      CoseKeyPair next = scene.people().stranger();
      certificates.add(
          People.sign(People.certificate(Role.APPROVE, next, scene.people().ownClass()), issuer));
      issuer = next;
    }
    return new Chain(certificates, issuer);
  }

  private static Chain circle(Scene scene) {
    CoseKeyPair one = scene.people().stranger();
    CoseKeyPair two = scene.people().stranger();
    Scope scope = scene.people().ownClass();
    return new Chain(
        List.of(
            People.sign(People.certificate(Role.APPROVE, one, scope), two),
            People.sign(People.certificate(Role.APPROVE, two, scope), one)),
        one);
  }

  private static List<Encounter> wider(Scene scene) throws IOException {
    CoseKeyPair one = scene.people().stranger();
    CoseKeyPair two = scene.people().stranger();
    return approvedBy(
        scene,
        new Chain(
            List.of(
                People.sign(
                    People.certificate(Role.APPROVE, one, heaterScope(scene)),
                    scene.people().keys().approve().get(0)),
                People.sign(People.certificate(Role.APPROVE, two, scene.people().ownClass()), one)),
            two));
  }

  // Delegates who release.

  private static Scope heaterScope(Scene scene) {
    VendorId vendor = scene.people().vendor();
    return Scope.ofClass(vendor, ClassId.of(vendor, "heater"));
  }

  private static List<CoseKeyPair> delegateKeys(Scene scene) {
    return scene.world().delegates();
  }

  private static Edition delegates(Scene scene) {
    return scene
        .world()
        .made(
            "delegate's",
            () ->
                Edition.of(
                    Build.of(scene.people(), 5, 4, 2, 10_000),
                    scene.world().random(),
                    delegateKeys(scene)));
  }

  private static List<Encounter> delegated(Scene scene, Scope scope) throws IOException {
    return withCertificates(
        scene,
        delegateKeys(scene).stream()
            .map(key -> certified(scene, Role.RELEASE, key, scope))
            .toList());
  }

  private static List<Encounter> delegatedBy(Scene scene, List<CoseKeyPair> issuers)
      throws IOException {
    return withCertificates(
        scene,
        delegateKeys(scene).stream()
            .map(
                key ->
                    People.sign(
                        People.certificate(Role.RELEASE, key, scene.people().ownClass()), issuers))
            .toList());
  }

  private static List<Encounter> delegatedUntil(Scene scene, long beacon) throws IOException {
    return withCertificates(
        scene,
        delegateKeys(scene).stream()
            .map(
                key ->
                    People.sign(
                        new Certificate(
                            Role.RELEASE, key.publicKey(), scene.people().ownClass(), beacon, 1),
                        scene.people().releaseQuorum()))
            .toList());
  }

  private static List<Encounter> withCertificates(
      Scene scene, List<Signed<Certificate>> certificates) throws IOException {
    Edition own = delegates(scene);
    return Deeds.delivered(scene, own.with(own.bundle().withCertificates(certificates)));
  }

  // Signatures that say something else.

  private static Signed<Endorsement> crossSigned(Scene scene) {
    Endorsement word = forThisDevice(scene);
    return new Signed<>(
        word,
        CoseSign.unsigned(word.encode())
            .signedBy(scene.people().keys().approve().get(0), Bytes.ofUtf8("session/1")));
  }

  private static Bundle relabelled(Edition edition, long algorithm) {
    SuitEnvelope envelope = edition.envelope();
    List<Bytes> blocks = new ArrayList<>(envelope.blocks());
    try {
      CoseSign1 genuine = CoseSign1.decode(blocks.getFirst());
      CborMap.Builder header = CborMap.builder();
      genuine
          .headers()
          .protectedMap()
          .entries()
          .forEach(
              (label, value) ->
                  header.put(label, label.equals(ALGORITHM) ? CborInt.of(algorithm) : value));
      CborMap relabelled = header.build();
      blocks.set(
          0,
          new CoseSign1(
                  new CoseHeaders(Cbor.deterministic(relabelled), relabelled, CborMap.EMPTY),
                  Optional.empty(),
                  genuine.signature())
              .encode());
    } catch (dev.sealift.bytes.MalformedException e) {
      throw new IllegalStateException("a block of our own cannot be read", e);
    }
    return Bundle.of(envelope.withBlocks(blocks));
  }

  // What is left out.

  private interface Stripping {
    Bundle strip(Scene scene, Bundle bundle);
  }

  private static Attack.Strike stripped(Function<Bundle, Bundle> stripping) {
    return stripped((_, bundle) -> stripping.apply(bundle));
  }

  private static Attack.Strike stripped(Stripping stripping) {
    return scene ->
        Deeds.delivered(
            scene, scene.honest().with(stripping.strip(scene, scene.papers(scene.honest()))));
  }
}
