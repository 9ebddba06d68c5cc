// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Who may speak for whom: certificates, how long a chain of them may be, what they cover, and how
/// they end.
final class DelegationCases {
  private final CaseList cases;
  private final World world;
  private final Release release;
  private final List<CoseKeyPair> issuers;

  /// Not in the root: what they may say they have from others.
  private final CoseKeyPair one = World.pair();

  private final CoseKeyPair two = World.pair();
  private final CoseKeyPair three = World.pair();
  private final Signed<Beacon> spoken;

  private DelegationCases(CaseList cases) {
    this.cases = cases;
    this.world = cases.world;
    this.release = world.release();
    this.issuers = world.releaseKeys.subList(0, 2);
    this.spoken = World.sign(world.beacon(7), two);
  }

  static void add(CaseList cases) {
    DelegationCases delegation = new DelegationCases(cases);
    delegation.issuers();
    delegation.chains();
    delegation.endings();
    delegation.scopes();
    delegation.operators();
    delegation.speakersOfNews();
  }

  private static Signed<Certificate> given(Certificate certificate, List<CoseKeyPair> by) {
    return World.sign(certificate, by.toArray(new CoseKeyPair[0]));
  }

  /// For key `one`, in the role of release, by two who have it.
  private Signed<Certificate> good() {
    return given(World.certificate(Role.RELEASE, one), issuers);
  }

  /// Signed by the third release key of the root and by somebody the root does not know.
  private CaseList.Draft signed(
      String name, CoseKeyPair other, List<Signed<Certificate>> certificates) {
    return cases.brought(
        name,
        world.signed(release, world.releaseKeys.get(2), other).withCertificates(certificates));
  }

  private void issuers() {
    signed("release-key-by-certificate", one, List.of(good())).installs();
    signed(
            "release-key-by-certificate-of-the-root-s-keys",
            one,
            List.of(given(World.certificate(Role.RELEASE, one), world.rootKeys.subList(1, 3))))
        .installs();
    cases
        .brought("certificate-left-out", world.signed(release, world.releaseKeys.get(2), one))
        .refuses(Refusal.R4);
    signed(
            "certificate-by-one-of-two",
            one,
            List.of(given(World.certificate(Role.RELEASE, one), issuers.subList(0, 1))))
        .refuses(Refusal.R6);
    signed(
            "certificate-by-one-key-twice",
            one,
            List.of(
                given(
                    World.certificate(Role.RELEASE, one),
                    List.of(issuers.getFirst(), issuers.getFirst()))))
        .refuses(Refusal.R6);
    signed(
            "certificate-unsigned",
            one,
            List.of(given(World.certificate(Role.RELEASE, one), List.of())))
        .refuses(Refusal.R6);
    signed(
            "certificate-by-a-stranger",
            one,
            List.of(given(World.certificate(Role.RELEASE, one), List.of(world.stranger))))
        .refuses(Refusal.R6);
    signed(
            "certificate-by-itself",
            one,
            List.of(given(World.certificate(Role.RELEASE, one), List.of(one))))
        .refuses(Refusal.R6);
    signed(
            "release-key-by-certificate-of-operators",
            one,
            List.of(given(World.certificate(Role.RELEASE, one), world.approveKeys)))
        .refuses(Refusal.R6);
    signed(
            "release-key-by-certificate-of-one-key-of-each-role",
            one,
            List.of(
                given(
                    World.certificate(Role.RELEASE, one),
                    List.of(world.releaseKeys.get(0), world.rootKeys.get(0)))))
        .refuses(Refusal.R6);
    signed(
            "certificate-with-signatures-of-another",
            one,
            List.of(
                new Signed<>(
                    World.certificate(Role.RELEASE, one),
                    new CoseSign(
                        World.certificate(Role.RELEASE, one).encode(),
                        given(World.certificate(Role.RELEASE, two), issuers)
                            .message()
                            .signatures()))))
        .refuses(Refusal.R3);
    signed("certificate-that-is-an-endorsement", one, List.of(endorsementAsCertificate()))
        .refuses(Refusal.R3);
    // Whose word nobody asks for is not looked at.
    cases
        .brought(
            "certificate-that-nobody-needs",
            world
                .good()
                .withCertificates(
                    List.of(given(World.certificate(Role.RELEASE, one), List.of(world.stranger)))))
        .installs();
    cases
        .brought(
            "certificate-that-gives-a-key-of-the-root-another-role",
            world
                .signed(release, world.releaseKeys.get(2), world.freshnessKey)
                .withCertificates(
                    List.of(given(World.certificate(Role.RELEASE, world.freshnessKey), issuers))))
        .refuses(Refusal.R4);
    signed(
            "operator-s-key-by-certificate-on-a-manifest",
            one,
            List.of(given(World.certificate(Role.APPROVE, one), world.approveKeys)))
        .refuses(Refusal.R4);
    signed("one-certificate-twice", one, List.of(good(), good())).installs();
    cases
        .brought(
            "one-key-by-two-certificates-counts-once",
            world
                .signed(release, one, one)
                .withCertificates(
                    List.of(
                        good(),
                        given(World.certificate(Role.RELEASE, one), world.rootKeys.subList(0, 2)))))
        .refuses(Refusal.R4);
  }

