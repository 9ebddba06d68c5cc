// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitVersion;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// One maker, one device, one good release: what the tests start from and change one thing of.
final class World {
  static final SecureRandom RANDOM = new SecureRandom();

  final VendorId vendor = VendorId.ofDomain("example.com");
  final ClassId deviceClass = ClassId.of(vendor, "lamp");
  final Bytes image = image(10_000);

  final List<CoseKeyPair> rootKeys = pairs(3);
  final List<CoseKeyPair> releaseKeys = pairs(3);
  final CoseKeyPair freshnessKey = pairs(1).getFirst();
  final CoseKeyPair stranger = pairs(1).getFirst();

  final Root root = root(1, Optional.empty(), List.of(1, 0));
  final DeviceFacts facts = DeviceFacts.of(vendor, deviceClass, 100_000, 3);
  final TrustState state = TrustState.fresh(1);

  private static List<CoseKeyPair> pairs(int count) {
    return Stream.generate(() -> CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM))
        .limit(count)
        .toList();
  }

  static Bytes image(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(7).nextBytes(bytes);
    return Bytes.owning(bytes);
  }

  /// Two of three for root and release, one key for freshness; each clause one role, by its id.
  Root root(long epoch, Optional<Scope> releaseScope, List<Integer> clauses) {
    return new Root(
        1,
        epoch,
        Map.of(
            Role.ROOT, new Root.Grant(2, List.of(0, 1, 2), Optional.empty()),
            Role.RELEASE, new Root.Grant(2, List.of(3, 4, 5), releaseScope),
            Role.FRESHNESS, new Root.Grant(1, List.of(6), Optional.empty())),
        Stream.of(rootKeys, releaseKeys, List.of(freshnessKey))
            .flatMap(List::stream)
            .map(CoseKeyPair::publicKey)
            .toList(),
        clauses.stream().map(id -> java.util.Set.of(Role.ofId(id).orElseThrow())).toList());
  }

  Release release() {
    return release(new SequenceNumber(1, 5));
  }

  Release release(SequenceNumber sequence) {
    return release(vendor, deviceClass, 0, sequence, 3);
  }

  Release release(
      VendorId ofVendor, ClassId ofClass, int component, SequenceNumber sequence, long counter) {
    return Release.of(
        image,
        new Release.ImageFacts(
            SuitDigest.of(Bytes.ofUtf8("what MCUboot hashes")), counter, SuitVersion.of(1, 8, 2)),
        new Release.Target(ofVendor, ofClass, component, sequence));
  }

  Bundle signed(Release release) {
    return signed(release, releaseKeys.get(0), releaseKeys.get(1));
  }

  Bundle signed(Release release, CoseKeyPair... signers) {
    return signed(SuitEnvelope.unsigned(release.manifest()), signers);
  }

  Bundle signed(SuitEnvelope envelope, CoseKeyPair... signers) {
    SuitEnvelope signed = envelope;
    for (CoseKeyPair signer : signers) {
      signed = signed.signedBy(signer);
    }
    return Bundle.of(signed);
  }

  Bundle good() {
    return signed(release());
  }

  AcceptedPermit accepted() {
    return accepted(good());
  }

  AcceptedPermit accepted(Bundle bundle) {
    return switch (PermitCheck.decide(bundle.encode(), facts, state, root, Checks.all())) {
      case Verdict.Install(var permit) -> permit;
      case Verdict.Carry _, Verdict.Refuse _ -> throw new AssertionError("not accepted");
    };
  }

  SuitEnvelope envelope(Bundle bundle) {
    try {
      return bundle.openEnvelope();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
