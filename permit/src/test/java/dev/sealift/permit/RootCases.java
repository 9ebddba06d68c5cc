// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// How one root follows another, and what changes with it.
final class RootCases {
  private final CaseList cases;
  private final World world;
  private final Root two;
  private final Root three;
  private final CoseKeyPair fresh = World.pair();

  private RootCases(CaseList cases) {
    this.cases = cases;
    this.world = cases.world;
    this.two = RootDraft.after(world.root).root();
    this.three = RootDraft.after(two).root();
  }

  static void add(CaseList cases) {
    RootCases roots = new RootCases(cases);
    roots.versions();
    roots.signers();
    roots.keys();
    roots.epochs();
    roots.terms();
  }

  private Signed<Root> signed(Root root) {
    return World.sign(root, world.rootKeys.get(0), world.rootKeys.get(1));
  }

  private CaseList.Draft updated(String name, List<Signed<Root>> updates) {
    return cases.brought(name, world.good().withRootUpdates(updates));
  }

  private CaseList.Draft updated(String name, Signed<Root> update) {
    return updated(name, List.of(update));
  }

  private void versions() {
    updated("root-update", signed(two)).learns(two).installs();
    updated("two-root-updates-in-order", List.of(signed(two), signed(three)))
        .learns(two)
        .learns(three)
        .installs();
    updated("two-root-updates-out-of-order", List.of(signed(three), signed(two)))
        .refuses(Refusal.R7);
    updated("root-update-that-leaves-one-out", signed(three)).refuses(Refusal.R7);
    updated("one-root-update-twice", List.of(signed(two), signed(two))).refuses(Refusal.R7);
    updated("root-update-that-is-known", signed(two)).trusting(two).installs();
    updated("root-updates-of-which-one-is-known", List.of(signed(two), signed(three)))
        .trusting(two)
        .learns(three)
        .installs();
    // What is known is not looked at, so a forged one says nothing either.
    updated("old-root-by-a-stranger", World.sign(two, world.stranger)).trusting(two).installs();
    cases
        .brought(
            "root-update-beside-a-release-that-is-refused",
            world
                .signed(world.release(), world.releaseKeys.get(0))
                .withRootUpdates(List.of(signed(two))))
        .learns(two)
        .refuses(Refusal.R4);
    updated("second-of-two-root-updates-forged", List.of(signed(two), World.sign(three)))
        .learns(two)
        .refuses(Refusal.R3);
  }

