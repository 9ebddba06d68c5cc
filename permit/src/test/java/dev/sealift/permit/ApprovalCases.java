// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.DeviceFacts.Carrying;
import dev.sealift.permit.DeviceFacts.Identity;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign;
import dev.sealift.suit.cose.CoseSign1;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What operators say: of which release, for which devices, until when, and how many of them.
final class ApprovalCases {
  private static final DeploymentId SOUTH = DeploymentId.of("town.example", "south");

  private final CaseList cases;
  private final World world;
  private final Release release;
  private final Endorsement word;
  private final CoseKeyPair operator;

  private ApprovalCases(CaseList cases) {
    this.cases = cases;
    this.world = cases.world;
    this.release = world.release();
    this.word = world.endorsement(release);
    this.operator = world.approveKeys.get(0);
  }

  static void add(CaseList cases) {
    ApprovalCases approval = new ApprovalCases(cases);
    approval.words();
    approval.deployments();
    approval.signers();
    approval.targets();
    approval.crowds();
    approval.times();
    approval.serials();
    approval.several();
    approval.carried();
  }

  /// The good release, news, and these endorsements.
  private CaseList.Draft endorsed(String name, List<Signed<Endorsement>> endorsements) {
    return cases
        .managed(name, world.good().withEndorsements(endorsements).withBeacon(world.newest))
        .learns(world.newest);
  }

  private CaseList.Draft endorsed(String name, Signed<Endorsement> endorsement) {
    return endorsed(name, List.of(endorsement));
  }

  private CaseList.Draft said(String name, Endorsement said) {
    return endorsed(name, World.sign(said, operator));
  }

  private void words() {
    endorsed("release-endorsement-and-beacon", world.approval).installs();
    endorsed("no-endorsement", List.of()).refuses(Refusal.R4);
    cases
        .managed(
            "one-release-key-and-an-endorsement",
            world
                .signed(release, world.releaseKeys.get(0))
                .withEndorsements(List.of(world.approval))
                .withBeacon(world.newest))
        .learns(world.newest)
        .refuses(Refusal.R4);
    cases
        .managed(
            "an-endorsement-and-no-release-key",
            Bundle.of(release).withEndorsements(List.of(world.approval)).withBeacon(world.newest))
        .refuses(Refusal.R3);
    endorsed(
            "endorsement-of-another-release",
            world.endorsed(world.release(new SequenceNumber(1, 6))))
        .refuses(Refusal.R4);
    endorsed("no-endorsement-where-the-policy-asks-for-none", List.of())
        .trusting(
            RootDraft.of(world.managed)
                .policy(List.of(Set.of(Role.RELEASE, Role.APPROVE), Set.of(Role.RELEASE)))
                .root())
        .installs();
    cases
        .managed(
            "recovery-needs-no-operator-and-no-news",
            world.signed(release, world.rootKeys.get(0), world.rootKeys.get(1)))
        .installs();
  }

  private void deployments() {
    said("endorsement-for-another-deployment", EndorsementDraft.of(word).deployment(SOUTH).word())
        .refuses(Refusal.R11);
    endorsed("endorsement-for-a-device-in-no-deployment", world.approval)
        .to(identity(OptionalLong.of(17), Optional.empty()))
        .refuses(Refusal.R11);
    endorsed("endorsement-for-a-device-of-somebody-else", world.approval)
        .to(identity(OptionalLong.of(17), Optional.of(SOUTH)))
        .refuses(Refusal.R11);
    // It may not follow a fifth operator: it could not remember how far it followed.
    endorsed("endorsement-of-a-fifth-deployment", world.approval)
        .knowing(following(4))
        .refuses(Refusal.R11);
    endorsed("endorsement-of-a-fourth-deployment", world.approval).knowing(following(3)).installs();
  }

