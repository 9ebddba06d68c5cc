// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.permit.Action;
import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.Fraction;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Scope;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Session;
import dev.sealift.permit.SessionCheck;
import dev.sealift.permit.Signed;
import dev.sealift.permit.SignedObject;
import dev.sealift.permit.Targets;
import dev.sealift.permit.Terms;
import dev.sealift.permit.VendorId;
import dev.sealift.suit.cose.CoseKeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The maker, the operator, the freshness service and the technician: those who hold keys, and what
/// they sign. A thief asks for single keys of theirs.
final class People {
  /// When the first root was made, in seconds since 1970; every device begins there.
  static final long START = 1_800_000_000L;

  static final long DAY = 86_400;
  static final long YEAR = 365 * DAY;
  static final long EPOCH = 1;

  /// The first number of the beacons; there is one a day.
  static final long FIRST_BEACON = 100;

  /// Certificates end with a beacon that is far away, unless a row is about that.
  static final long FAR_BEACON = 100_000;

  private final SecureRandom random;
  private final VendorId vendor = VendorId.ofDomain("acme.example");
  private final ClassId deviceClass = ClassId.of(vendor, "lamp");
  private final DeploymentId north = DeploymentId.of("town.example", "north");
  private final DeploymentId south = DeploymentId.of("town.example", "south");
  private final Keys keys;
  private final LocalKey imageKey;

  People(SecureRandom random) {
    this.random = random;
    this.keys = Keys.fresh(random);
    this.imageKey = LocalKey.generate(KeyType.ECDSA_P256, random);
  }

  VendorId vendor() {
    return vendor;
  }

  ClassId deviceClass() {
    return deviceClass;
  }

  /// Where the devices stand that are attacked.
  DeploymentId north() {
    return north;
  }

  /// Where they do not.
  DeploymentId south() {
    return south;
  }

  Keys keys() {
    return keys;
  }

  /// The first two of the three who sign releases: enough of them.
  List<CoseKeyPair> releaseQuorum() {
    return keys.release().subList(0, 2);
  }

  List<CoseKeyPair> rootQuorum() {
    return keys.root().subList(0, 2);
  }

  /// As many as it takes for all devices.
  List<CoseKeyPair> approveQuorum() {
    return keys.approve().subList(0, 2);
  }

  LocalKey imageKey() {
    return imageKey;
  }

  /// A key of somebody whom no root names.
  CoseKeyPair stranger() {
    return Keys.one(random);
  }

  SecureRandom random() {
    return random;
  }

  static <T extends SignedObject> Signed<T> sign(T object, List<CoseKeyPair> signers) {
    Signed<T> signed = Signed.unsigned(object);
    for (CoseKeyPair signer : signers) {
      signed = signed.signedBy(signer);
    }
    return signed;
  }

  static <T extends SignedObject> Signed<T> sign(T object, CoseKeyPair... signers) {
    return sign(object, List.of(signers));
  }

  // Roots.

  Root root(Policy policy) {
    return root(1, EPOCH, policy, keys);
  }

  /// Two of three for root and release. One of three approves for a few devices, two for more than
  /// a tenth of a deployment.
  Root root(long version, long epoch, Policy policy, Keys named) {
    Map<Role, Root.Grant> roles =
        Map.of(
            Role.ROOT, new Root.Grant(2, List.of(0, 1, 2), Optional.empty()),
            Role.RELEASE, new Root.Grant(2, List.of(3, 4, 5), Optional.empty()),
            Role.APPROVE, new Root.Grant(1, List.of(6, 7, 8), Optional.empty()),
            Role.FRESHNESS, new Root.Grant(1, List.of(9), Optional.empty()),
            Role.OPERATE, new Root.Grant(1, List.of(10), Optional.empty()));
    return new Root(
        version,
        epoch,
        roles,
        named.all().stream().map(CoseKeyPair::publicKey).toList(),
        policy.clauses(),
        Terms.standard(START, policy.mode())
            .with(List.of(new Terms.Crowd(Fraction.percent(10), 2))));
  }

  /// The same root with a limit for the keys of one role.
  static Root limited(Root root, Role role, Scope scope) {
    Map<Role, Root.Grant> roles = new EnumMap<>(root.roles());
    Root.Grant grant = root.grant(role).orElseThrow();
    roles.put(role, new Root.Grant(grant.threshold(), grant.keys(), Optional.of(scope)));
    return new Root(root.version(), root.epoch(), roles, root.keys(), root.policy(), root.terms());
  }

  /// The next root, signed as it has to be: by enough root keys of the last one and of its own.
  Signed<Root> rotated(Root next, Keys nextKeys) {
    List<CoseKeyPair> signers = new ArrayList<>(rootQuorum());
    for (CoseKeyPair own : nextKeys.root().subList(0, 2)) {
      if (!signers.contains(own)) {
        signers.add(own);
      }
    }
    return sign(next, signers);
  }

  // What operators say.

  /// For all devices in the north, at once, and for ten years.
  Endorsement endorsement(Edition edition) {
    return new Endorsement(
        edition.digest(),
        north,
        new Targets.All(),
        Optional.empty(),
        Optional.of(START + 10 * YEAR),
        edition.sequence().number(),
        new ActivationRule.AtOnce());
  }

  Signed<Endorsement> approved(Endorsement word) {
    return sign(word, approveQuorum());
  }

  EndorsementDraft draft(Edition edition) {
    return new EndorsementDraft(endorsement(edition));
  }

  Signed<Endorsement> approved(Edition edition) {
    return approved(endorsement(edition));
  }

  // What is newest.

  /// The beacon of that day: it lasts a day, and every release that there is may still be
  /// installed.
  Beacon news(long day) {
    return new Beacon(
        FIRST_BEACON + day,
        START + day * DAY,
        DAY,
        new TreeMap<>(Map.of(deviceClass.tag(), standing(1))),
        1,
        Optional.empty(),
        List.of());
  }

  /// No manifest of ours begins with these bytes, and no release has this number.
  static Beacon.Standing standing(long floor) {
    return new Beacon.Standing(
        new SequenceNumber(EPOCH, floor),
        new SequenceNumber(EPOCH, 1_000_000),
        Bytes.filled(Beacon.PREFIX_BYTES, 0));
  }

  Signed<Beacon> said(Beacon beacon) {
    return sign(beacon, keys.freshness());
  }

  BeaconDraft draft(long day) {
    return new BeaconDraft(news(day), deviceClass.tag());
  }

  // Delegation, and people on the spot.

  static Certificate certificate(Role role, CoseKeyPair key, Scope scope) {
    return new Certificate(role, key.publicKey(), scope, FAR_BEACON, 1);
  }

  Scope ownClass() {
    return Scope.ofClass(vendor, deviceClass);
  }

  static Session session(DeviceId device, Bytes nonce, Action... actions) {
    return new Session(device, nonce, Set.of(actions), Optional.empty(), 300);
  }

  /// As a technician carries it to a device.
  Bytes carried(Session session) {
    return SessionCheck.encode(sign(session, keys.operate()), List.of());
  }
}