  private void signers() {
    updated("root-update-unsigned", World.sign(two)).refuses(Refusal.R3);
    updated("root-update-by-strangers", World.sign(two, world.stranger, fresh)).refuses(Refusal.R3);
    updated("root-update-by-one-of-two", World.sign(two, world.rootKeys.get(0)))
        .refuses(Refusal.R4);
    updated(
            "root-update-by-one-key-twice",
            World.sign(two, world.rootKeys.get(0), world.rootKeys.get(0)))
        .refuses(Refusal.R4);
    updated(
            "root-update-by-release-keys",
            World.sign(two, world.releaseKeys.toArray(new CoseKeyPair[0])))
        .refuses(Refusal.R4);
    updated(
            "root-update-with-signatures-of-another",
            new Signed<>(two, new CoseSign(two.encode(), signed(three).message().signatures())))
        .refuses(Refusal.R3);
    CoseSign asBeacon = CoseSign.unsigned(two.encode());
    for (CoseKeyPair key : world.rootKeys) {
      asBeacon = asBeacon.signedBy(key, SignedKind.BEACON.externalData());
    }
    updated("beacon-s-signatures-as-root-update", new Signed<>(two, asBeacon)).refuses(Refusal.R3);
    Root others =
        RootDraft.of(two).key(0, fresh.publicKey()).key(1, world.stranger.publicKey()).root();
    updated(
            "new-root-keys-signed-by-old-and-new",
            World.sign(others, world.rootKeys.get(0), world.rootKeys.get(2), fresh))
        .learns(others)
        .installs();
    updated(
            "new-root-keys-signed-by-the-old-alone",
            World.sign(others, world.rootKeys.get(0), world.rootKeys.get(1)))
        .refuses(Refusal.R3);
    updated("new-root-keys-signed-by-the-new-alone", World.sign(others, fresh, world.stranger))
        .refuses(Refusal.R3);
    updated(
            "new-root-keys-signed-by-one-new-key-too-few",
            World.sign(others, world.rootKeys.get(0), world.rootKeys.get(1), fresh))
        .refuses(Refusal.R4);
    Root three = RootDraft.of(two).grant(Role.ROOT, 3, 0, 1, 2).root();
    updated("higher-threshold-by-the-old-number-of-keys", signed(three)).refuses(Refusal.R4);
    updated(
            "higher-threshold-by-the-new-number-of-keys",
            World.sign(three, world.rootKeys.toArray(new CoseKeyPair[0])))
        .learns(three)
        .installs();
    Root one = RootDraft.of(two).grant(Role.ROOT, 1, 0, 1, 2).root();
    updated("lower-threshold-by-the-new-number-of-keys", World.sign(one, world.rootKeys.get(0)))
        .refuses(Refusal.R4);
    // Root keys are not the freshness key's to deny, whether they recover or renew.
    updated("root-update-by-a-key-that-was-denied", signed(two))
        .knowing(
            world
                .state
                .hearing(world.news(world.fresh(6)), Set.of(world.rootKeys.get(0).keyId()))
                .orElseThrow())
        .learns(two)
        .installs();
  }

  /// T07: a stolen release key is replaced.
  private void keys() {
    Root rotated = RootDraft.of(two).key(3, fresh.publicKey()).root();
    Release release = world.release();
    updated("release-signed-by-a-key-that-was-replaced", signed(rotated))
        .learns(rotated)
        .refuses(Refusal.R4);
    cases
        .brought(
            "release-signed-by-replaced-keys-alone",
            world
                .signed(release, world.releaseKeys.get(0), world.releaseKeys.get(1))
                .withRootUpdates(
                    List.of(
                        signed(RootDraft.of(rotated).key(4, world.stranger.publicKey()).root()))))
        .learns(RootDraft.of(rotated).key(4, world.stranger.publicKey()).root())
        .refuses(Refusal.R3);
    Bundle byNew = world.signed(release, fresh, world.releaseKeys.get(1));
    cases
        .brought(
            "release-signed-by-the-key-that-replaces",
            byNew.withRootUpdates(List.of(signed(rotated))))
        .learns(rotated)
        .installs();
    cases.brought("root-update-left-out", byNew).refuses(Refusal.R4);
    cases
        .brought(
            "root-update-left-out-and-missed-by-the-beacon",
            world
                .good()
                .withBeacon(
                    World.sign(
                        BeaconDraft.of(world.beacon(7)).rootVersion(2).beacon(),
                        world.freshnessKey)))
        .refuses(Refusal.R7);
    updated("root-larger-than-this-device-keeps", signed(two))
        .to(world.facts.within(new DeviceFacts.Limits(Bundle.BYTES_MAX, two.encode().size() - 1)))
        .refuses(Refusal.R19);
    updated("root-as-large-as-this-device-keeps", signed(two))
        .to(world.facts.within(new DeviceFacts.Limits(Bundle.BYTES_MAX, two.encode().size())))
        .learns(two)
        .installs();
  }

