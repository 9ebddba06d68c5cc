// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.DeviceFacts.NonceLife;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Session permits that are good and ones with one thing wrong, each with what a device must say.
final class SessionCases {
  /// No refusal expected means that it is granted.
  record Case(
      String name, DeviceFacts facts, TrustState state, Bytes message, Optional<Refusal> refusal) {
    SessionCheck.Answer decide(Checks checks) {
      return SessionCheck.decide(message, facts, state, checks);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final Bytes NONCE = Bytes.filled(Beacon.NONCE_BYTES, 0x53);

  private final World world;
  private final List<Case> cases = new ArrayList<>();
  private final Session session;
  private final DeviceFacts asking;
  private final CoseKeyPair technician = World.pair();
  private final CoseKeyPair chief;

  private SessionCases(World world) {
    this.world = world;
    this.session = session(world);
    this.asking = world.facts.withNonces(Map.of(NONCE, NonceLife.OPEN));
    this.chief = world.approveKeys.get(0);
  }

  static Session session(World world) {
    return new Session(
        world.device,
        NONCE,
        Set.of(Action.ACTIVATE, Action.RESET),
        Optional.of(World.digest(world.release())),
        300);
  }

  static List<Case> of(World world) {
    SessionCases all = new SessionCases(world);
    all.signers();
    all.certificates();
    all.nonces();
    all.scopes();
    all.forms();
    return List.copyOf(all.cases);
  }

  private void grants(String name, Bytes message) {
    add(name, asking, world.managedState, message, Optional.empty());
  }

  private void refuses(Refusal refusal, String name, Bytes message) {
    add(name, asking, world.managedState, message, Optional.of(refusal));
  }

  private void add(
      String name, DeviceFacts facts, TrustState state, Bytes message, Optional<Refusal> refusal) {
    cases.add(new Case(name, facts, state, message, refusal));
  }

  private Bytes signed(CoseKeyPair... signers) {
    return SessionCheck.encode(World.sign(session, signers), List.of());
  }

  private void signers() {
    grants("session-by-the-operate-key", signed(world.operateKey));
    grants("session-by-the-operate-key-and-a-stranger", signed(world.stranger, world.operateKey));
    refuses(Refusal.R3, "session-unsigned", signed());
    refuses(Refusal.R3, "session-by-a-stranger", signed(world.stranger));
    refuses(
        Refusal.R4,
        "session-by-release-keys",
        signed(world.releaseKeys.toArray(new CoseKeyPair[0])));
    refuses(Refusal.R4, "session-by-root-keys", signed(world.rootKeys.toArray(new CoseKeyPair[0])));
    // An operator says who may, and does not do it without being named.
    refuses(Refusal.R4, "session-by-an-operator", signed(chief));
    Session other = new Session(world.device, NONCE, Set.of(Action.SHELL), Optional.empty(), 300);
    refuses(
        Refusal.R3,
        "session-with-signatures-of-another",
        SessionCheck.encode(
            new Signed<>(
                session,
                new CoseSign(
                    session.encode(), World.sign(other, world.operateKey).message().signatures())),
            List.of()));
    refuses(
        Refusal.R3,
        "beacon-s-signature-as-session",
        SessionCheck.encode(
            new Signed<>(
                session,
                CoseSign.unsigned(session.encode())
                    .signedBy(world.operateKey, SignedKind.BEACON.externalData())),
            List.of()));
    add(
        "session-by-a-denied-key",
        asking,
        world
            .managedState
            .hearing(world.news(world.newest), Set.of(world.operateKey.keyId()))
            .orElseThrow(),
        signed(world.operateKey),
        Optional.of(Refusal.R28));
    TrustState two =
        TrustState.fresh(
            RootDraft.of(world.managed)
                .key(8, world.stranger.publicKey())
                .grant(Role.APPROVE, 1, 6, 7)
                .grant(Role.OPERATE, 2, 8, 10)
                .root());
    add("session-by-one-of-two", asking, two, signed(world.operateKey), Optional.of(Refusal.R4));
    add(
        "session-by-two-of-two",
        asking,
        two,
        signed(world.operateKey, world.stranger),
        Optional.empty());
  }

  private Bytes certified(List<Signed<Certificate>> certificates) {
    return SessionCheck.encode(World.sign(session, technician), certificates);
  }

  private Signed<Certificate> technician(CoseKeyPair... by) {
    return World.sign(World.certificate(Role.OPERATE, technician), by);
  }

  private void certificates() {
    grants("technician-by-certificate-of-an-operator", certified(List.of(technician(chief))));
    grants(
        "technician-by-certificate-of-root-keys",
        certified(List.of(technician(world.rootKeys.get(0), world.rootKeys.get(1)))));
    grants(
        "technician-by-certificate-of-the-operate-key",
        certified(List.of(technician(world.operateKey))));
    CoseKeyPair deputy = World.pair();
    grants(
        "technician-by-certificate-of-a-deputy",
        certified(
            List.of(
                technician(deputy), World.sign(World.certificate(Role.APPROVE, deputy), chief))));
    refuses(Refusal.R3, "technician-without-a-certificate", certified(List.of()));
    refuses(
        Refusal.R6,
        "technician-by-certificate-of-a-stranger",
        certified(List.of(technician(world.stranger))));
    refuses(
        Refusal.R6,
        "technician-by-certificate-of-release-keys",
        certified(List.of(technician(world.releaseKeys.toArray(new CoseKeyPair[0])))));
    refuses(
        Refusal.R6,
        "technician-by-certificate-of-one-root-key",
        certified(List.of(technician(world.rootKeys.get(0)))));
    refuses(
        Refusal.R4,
        "certificate-of-an-operator-as-technician",
        certified(List.of(World.sign(World.certificate(Role.APPROVE, technician), chief))));
    add(
        "technician-s-certificate-has-ended",
        asking,
        world.heard(world.managedState, world.fresh(8)),
        certified(List.of(technician(chief))),
        Optional.of(Refusal.R28));
    add(
        "technician-s-certificate-to-the-newest-beacon",
        asking,
        world.heard(world.managedState, world.fresh(7)),
        certified(List.of(technician(chief))),
        Optional.empty());
  }

  private void nonces() {
    add(
        "session-for-a-nonce-of-somebody-else",
        world.facts,
        world.managedState,
        signed(world.operateKey),
        Optional.of(Refusal.R17));
    add(
        "session-for-a-nonce-of-long-ago",
        world.facts.withNonces(Map.of(NONCE, NonceLife.OVER)),
        world.managedState,
        signed(world.operateKey),
        Optional.of(Refusal.R16));
    Session elsewhere =
        new Session(
            DeviceId.of(world.vendor, "0018"),
            NONCE,
            session.actions(),
            session.manifest(),
            session.seconds());
    refuses(
        Refusal.R10,
        "session-for-another-device",
        SessionCheck.encode(World.sign(elsewhere, world.operateKey), List.of()));
  }

  private void scopes() {
    grants("technician-of-this-deployment", of(ScopeDraft.ANY.deployments(world.deployment)));
    grants("technician-for-this-class", of(ScopeDraft.of(world.vendor, world.deviceClass)));
    refuses(
        Refusal.R11,
        "technician-of-another-deployment",
        of(ScopeDraft.ANY.deployments(DeploymentId.of("town.example", "south"))));
    refuses(
        Refusal.R5,
        "technician-for-another-class",
        of(ScopeDraft.of(world.vendor, ClassId.of(world.vendor, "kettle"))));
    refuses(
        Refusal.R5,
        "technician-for-another-vendor",
        of(ScopeDraft.of(VendorId.ofDomain("example.org"), world.deviceClass)));
    // A session cannot be held against what limits releases.
    refuses(Refusal.R5, "technician-for-one-image", of(ScopeDraft.ANY.places(Place.ofImage(0))));
    DeviceFacts.Identity own = asking.identity();
    add(
        "technician-of-a-deployment-on-a-device-in-none",
        new DeviceFacts(
            new DeviceFacts.Identity(
                own.vendor(),
                own.deviceClass(),
                own.device(),
                OptionalLong.empty(),
                Optional.empty()),
            asking.places(),
            asking.runningSequence(),
            asking.limits(),
            asking.clock(),
            asking.nonces(),
            asking.carrying()),
        world.managedState,
        of(ScopeDraft.ANY.deployments(world.deployment)),
        Optional.of(Refusal.R11));
  }

  /// A technician's session with a certificate for so much.
  private Bytes of(ScopeDraft scope) {
    return certified(
        List.of(World.sign(World.certificate(Role.OPERATE, technician, scope.scope()), chief)));
  }

  private void forms() {
    Bytes good = signed(world.operateKey);
    Signed<Session> signed = World.sign(session, world.operateKey);
    refuses(Refusal.R1, "session-message-of-nothing", Bytes.EMPTY);
    refuses(Refusal.R1, "session-message-with-a-trailing-byte", good.plus(Bytes.ofInts(0)));
    refuses(Refusal.R1, "session-message-cut-short", good.first(good.size() - 1));
    refuses(
        Refusal.R1,
        "session-message-too-long",
        Cbor.deterministic(
            CborMap.builder()
                .put(1, signed.encode())
                .put(2, CborList.of(new CborBytes(Bytes.filled(1024, 1))))
                .build()));
    refuses(Refusal.R1, "session-message-with-no-certificates", message(signed, List.of()));
    refuses(
        Refusal.R1,
        "session-message-with-five-certificates",
        message(signed, Collections.nCopies(5, new CborBytes(technician(chief).encode()))));
    refuses(
        Refusal.R1,
        "session-message-with-an-unknown-field",
        Cbor.deterministic(CborMap.builder().put(1, signed.encode()).put(3, 1).build()));
    refuses(
        Refusal.R1,
        "session-that-is-a-beacon",
        Cbor.deterministic(CborMap.builder().put(1, world.newest.encode()).build()));
    field("session-with-an-unknown-action", 3, CborInt.of(1 << 11));
    field("session-with-an-action-of-63-bits", 3, CborInt.of(Long.MAX_VALUE));
    field("session-with-no-action", 3, CborInt.of(0));
    field("session-of-no-time", 5, CborInt.of(0));
    field("session-of-more-than-an-hour", 5, CborInt.of(3601));
    field("session-with-a-short-nonce", 2, new CborBytes(Bytes.filled(15, 1)));
    field("session-for-a-short-device-id", 1, new CborBytes(Bytes.filled(8, 1)));
    field("session-with-a-short-digest", 4, new CborBytes(Bytes.filled(31, 1)));
    field("session-with-an-unknown-field", 6, CborInt.of(1));
  }

  private static Bytes message(Signed<Session> session, List<? extends CborItem> certificates) {
    return Cbor.deterministic(
        CborMap.builder()
            .put(1, session.encode())
            .put(2, new CborList(List.copyOf(certificates)))
            .build());
  }

  /// A session with another value in one field, signed as it is.
  private void field(String name, int field, CborItem value) {
    try {
      Map<CborItem, CborItem> entries =
          new java.util.LinkedHashMap<>(((CborMap) Cbor.strict(session.encode())).entries());
      entries.put(CborInt.of(field), value);
      CoseSign message =
          CoseSign.unsigned(Cbor.deterministic(new CborMap(entries)))
              .signedBy(world.operateKey, SignedKind.SESSION.externalData());
      refuses(
          Refusal.R1, name, Cbor.deterministic(CborMap.builder().put(1, message.encode()).build()));
    } catch (dev.sealift.bytes.MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
