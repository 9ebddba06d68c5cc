// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign1;
import java.util.List;
import java.util.Set;

/// Who says what a release is: the right keys, enough of them, each once, and only for what the
/// root gave them.
final class SignatureCases {
  private final CaseList cases;
  private final World world;
  private final Release release;

  private SignatureCases(CaseList cases) {
    this.cases = cases;
    this.world = cases.world;
    this.release = world.release();
  }

  static void add(CaseList cases) {
    SignatureCases signatures = new SignatureCases(cases);
    signatures.enough();
    signatures.forged();
    signatures.tooFew();
    signatures.scopes();
  }

  private CoseKeyPair releaseKey(int index) {
    return world.releaseKeys.get(index);
  }

  private CaseList.Draft signed(String name, CoseKeyPair... signers) {
    return cases.brought(name, world.signed(release, signers));
  }

  private void enough() {
    signed("three-of-three-release-keys", releaseKey(0), releaseKey(1), releaseKey(2)).installs();
    signed("recovery-by-root-keys", world.rootKeys.get(1), world.rootKeys.get(2)).installs();
    signed(
            "a-stranger-s-signature-counts-for-nothing",
            world.stranger,
            releaseKey(0),
            releaseKey(2))
        .installs();
  }

  private void forged() {
    cases.brought("unsigned", Bundle.of(release)).refuses(Refusal.R3);
    signed("signed-by-a-stranger", world.stranger).refuses(Refusal.R3);
    signed("signed-by-a-key-of-another-role", world.freshnessKey).refuses(Refusal.R3);
    signed("signed-by-operators", world.approveKeys.get(0), world.approveKeys.get(1))
        .refuses(Refusal.R3);
    SuitEnvelope good = world.envelope(world.good());
    SuitEnvelope other = world.envelope(world.signed(world.release(new SequenceNumber(1, 6))));
    cases
        .brought("signatures-of-another-release", Bundle.of(good.withBlocks(other.blocks())))
        .refuses(Refusal.R3);
    cases
        .brought(
            "manifest-of-another-release",
            Bundle.of(
                new SuitEnvelope(
                    good.digestBytes(),
                    good.blocks(),
                    other.manifestBytes(),
                    good.severed(),
                    good.integrated())))
        .refuses(Refusal.R3);
    cases
        .brought(
            "one-good-signature-one-forged",
            Bundle.of(good.withBlocks(List.of(good.blocks().get(0), other.blocks().get(1)))))
        .refuses(Refusal.R3);
    cases
        .brought(
            "two-good-signatures-one-forged",
            Bundle.of(
                good.withBlocks(
                    CaseList.append(
                        good.blocks(),
                        world
                            .envelope(
                                world.signed(
                                    world.release(new SequenceNumber(1, 6)), releaseKey(2)))
                            .blocks()
                            .getFirst()))))
        .refuses(Refusal.R3);
    cases
        .brought(
            "signature-meant-for-something-else",
            Bundle.of(
                good.withBlocks(
                    List.of(
                        CoseSign1.signDetached(
                                releaseKey(0), good.digestBytes(), Bytes.ofUtf8("beacon/1"))
                            .encode(),
                        good.blocks().get(1)))))
        .refuses(Refusal.R3);
    cases
        .brought(
            "manifest-that-is-no-cbor-and-unsigned",
            Bundle.of(CaseList.bare(Bytes.filled(290, 0x81))))
        .refuses(Refusal.R3);
  }

  private void tooFew() {
    signed("one-of-two-signatures", releaseKey(0)).refuses(Refusal.R4);
    signed("one-key-twice", releaseKey(0), releaseKey(0)).refuses(Refusal.R4);
    signed("one-key-of-each-role", releaseKey(0), world.rootKeys.get(0)).refuses(Refusal.R4);
    signed("one-release-key-and-a-stranger", releaseKey(0), world.stranger).refuses(Refusal.R4);
    signed("one-release-key-and-an-operator", releaseKey(0), world.approveKeys.get(0))
        .refuses(Refusal.R4);
    signed("one-root-key", world.rootKeys.get(0)).refuses(Refusal.R4);
    signed("release-keys-where-the-policy-asks-for-root", releaseKey(0), releaseKey(1))
        .trusting(RootDraft.of(world.root).policy(List.of(Set.of(Role.ROOT))).root())
        .refuses(Refusal.R4);
    signed("both-roles-where-the-policy-asks-for-both", both())
        .trusting(RootDraft.of(world.root).policy(List.of(Set.of(Role.RELEASE, Role.ROOT))).root())
        .installs();
    signed("one-role-where-the-policy-asks-for-both", releaseKey(0), releaseKey(1))
        .trusting(RootDraft.of(world.root).policy(List.of(Set.of(Role.RELEASE, Role.ROOT))).root())
        .refuses(Refusal.R4);
  }

  private CoseKeyPair[] both() {
    return new CoseKeyPair[] {
      releaseKey(0), world.rootKeys.get(0), releaseKey(1), world.rootKeys.get(1)
    };
  }

  private void scopes() {
    Scope own = Scope.ofClass(world.vendor, world.deviceClass);
    scoped(
            "scope-that-covers",
            own.withSequences(new SequenceNumber(1, 0), new SequenceNumber(1, 5)))
        .installs();
    scoped(
            "keys-scoped-to-another-class",
            Scope.ofClass(world.vendor, ClassId.of(world.vendor, "kettle")))
        .refuses(Refusal.R5);
    scoped(
            "keys-scoped-to-another-vendor",
            Scope.ofClass(VendorId.ofDomain("example.org"), world.deviceClass))
        .refuses(Refusal.R5);
    scoped("keys-scoped-to-a-deployment", ScopeDraft.ANY.deployments(world.deployment).scope())
        .refuses(Refusal.R5);
    scoped("keys-scoped-to-a-source", ScopeDraft.ANY.uris("coaps://example.com/").scope())
        .refuses(Refusal.R5);
    scoped("keys-scoped-to-this-place", ScopeDraft.ANY.places(Place.ofImage(0)).scope()).installs();
    scoped("keys-scoped-to-another-place", ScopeDraft.ANY.places(Place.ofImage(1)).scope())
        .refuses(Refusal.R5);
    scoped(
            "beyond-the-range-of-the-keys",
            own.withSequences(new SequenceNumber(1, 0), new SequenceNumber(1, 4)))
        .refuses(Refusal.R14);
    scoped(
            "before-the-range-of-the-keys",
            own.withSequences(new SequenceNumber(1, 6), new SequenceNumber(1, 9)))
        .refuses(Refusal.R14);
  }

  private CaseList.Draft scoped(String name, Scope scope) {
    return signed(name, releaseKey(0), releaseKey(1))
        .trusting(
            RootDraft.of(world.root)
                .scope(Role.RELEASE, scope)
                .policy(List.of(Set.of(Role.RELEASE)))
                .root());
  }
}
