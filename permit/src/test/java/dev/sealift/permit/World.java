// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.Terms.Freshness.Mode;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitVersion;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One maker, one operator, one device, one good release: what the tests start from and change one
/// thing of.
final class World {
  static final SecureRandom RANDOM = new SecureRandom();

  /// When the first root was made.
  static final long NOW = 1_800_000_000L;

  static final long DAY = 86_400;

  final VendorId vendor = VendorId.ofDomain("example.com");
  final ClassId deviceClass = ClassId.of(vendor, "lamp");
  final DeploymentId deployment = DeploymentId.of("town.example", "north");
  final DeviceId device = DeviceId.of(vendor, "0017");
  final Bytes image = image(10_000);

  final List<CoseKeyPair> rootKeys = pairs(3);
  final List<CoseKeyPair> releaseKeys = pairs(3);
  final List<CoseKeyPair> approveKeys = pairs(3);
  final CoseKeyPair freshnessKey = pair();
  final CoseKeyPair operateKey = pair();
  final CoseKeyPair stranger = pair();

  /// What a maker trusts for devices that follow nobody but the maker.
  final Root root = root(Mode.OPEN, List.of(Set.of(Role.RELEASE), Set.of(Role.ROOT)));

  /// And for those that follow an operator too. More than half of a deployment takes two operators.
  final Root managed = managed(Mode.BOUNDED);

  final DeviceFacts facts =
      DeviceFacts.of(
          new DeviceFacts.Identity(
              vendor, deviceClass, device, OptionalLong.of(17), Optional.of(deployment)),
          new DeviceFacts.Room(100_000, 3));
  final TrustState state = TrustState.fresh(root);
  final TrustState managedState = TrustState.fresh(managed);

  /// The newest beacon there is, and what an operator says of the good release.
  final Signed<Beacon> newest = fresh(7);
  final Signed<Endorsement> approval = endorsed(release());

  static CoseKeyPair pair() {
    return CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  }

  static List<CoseKeyPair> pairs(int count) {
    return Stream.generate(World::pair).limit(count).toList();
  }

  /// Begins as MCUboot images do, with sizes that leave room for the TLVs.
  static Bytes image(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(7).nextBytes(bytes);
    int headerSize = 32;
    Bytes header =
        new ByteWriter(ByteOrder.LITTLE_ENDIAN)
            .bytes(Bytes.ofHex("3db8f396"))
            .u32(0)
            .u16(headerSize)
            .u16(0)
            .u32(Math.max(0, size - headerSize - 100))
            .toBytes();
    header.first(Math.min(size, header.size())).copyTo(bytes, 0);
    return Bytes.owning(bytes);
  }

  /// Two of three for root and release, one of three for approve, one key each for the others.
  private Root root(Mode mode, List<Set<Role>> policy) {
    return new Root(
        1,
        1,
        Map.of(
            Role.ROOT, new Root.Grant(2, List.of(0, 1, 2), Optional.empty()),
            Role.RELEASE, new Root.Grant(2, List.of(3, 4, 5), Optional.empty()),
            Role.APPROVE, new Root.Grant(1, List.of(6, 7, 8), Optional.empty()),
            Role.FRESHNESS, new Root.Grant(1, List.of(9), Optional.empty()),
            Role.OPERATE, new Root.Grant(1, List.of(10), Optional.empty())),
        Stream.of(rootKeys, releaseKeys, approveKeys, List.of(freshnessKey, operateKey))
            .flatMap(List::stream)
            .map(CoseKeyPair::publicKey)
            .toList(),
        policy,
        Terms.standard(NOW, mode));
  }

  Root managed(Mode mode) {
    Root plain = root(mode, List.of(Set.of(Role.RELEASE, Role.APPROVE), Set.of(Role.ROOT)));
    return RootDraft.of(plain)
        .terms(plain.terms().with(List.of(new Terms.Crowd(Fraction.percent(50), 2))))
        .root();
  }

  Release release() {
    return release(new SequenceNumber(1, 5));
  }

  Release release(SequenceNumber sequence) {
    return release(vendor, deviceClass, Place.ofImage(0), sequence, 3);
  }