  private void epochs() {
    Root higher = RootDraft.of(two).epoch(2).root();
    Release release = world.release(new SequenceNumber(2, 0));
    updated("root-of-a-lower-epoch", signed(RootDraft.of(two).epoch(0).root())).refuses(Refusal.R7);
    updated("release-of-the-epoch-before-the-new-root-s", signed(higher))
        .learns(higher)
        .refuses(Refusal.R12);
    Bundle next = world.signed(release).withRootUpdates(List.of(signed(higher)));
    cases.brought("release-of-the-new-root-s-epoch", next).learns(higher).installs();
    cases
        .brought("new-epoch-for-a-device-that-knows-much", next)
        .knowing(
            world
                .state
                .installed(world.accepted())
                .hearing(
                    world.news(world.fresh(9)),
                    new TreeSet<>(Set.of(world.releaseKeys.get(0).keyId())))
                .orElseThrow())
        .learns(higher)
        .installs();
    restored();
  }

  /// T19, T33: a thief of the freshness key has said the worst there is, as far as it may jump.
  private void restored() {
    Root higher = RootDraft.after(world.managed).epoch(2).root();
    long far = World.NOW + Terms.Freshness.TIME_JUMP_DEFAULT;
    Beacon worst =
        BeaconDraft.of(world.beacon(Terms.Freshness.NUMBER_JUMP_DEFAULT))
            .time(far)
            .denying(
                List.of(
                    world.releaseKeys.get(0).keyId(),
                    world.releaseKeys.get(1).keyId(),
                    world.approveKeys.get(0).keyId(),
                    world.freshnessKey.keyId()))
            .standings(
                Map.of(
                    world.deviceClass.tag(),
                    Beacon.Standing.of(
                        new SequenceNumber(SequenceNumber.PART_MAX, 0),
                        new ReleaseMark(
                            new SequenceNumber(SequenceNumber.PART_MAX, 0),
                            World.digest(world.release())))))
            .beacon();
    TrustState spoilt = world.heard(world.managedState, World.sign(worst, world.freshnessKey));
    Release release = world.release(new SequenceNumber(2, 0));
    Signed<Beacon> one =
        World.sign(BeaconDraft.of(world.beacon(1)).rootVersion(2).beacon(), world.freshnessKey);
    cases
        .managed("release-for-a-device-that-a-thief-spoilt", world.full())
        .knowing(spoilt)
        .refuses(Refusal.R28);
    CaseList.Draft restored =
        cases
            .managed(
                "new-epoch-forgives-what-a-thief-said",
                world
                    .signed(release)
                    .withEndorsements(List.of(world.endorsed(release)))
                    .withBeacon(one)
                    .withRootUpdates(List.of(signed(higher))))
            .knowing(spoilt)
            .learns(higher)
            .learns(one);
    restored
        .to(world.facts.at(new Clock(far, java.util.Optional.of(far), java.util.Optional.empty())))
        .installs();
  }

  /// What the new root asks is asked at once.
  private void terms() {
    Root stricter = RootDraft.after(world.root).policy(world.managed.policy()).root();
    updated("root-update-that-asks-for-an-operator", signed(stricter))
        .learns(stricter)
        .refuses(Refusal.R4);
    Root fresher = RootDraft.after(world.root).terms(world.managed.terms()).root();
    updated("root-update-that-asks-for-news", signed(fresher)).learns(fresher).refuses(Refusal.R16);
    Root nearer =
        RootDraft.after(world.managed)
            .terms(
                new Terms(
                    World.NOW + 5 * 365 * World.DAY,
                    world.managed.terms().freshness(),
                    List.of(),
                    Terms.ConfirmRule.SELF_TEST,
                    3))
            .root();
    Signed<Beacon> late =
        World.sign(
            BeaconDraft.of(world.beacon(7)).time(World.NOW + 6 * 365 * World.DAY).beacon(),
            world.freshnessKey);
    cases
        .managed(
            "root-update-that-lets-a-beacon-jump-farther",
            world
                .good()
                .withEndorsements(
                    List.of(
                        World.sign(
                            EndorsementDraft.of(world.endorsement(world.release()))
                                .withoutEnd()
                                .word(),
                            world.approveKeys.get(0))))
                .withBeacon(late)
                .withRootUpdates(List.of(signed(nearer))))
        .learns(nearer)
        .learns(late)
        .installs();
  }
}