  /// Has followed so many other deployments.
  private TrustState following(int count) {
    SortedMap<Bytes, Long> serials = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      serials.put(DeploymentId.of("town.example", "quarter " + i).bytes(), 9L);
    }
    return serials(serials);
  }

  private TrustState serials(SortedMap<Bytes, Long> serials) {
    TrustState fresh = world.managedState;
    return new TrustState(
        fresh.root(),
        fresh.known(),
        fresh.installed(),
        fresh.staged(),
        fresh.news(),
        fresh.timeFloor(),
        serials,
        fresh.denied(),
        fresh.tries());
  }

  private DeviceFacts identity(OptionalLong serial, Optional<DeploymentId> deployment) {
    DeviceFacts facts = world.facts;
    return new DeviceFacts(
        new Identity(world.vendor, world.deviceClass, world.device, serial, deployment),
        facts.places(),
        facts.runningSequence(),
        facts.limits(),
        facts.clock(),
        facts.nonces(),
        facts.carrying());
  }

  private void signers() {
    endorsed("endorsement-unsigned", World.sign(word)).refuses(Refusal.R3);
    endorsed("endorsement-by-a-stranger", World.sign(word, world.stranger)).refuses(Refusal.R3);
    endorsed(
            "endorsement-by-release-keys",
            World.sign(word, world.releaseKeys.get(0), world.releaseKeys.get(1)))
        .refuses(Refusal.R4);
    endorsed("endorsement-by-the-freshness-key", World.sign(word, world.freshnessKey))
        .refuses(Refusal.R4);
    endorsed(
            "endorsement-by-an-operator-and-a-stranger", World.sign(word, world.stranger, operator))
        .installs();
    Endorsement wider = EndorsementDraft.of(word).targets(new Targets.All()).word();
    endorsed(
            "endorsement-with-signatures-of-another",
            new Signed<>(
                wider, new CoseSign(wider.encode(), world.approval.message().signatures())))
        .refuses(Refusal.R3);
    endorsed(
            "beacon-s-signature-as-endorsement",
            new Signed<>(
                word,
                CoseSign.unsigned(word.encode())
                    .signedBy(operator, SignedKind.BEACON.externalData())))
        .refuses(Refusal.R3);
    CoseSign1 alone =
        CoseSign1.signAttached(operator, word.encode(), SignedKind.ENDORSEMENT.externalData());
    endorsed(
            "signature-of-a-message-with-one-signer-as-endorsement",
            new Signed<>(
                word,
                new CoseSign(
                    word.encode(),
                    List.of(new CoseSign.Signed(alone.headers(), alone.signature())))))
        .refuses(Refusal.R3);
    cases
        .managed(
            "endorsement-in-the-form-for-one-signer",
            new Bundle(
                world.good().envelope(),
                List.of(),
                List.of(alone.encode()),
                Optional.of(world.newest.encode()),
                List.of(),
                Optional.empty()))
        .refuses(Refusal.R1);
    endorsed("endorsement-by-a-denied-operator", world.approval)
        .knowing(
            world
                .managedState
                .hearing(world.news(world.fresh(6)), Set.of(operator.keyId()))
                .orElseThrow())
        .refuses(Refusal.R28);
    Scope here = ScopeDraft.ANY.deployments(world.deployment).scope();
    endorsed("operators-of-this-deployment", world.approval)
        .trusting(RootDraft.of(world.managed).scope(Role.APPROVE, here).root())
        .installs();
    endorsed("operators-of-another-deployment", world.approval)
        .trusting(
            RootDraft.of(world.managed)
                .scope(Role.APPROVE, ScopeDraft.ANY.deployments(SOUTH).scope())
                .root())
        .refuses(Refusal.R5);
  }

  private void targets() {
    DeviceId other = DeviceId.of(world.vendor, "0018");
    for (Targets targets :
        List.of(
            Targets.Listed.of(List.of(other)),
            new Targets.Sample(other.bytes(), Fraction.NONE),
            new Targets.Serials(18, 99))) {
      targeted("not-targeted-by-" + word(targets), targets).refuses(Refusal.R10);
    }
    for (Targets targets :
        List.of(Targets.Listed.of(List.of(other, world.device)), new Targets.Serials(17, 17))) {
      targeted("targeted-by-" + word(targets), targets).installs();
    }
    targeted("serial-numbers-for-a-device-without", new Targets.Serials(0, 99))
        .to(identity(OptionalLong.empty(), Optional.of(world.deployment)))
        .refuses(Refusal.R10);
  }

  private static String word(Targets targets) {
    return targets.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  /// By two operators, as many as any targets need.
  private CaseList.Draft targeted(String name, Targets targets) {
    return endorsed(
        name,
        World.sign(
            EndorsementDraft.of(word).targets(targets).word(), operator, world.approveKeys.get(1)));
  }

  /// T68: for more than half of them the root asks for two.
  private void crowds() {
    Endorsement all = EndorsementDraft.of(word).targets(new Targets.All()).word();
    endorsed("all-devices-by-one-operator", World.sign(all, operator)).refuses(Refusal.R4);
    endorsed("all-devices-by-one-operator-twice", World.sign(all, operator, operator))
        .refuses(Refusal.R4);
    endorsed(
            "all-devices-by-an-operator-and-a-release-key",
            World.sign(all, operator, world.releaseKeys.get(0)))
        .refuses(Refusal.R4);
    endorsed("all-devices-by-two-operators", World.sign(all, operator, world.approveKeys.get(2)))
        .installs();
    said("half-of-the-devices-by-one-operator", sampled(1, 2)).installs();
    said("a-little-more-than-half-by-one-operator", sampled(50_001, 100_000)).refuses(Refusal.R4);
    said(
            "serial-numbers-by-one-operator",
            EndorsementDraft.of(word).targets(new Targets.Serials(17, 17)).word())
        .refuses(Refusal.R4);
    said(
            "a-list-by-one-operator",
            EndorsementDraft.of(word).targets(Targets.Listed.of(List.of(world.device))).word())
        .installs();
  }

  private Endorsement sampled(long numerator, long denominator) {
    Bytes salt = world.sample().salt();
    return EndorsementDraft.of(word)
        .targets(new Targets.Sample(salt, new Fraction(numerator, denominator)))
        .word();
  }

  private void times() {
    long end = World.NOW + 30 * World.DAY;
    endorsed("endorsement-at-its-last-second", world.approval)
        .to(world.facts.at(Clock.of(end)))
        .installs();
    endorsed("endorsement-that-has-ended", world.approval)
        .to(world.facts.at(Clock.of(end + 1)))
        .refuses(Refusal.R16);
    endorsed("endorsement-that-has-ended-by-what-was-heard", world.approval)
        .to(world.facts.at(new Clock(0, Optional.of(end + 1), Optional.empty())))
        .refuses(Refusal.R16);
    endorsed("endorsement-that-has-ended-by-what-is-proven", world.approval)
        .to(world.facts.at(new Clock(0, Optional.empty(), Optional.of(end + 1))))
        .refuses(Refusal.R16);
    endorsed("endorsement-that-has-ended-by-what-is-remembered", world.approval)
        .knowing(world.managedState.notBefore(end + 1))
        .refuses(Refusal.R16);
    // The beacon beside it is from day 7.
    said(
            "endorsement-that-has-ended-by-the-beacon-beside-it",
            EndorsementDraft.of(word).until(World.NOW + 7 * World.DAY - 1).word())
        .refuses(Refusal.R16);
    said("endorsement-without-end", EndorsementDraft.of(word).withoutEnd().word())
        .to(world.facts.at(Clock.of(end + 3650 * World.DAY)))
        .installs();
    // It holds back running, not staging.
    said("endorsement-for-next-week", EndorsementDraft.of(word).from(end - 1).word()).installs();
  }

  private void serials() {
    Bytes own = world.deployment.bytes();
    endorsed("endorsement-older-than-the-one-followed", world.approval)
        .knowing(serials(new TreeMap<>(java.util.Map.of(own, 5L))))
        .refuses(Refusal.R16);
    endorsed("endorsement-followed-before", world.approval)
        .knowing(serials(new TreeMap<>(java.util.Map.of(own, 4L))))
        .installs();
    endorsed("endorsement-newer-than-the-one-followed", world.approval)
        .knowing(serials(new TreeMap<>(java.util.Map.of(own, 3L))))
        .installs();
  }

  private void several() {
    Signed<Endorsement> elsewhere =
        World.sign(EndorsementDraft.of(word).deployment(SOUTH).word(), operator);
    Signed<Endorsement> ofAnother = world.endorsed(world.release(new SequenceNumber(1, 6)));
    Signed<Endorsement> forOthers =
        World.sign(
            EndorsementDraft.of(word)
                .targets(Targets.Listed.of(List.of(DeviceId.of(world.vendor, "0018"))))
                .word(),
            operator);
    endorsed(
            "endorsements-for-others-before-the-own", List.of(elsewhere, forOthers, world.approval))
        .installs();
    endorsed("none-of-three-endorsements", List.of(ofAnother, forOthers, elsewhere))
        .refuses(Refusal.R10);
    endorsed("endorsements-of-another-release-and-deployment", List.of(ofAnother, elsewhere))
        .refuses(Refusal.R11);
  }

  private void carried() {
    DeviceFacts willing = world.facts.carrying(Carrying.WILLING);
    Targets others = Targets.Listed.of(List.of(DeviceId.of(world.vendor, "0018")));
    targeted("not-targeted-and-willing-to-carry", others).to(willing).carries();
    targeted("targeted-and-willing-to-carry", Targets.Listed.of(List.of(world.device)))
        .to(willing)
        .installs();
    endorsed(
            "unsigned-for-others-and-willing-to-carry",
            World.sign(EndorsementDraft.of(word).targets(others).word()))
        .to(willing)
        .refuses(Refusal.R3);
    endorsed("no-endorsement-and-willing-to-carry", List.of()).to(willing).refuses(Refusal.R4);
    said(
            "for-another-deployment-and-willing-to-carry",
            EndorsementDraft.of(word).deployment(SOUTH).targets(others).word())
        .to(willing)
        .refuses(Refusal.R11);
    targeted("too-old-to-carry", others)
        .to(willing.running(new SequenceNumber(1, 6)))
        .refuses(Refusal.R12);
    targeted("too-large-to-carry", others)
        .to(
            willing.withPlaces(
                java.util.Map.of(
                    Place.ofImage(0), new DeviceFacts.Room(world.image.size() - 1L, 3))))
        .refuses(Refusal.R19);
  }
}