  Release release(
      VendorId ofVendor, ClassId ofClass, Place place, SequenceNumber sequence, long counter) {
    return release(ofVendor, ofClass, sequence, part(place, counter));
  }

  Release release(
      VendorId ofVendor, ClassId ofClass, SequenceNumber sequence, Release.Part... parts) {
    return Release.of(
        new Release.Target(ofVendor, ofClass, sequence), SuitVersion.of(1, 8, 2), List.of(parts));
  }

  Release releaseOf(Release.Part... parts) {
    return release(vendor, deviceClass, new SequenceNumber(1, 5), parts);
  }

  Release.Part part(Place place, long counter) {
    return part(place, image, counter);
  }

  Release.Part part(Place place, Bytes content, long counter) {
    return Release.Part.of(
        place, content, SuitDigest.of(Bytes.ofUtf8("what MCUboot hashes")), counter);
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

  static <T extends SignedObject> Signed<T> sign(T object, CoseKeyPair... signers) {
    Signed<T> signed = Signed.unsigned(object);
    for (CoseKeyPair signer : signers) {
      signed = signed.signedBy(signer);
    }
    return signed;
  }

  // What operators say.

  static SuitDigest digest(Release release) {
    return SuitDigest.ofWrapped(release.manifest().encode());
  }

  /// For every tenth device of the deployment or so, this one among them.
  Targets.Sample sample() {
    for (int salt = 0; ; salt++) {
      Targets.Sample sample = new Targets.Sample(Bytes.ofInts(salt), Fraction.percent(10));
      if (sample.include(device, OptionalLong.empty())) {
        return sample;
      }
    }
  }

  Endorsement endorsement(Release release) {
    return new Endorsement(
        digest(release),
        deployment,
        sample(),
        Optional.empty(),
        Optional.of(NOW + 30 * DAY),
        4,
        new ActivationRule.AtOnce());
  }

  Signed<Endorsement> endorsed(Release release) {
    return sign(endorsement(release), approveKeys.get(0));
  }

  // What is newest.

  Beacon beacon(long number) {
    return new Beacon(
        number,
        NOW + number * DAY,
        14 * DAY,
        new TreeMap<>(
            Map.of(
                deviceClass.tag(),
                Beacon.Standing.of(
                    new SequenceNumber(1, 3),
                    new ReleaseMark(release().sequence(), digest(release()))))),
        1,
        Optional.empty(),
        List.of());
  }

  Signed<Beacon> fresh(long number) {
    return sign(beacon(number), freshnessKey);
  }

  News news(Signed<Beacon> beacon) {
    return News.of(beacon, deviceClass);
  }

  /// The state after this news, as nobody has denied anybody yet.
  TrustState heard(TrustState before, Signed<Beacon> beacon) {
    return before.hearing(news(beacon), Set.copyOf(beacon.content().denied())).orElseThrow();
  }

  /// All that a managed device asks for.
  Bundle full() {
    return full(release());
  }

  Bundle full(Release release) {
    Signed<Endorsement> word = release.equals(release()) ? approval : endorsed(release);
    return signed(release).withEndorsements(List.of(word)).withBeacon(newest);
  }

  // Who speaks for whom.

  /// Until beacon 7, for all that its issuers may say.
  static Certificate certificate(Role role, CoseKeyPair of) {
    return certificate(role, of, ScopeDraft.ANY.scope());
  }

  static Certificate certificate(Role role, CoseKeyPair of, Scope scope) {
    return new Certificate(role, of.publicKey(), scope, 7, 1);
  }

  // What comes of it.

  AcceptedPermit accepted() {
    return accepted(good());
  }

  AcceptedPermit accepted(Bundle bundle) {
    return accepted(bundle, facts, state);
  }

  static AcceptedPermit accepted(Bundle bundle, DeviceFacts facts, TrustState state) {
    return switch (PermitCheck.decide(bundle.encode(), facts, state, Checks.all()).verdict()) {
      case Verdict.Install(var permit) -> permit;
      case Verdict.Carry _ -> throw new AssertionError("only carried");
      case Verdict.Refuse refuse -> throw new AssertionError(refuse.sentence());
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