  /// The right issuers have signed the bytes of the certificate, but as if they were an
  /// endorsement (T40).
  private Signed<Certificate> endorsementAsCertificate() {
    Certificate certificate = World.certificate(Role.RELEASE, one);
    CoseSign message = CoseSign.unsigned(certificate.encode());
    for (CoseKeyPair issuer : issuers) {
      message = message.signedBy(issuer, SignedKind.ENDORSEMENT.externalData());
    }
    return new Signed<>(certificate, message);
  }

  private void chains() {
    CoseKeyPair third = world.releaseKeys.get(2);
    Signed<Certificate> toTwo = given(World.certificate(Role.RELEASE, two), List.of(one, third));
    Signed<Certificate> toThree =
        given(World.certificate(Role.RELEASE, three), List.of(two, third));
    signed("chain-of-two-certificates", two, List.of(good(), toTwo)).installs();
    signed("chain-of-two-certificates-the-last-first", two, List.of(toTwo, good())).installs();
    signed("chain-without-its-first-certificate", two, List.of(toTwo)).refuses(Refusal.R6);
    signed("chain-of-three-certificates", three, List.of(good(), toTwo, toThree))
        .refuses(Refusal.R6);
    // The one in the middle has signed too, and was looked up before.
    cases
        .brought(
            "chain-of-three-certificates-the-middle-known-before",
            world
                .signed(release, two, third, three)
                .withCertificates(List.of(good(), toTwo, toThree)))
        .refuses(Refusal.R6);
    signed(
            "certificates-that-go-round",
            one,
            List.of(
                given(World.certificate(Role.RELEASE, one), List.of(two, third)),
                given(World.certificate(Role.RELEASE, two), List.of(one, third))))
        .refuses(Refusal.R6);
  }

  private void endings() {
    TrustState heard = world.heard(world.state, world.newest);
    TrustState later = world.heard(world.state, world.fresh(8));
    signed("certificate-until-the-newest-beacon", one, List.of(good())).knowing(heard).installs();
    signed("certificate-that-has-ended", one, List.of(good())).knowing(later).refuses(Refusal.R28);
    // Each is enough without the other: the one who brings it chooses which.
    Signed<Beacon> eight = world.fresh(8);
    cases
        .brought(
            "certificate-ended-by-the-beacon-beside-it",
            world
                .signed(release, world.releaseKeys.get(2), one)
                .withCertificates(List.of(good()))
                .withBeacon(eight))
        .learns(eight)
        .refuses(Refusal.R28);
    cases
        .brought(
            "certificate-ended-and-enough-others",
            world
                .signed(release, world.releaseKeys.get(0), world.releaseKeys.get(1), one)
                .withCertificates(List.of(good())))
        .knowing(later)
        .installs();
    signed("certified-key-denied", one, List.of(good())).knowing(denying(one)).refuses(Refusal.R28);
    signed("both-issuers-denied", one, List.of(good()))
        .knowing(denying(issuers.get(0), issuers.get(1)))
        .refuses(Refusal.R28);
    signed("one-issuer-denied", one, List.of(good()))
        .knowing(denying(issuers.get(0)))
        .refuses(Refusal.R6);
  }

  private TrustState denying(CoseKeyPair... keys) {
    return world
        .state
        .hearing(
            world.news(world.newest),
            Set.copyOf(Arrays.stream(keys).map(CoseKeyPair::keyId).toList()))
        .orElseThrow();
  }

  private void scopes() {
    Scope own = Scope.ofClass(world.vendor, world.deviceClass);
    Scope foreign = Scope.ofClass(world.vendor, ClassId.of(world.vendor, "kettle"));
    certified("certificate-for-this-class", own).installs();
    certified("certificate-for-another-class", foreign).refuses(Refusal.R5);
    certified("certificate-for-a-deployment", ScopeDraft.ANY.deployments(world.deployment).scope())
        .refuses(Refusal.R5);
    certified("certificate-for-earlier-releases", ScopeDraft.ANY.sequences(0, 4).scope())
        .refuses(Refusal.R14);
    // The issuers' own limits go with what they give away.
    certified("certificate-by-issuers-for-another-class", own)
        .trusting(RootDraft.of(world.root).scope(Role.RELEASE, foreign).root())
        .refuses(Refusal.R5);
    CoseKeyPair third = world.releaseKeys.get(2);
    signed(
            "wide-certificate-by-a-narrow-one",
            two,
            List.of(
                given(World.certificate(Role.RELEASE, one, foreign), issuers),
                given(World.certificate(Role.RELEASE, two, own), List.of(one, third))))
        .refuses(Refusal.R5);
    halves(own, foreign);
  }

  private CaseList.Draft certified(String name, Scope scope) {
    return signed(name, one, List.of(given(World.certificate(Role.RELEASE, one, scope), issuers)));
  }

  /// Of three keys two may speak for this class and two for this number, but only one for both.
  private void halves(Scope own, Scope foreign) {
    cases
        .brought(
            "two-keys-that-may-say-half-of-it-each",
            world
                .signed(release, world.releaseKeys.get(2), one, two)
                .withCertificates(
                    List.of(
                        given(
                            World.certificate(
                                Role.RELEASE,
                                one,
                                own.withSequences(
                                    new SequenceNumber(1, 0), new SequenceNumber(1, 4))),
                            issuers),
                        given(World.certificate(Role.RELEASE, two, foreign), issuers))))
        .refuses(Refusal.R14);
  }

  private void operators() {
    List<CoseKeyPair> chief = world.approveKeys.subList(0, 1);
    approved("operator-by-certificate", World.certificate(Role.APPROVE, one), chief).installs();
    approved(
            "operator-by-certificate-of-the-root-s-keys",
            World.certificate(Role.APPROVE, one),
            world.rootKeys.subList(0, 2))
        .installs();
    approved(
            "operator-by-certificate-of-release-keys",
            World.certificate(Role.APPROVE, one),
            issuers)
        .refuses(Refusal.R6);
    approved("operator-for-this-deployment", ScopeDraft.ANY.deployments(world.deployment), chief)
        .installs();
    approved(
            "operator-for-another-deployment",
            ScopeDraft.ANY.deployments(DeploymentId.of("town.example", "south")),
            chief)
        .refuses(Refusal.R5);
    approved(
            "operator-for-another-class",
            ScopeDraft.of(world.vendor, ClassId.of(world.vendor, "kettle")),
            chief)
        .refuses(Refusal.R5);
    approved("operator-for-earlier-releases", ScopeDraft.ANY.sequences(0, 4), chief)
        .refuses(Refusal.R5);
    approved("operator-for-another-image", ScopeDraft.ANY.places(Place.ofImage(1)), chief)
        .refuses(Refusal.R5);
  }

  private CaseList.Draft approved(String name, ScopeDraft scope, List<CoseKeyPair> by) {
    return approved(name, World.certificate(Role.APPROVE, one, scope.scope()), by);
  }

  private CaseList.Draft approved(String name, Certificate certificate, List<CoseKeyPair> by) {
    return cases
        .managed(
            name,
            world
                .good()
                .withEndorsements(List.of(World.sign(world.endorsement(release), one)))
                .withCertificates(List.of(given(certificate, by)))
                .withBeacon(world.newest))
        .learns(world.newest);
  }

  private void speakersOfNews() {
    spoken("freshness-by-certificate", ScopeDraft.ANY).learns(spoken).installs();
    spoken(
            "freshness-for-this-deployment",
            ScopeDraft.of(world.vendor, world.deviceClass).deployments(world.deployment))
        .learns(spoken)
        .installs();
    spoken(
            "freshness-for-another-class",
            ScopeDraft.of(world.vendor, ClassId.of(world.vendor, "kettle")))
        .refuses(Refusal.R5);
    spoken(
            "freshness-for-another-deployment",
            ScopeDraft.ANY.deployments(DeploymentId.of("town.example", "south")))
        .refuses(Refusal.R5);
    spoken("freshness-for-another-image", ScopeDraft.ANY.places(Place.ofImage(1)))
        .refuses(Refusal.R5);
  }

  private CaseList.Draft spoken(String name, ScopeDraft scope) {
    return cases.managed(
        name,
        world
            .good()
            .withEndorsements(List.of(world.approval))
            .withCertificates(
                List.of(
                    given(
                        World.certificate(Role.FRESHNESS, two, scope.scope()),
                        List.of(world.freshnessKey))))
            .withBeacon(spoken));
  }
}
