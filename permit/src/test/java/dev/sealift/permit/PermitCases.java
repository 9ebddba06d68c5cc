// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.suit.SuitCommand;
import dev.sealift.suit.SuitCommon;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitMember;
import dev.sealift.suit.SuitSection;
import dev.sealift.suit.SuitSequence;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign1;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Bundles that are good and bundles with one thing wrong, each with what a device must say.
final class PermitCases {
  /// No refusal expected means that the device installs.
  record Case(
      String name,
      Root root,
      DeviceFacts facts,
      TrustState state,
      Bytes bundle,
      Optional<Refusal> expected) {
    Verdict decide(Checks checks) {
      return PermitCheck.decide(bundle, facts, state, root, checks);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final World world;
  private final List<Case> cases = new ArrayList<>();

  private PermitCases(World world) {
    this.world = world;
  }

  static List<Case> of(World world) {
    PermitCases all = new PermitCases(world);
    all.good();
    all.form();
    all.signatures();
    all.places();
    all.sequences();
    all.images();
    return List.copyOf(all.cases);
  }

  private void good() {
    CoseKeyPair[] three = world.releaseKeys.toArray(new CoseKeyPair[0]);
    installs("two-of-three-release-keys", world.good());
    installs("three-of-three-release-keys", world.signed(world.release(), three));
    installs(
        "recovery-by-root-keys",
        world.signed(world.release(), world.rootKeys.get(1), world.rootKeys.get(2)));
    installs(
        "a-stranger-s-signature-counts-for-nothing",
        world.signed(
            world.release(), world.stranger, world.releaseKeys.get(0), world.releaseKeys.get(2)));
    installs(
        "hint-that-fits",
        world
            .good()
            .withHint(new Bundle.Hint(world.deviceClass.tag(), world.release().sequence())));
    Bundle good = world.good();
    AcceptedPermit permit = world.accepted(good);
    add(
        "known-release-tried-again",
        world.root,
        world.facts,
        world.state.accepted(permit),
        good.encode(),
        Optional.empty());
    add(
        "installed-release-again",
        world.root,
        world.facts,
        world.state.installed(permit),
        good.encode(),
        Optional.empty());
    installs("sequence-one-higher", world.signed(world.release(new SequenceNumber(1, 6))));
    add(
        "scope-that-covers",
        world.root(
            1,
            Optional.of(
                Scope.ofClass(world.vendor, world.deviceClass)
                    .withSequences(new SequenceNumber(1, 0), new SequenceNumber(1, 5))),
            List.of(1)),
        world.facts,
        world.state,
        good.encode(),
        Optional.empty());
  }

  private void form() {
    Bytes good = world.good().encode();
    refuses(Refusal.R1, "trailing-byte", good.plus(Bytes.ofInts(0)));
    refuses(Refusal.R1, "last-byte-missing", good.first(good.size() - 1));
    refuses(Refusal.R1, "nothing", Bytes.EMPTY);
    refuses(
        Refusal.R1,
        "longer-than-a-device-takes",
        Bundle.of(
                new SuitEnvelope(
                    world.envelope(world.good()).digestBytes(),
                    List.of(),
                    Bytes.filled(Bundle.BYTES_MAX, 0),
                    new TreeMap<>(),
                    new TreeMap<>()))
            .encode());
    refuses(
        Refusal.R1,
        "not-deterministic",
        Bytes.ofHex("bf").plus(good.from(1)).plus(Bytes.ofInts(255)));
    refuses(
        Refusal.R1,
        "unknown-field",
        Cbor.deterministic(
            CborMap.builder().put(1, 1).put(2, world.good().envelope()).put(8, 1).build()));
    refuses(
        Refusal.R1,
        "untagged-envelope",
        world.good().withEnvelope(world.envelope(world.good()).encodeUntagged()).encode());
    refuses(
        Refusal.R2,
        "later-bundle-version",
        Cbor.deterministic(CborMap.builder().put(1, 2).put(2, world.good().envelope()).build()));
    Bytes part = Bytes.ofHex("d28440a0f640");
    Bytes envelope = world.good().envelope();
    List<Bytes> none = List.of();
    Optional<Bytes> no = Optional.empty();
    List<Bytes> one = List.of(part);
    refuses(Refusal.R2, "certificate", bundle(envelope, one, none, no, none));
    refuses(Refusal.R2, "endorsement", bundle(envelope, none, one, no, none));
    refuses(Refusal.R2, "beacon", bundle(envelope, none, none, Optional.of(part), none));
    refuses(Refusal.R2, "root-update", bundle(envelope, none, none, no, one));
    refuses(
        Refusal.R2,
        "integrated-payload",
        Bundle.of(with(world.envelope(world.good()), Map.of(), Map.of("#fw", part))).encode());
    refuses(
        Refusal.R2,
        "severed-member",
        Bundle.of(with(world.envelope(world.good()), Map.of(20, part), Map.of())).encode());
    refuses(Refusal.R1, "manifest-that-is-no-cbor", signedBytes(Bytes.filled(290, 0x81)));
    Bytes manifest = world.release().manifest().encode();
    refuses(
        Refusal.R2,
        "manifest-version-2",
        signedBytes(Bytes.concat(manifest.first(2), Bytes.ofInts(2), manifest.from(3))));
    refuses(
        Refusal.R2,
        "one-more-command",
        changed(
            SuitSection.VALIDATE,
            commands ->
                append(
                    commands,
                    new SuitCommand.Act(
                        SuitCommand.Directive.INVOKE, SuitCommand.ReportPolicy.ALL))));
    refuses(
        Refusal.R2,
        "one-command-less",
        changed(SuitSection.VALIDATE, commands -> commands.subList(0, 4)));
    refuses(
        Refusal.R2,
        "commands-in-another-order",
        changed(
            SuitSection.INSTALL,
            commands -> {
              List<SuitCommand> swapped = new ArrayList<>(commands.subList(4, 8));
              swapped.addAll(commands.subList(0, 4));
              return swapped;
            }));
    refuses(
        Refusal.R2,
        "digest-by-sha-384",
        Bundle.of(
                signAll(
                    new SuitEnvelope(
                        new SuitDigest(
                                SuitDigest.Algorithm.SHA_384,
                                Cbor.encode(new CborBytes(manifest)).digest("SHA-384"))
                            .encode(),
                        List.of(),
                        manifest,
                        new TreeMap<>(),
                        new TreeMap<>())))
            .encode());
    SuitEnvelope two = world.envelope(world.good());
    refuses(
        Refusal.R2,
        "payload-inside-a-signature",
        Bundle.of(
                two.withBlocks(
                    List.of(
                        CoseSign1.signAttached(
                                world.releaseKeys.getFirst(), two.digestBytes(), Bytes.EMPTY)
                            .encode(),
                        two.blocks().get(1))))
            .encode());
    refuses(
        Refusal.R2,
        "authentication-by-mac",
        Bundle.of(
                two.withBlocks(
                    List.of(
                        Cbor.deterministic(
                            new CborTag(
                                17,
                                CborList.of(
                                    new CborBytes(Bytes.ofHex("a10105")),
                                    CborMap.EMPTY,
                                    new CborNull(),
                                    new CborBytes(Bytes.filled(32, 1))))))))
            .encode());
  }

  private void signatures() {
    Release release = world.release();
    refuses(Refusal.R3, "unsigned", Bundle.of(release).encode());
    refuses(Refusal.R3, "signed-by-a-stranger", world.signed(release, world.stranger).encode());
    refuses(
        Refusal.R3,
        "signed-by-a-key-of-another-role",
        world.signed(release, world.freshnessKey).encode());
    SuitEnvelope good = world.envelope(world.good());
    SuitEnvelope other = world.envelope(world.signed(world.release(new SequenceNumber(1, 6))));
    refuses(
        Refusal.R3,
        "signatures-of-another-release",
        Bundle.of(good.withBlocks(other.blocks())).encode());
    refuses(
        Refusal.R3,
        "manifest-of-another-release",
        Bundle.of(
                new SuitEnvelope(
                    good.digestBytes(),
                    good.blocks(),
                    other.manifestBytes(),
                    good.severed(),
                    good.integrated()))
            .encode());
    refuses(
        Refusal.R3,
        "one-good-signature-one-forged",
        Bundle.of(good.withBlocks(List.of(good.blocks().get(0), other.blocks().get(1)))).encode());
    refuses(
        Refusal.R3,
        "signature-meant-for-something-else",
        Bundle.of(
                good.withBlocks(
                    List.of(
                        CoseSign1.signDetached(
                                world.releaseKeys.getFirst(),
                                good.digestBytes(),
                                Bytes.ofUtf8("beacon/1"))
                            .encode(),
                        good.blocks().get(1))))
            .encode());
    refuses(
        Refusal.R3,
        "manifest-that-is-no-cbor-and-unsigned",
        Bundle.of(bare(Bytes.filled(290, 0x81))).encode());
    refuses(
        Refusal.R4,
        "one-of-two-signatures",
        world.signed(release, world.releaseKeys.get(0)).encode());
    refuses(
        Refusal.R4,
        "one-key-twice",
        world.signed(release, world.releaseKeys.get(0), world.releaseKeys.get(0)).encode());
    refuses(
        Refusal.R4,
        "one-key-of-each-role",
        world.signed(release, world.releaseKeys.get(0), world.rootKeys.get(0)).encode());
    refuses(
        Refusal.R4,
        "one-release-key-and-a-stranger",
        world.signed(release, world.releaseKeys.get(0), world.stranger).encode());
    add(
        "policy-wants-an-approval-too",
        new Root(
            1,
            1,
            Map.of(
                Role.RELEASE, new Root.Grant(2, List.of(3, 4, 5), Optional.empty()),
                Role.APPROVE, new Root.Grant(1, List.of(6), Optional.empty())),
            world.root.keys(),
            List.of(Set.of(Role.RELEASE, Role.APPROVE))),
        world.facts,
        world.state,
        world.good().encode(),
        Optional.of(Refusal.R4));
    add(
        "root-of-an-epoch-before",
        world.root,
        world.facts,
        TrustState.fresh(2),
        world.good().encode(),
        Optional.of(Refusal.R7));
  }

  private void places() {
    VendorId foreignVendor = VendorId.ofDomain("example.org");
    ClassId foreignClass = ClassId.of(world.vendor, "kettle");
    SequenceNumber sequence = world.release().sequence();
    refuses(
        Refusal.R8,
        "another-vendor",
        world.signed(world.release(foreignVendor, world.deviceClass, 0, sequence, 3)).encode());
    refuses(
        Refusal.R8,
        "no-vendor-condition",
        signedManifest(withoutShared(SuitCommand.Condition.VENDOR_ID)));
    refuses(
        Refusal.R9,
        "another-class",
        world.signed(world.release(world.vendor, foreignClass, 0, sequence, 3)).encode());
    refuses(
        Refusal.R9,
        "no-class-condition",
        signedManifest(withoutShared(SuitCommand.Condition.CLASS_ID)));
    refuses(
        Refusal.R9,
        "hint-of-another-class",
        world.good().withHint(new Bundle.Hint(foreignClass.tag(), sequence)).encode());
    refuses(
        Refusal.R23,
        "another-component",
        world.signed(world.release(world.vendor, world.deviceClass, 1, sequence, 3)).encode());
    add(
        "keys-scoped-to-another-class",
        world.root(1, Optional.of(Scope.ofClass(world.vendor, foreignClass)), List.of(1)),
        world.facts,
        world.state,
        world.good().encode(),
        Optional.of(Refusal.R5));
    add(
        "keys-scoped-to-a-deployment",
        world.root(
            1,
            Optional.of(
                new Scope(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(Bytes.filled(16, 9)),
                    Optional.empty(),
                    List.of())),
            List.of(1)),
        world.facts,
        world.state,
        world.good().encode(),
        Optional.of(Refusal.R5));
  }

  private void sequences() {
    AcceptedPermit five = world.accepted();
    TrustState known = world.state.accepted(five);
    TrustState installed = world.state.installed(five);
    Bytes four = world.signed(world.release(new SequenceNumber(1, 4))).encode();
    refuses(Refusal.R12, "older-than-installed", installed, four);
    refuses(Refusal.R12, "older-than-known", known, four);
    add(
        "older-than-the-running-image-says",
        world.root,
        new DeviceFacts(
            world.vendor,
            world.deviceClass,
            world.facts.slotBytes(),
            3,
            Optional.of(new SequenceNumber(1, 5)),
            Bundle.BYTES_MAX),
        world.state,
        four,
        Optional.of(Refusal.R12));
    refuses(
        Refusal.R12,
        "hint-older-than-installed",
        installed,
        world
            .signed(world.release(new SequenceNumber(1, 6)))
            .withHint(new Bundle.Hint(world.deviceClass.tag(), new SequenceNumber(1, 4)))
            .encode());
    refuses(
        Refusal.R12,
        "epoch-before-the-root-s",
        world.signed(world.release(new SequenceNumber(0, 9))).encode());
    Bytes otherFive =
        world
            .signed(world.release(world.vendor, world.deviceClass, 0, five.release().sequence(), 4))
            .encode();
    refuses(Refusal.R13, "another-manifest-for-the-known-number", known, otherFive);
    refuses(Refusal.R13, "another-manifest-for-the-installed-number", installed, otherFive);
    refuses(
        Refusal.R14,
        "epoch-after-the-root-s",
        world.signed(world.release(new SequenceNumber(2, 0))).encode());
    refuses(
        Refusal.R14,
        "highest-bit-of-the-sequence",
        world.signed(world.release(new SequenceNumber(1L << 31, 0))).encode());
    add(
        "beyond-the-range-of-the-keys",
        world.root(
            1,
            Optional.of(
                Scope.ofClass(world.vendor, world.deviceClass)
                    .withSequences(new SequenceNumber(1, 0), new SequenceNumber(1, 4))),
            List.of(1)),
        world.facts,
        world.state,
        world.good().encode(),
        Optional.of(Refusal.R14));
  }

  private void images() {
    refuses(
        Refusal.R15,
        "security-counter-too-low",
        world
            .signed(
                world.release(world.vendor, world.deviceClass, 0, world.release().sequence(), 2))
            .encode());
    add(
        "larger-than-the-slot",
        world.root,
        DeviceFacts.of(world.vendor, world.deviceClass, world.image.size() - 1L, 3),
        world.state,
        world.good().encode(),
        Optional.of(Refusal.R19));
  }

  private Bytes bundle(
      Bytes envelope,
      List<Bytes> certificates,
      List<Bytes> endorsements,
      Optional<Bytes> beacon,
      List<Bytes> rootUpdates) {
    return new Bundle(envelope, certificates, endorsements, beacon, rootUpdates, Optional.empty())
        .encode();
  }

  private static SuitEnvelope with(
      SuitEnvelope envelope, Map<Integer, Bytes> severed, Map<String, Bytes> integrated) {
    return new SuitEnvelope(
        envelope.digestBytes(),
        envelope.blocks(),
        envelope.manifestBytes(),
        new TreeMap<>(severed),
        new TreeMap<>(integrated));
  }

  private static SuitEnvelope bare(Bytes manifest) {
    return new SuitEnvelope(
        SuitDigest.ofWrapped(manifest).encode(),
        List.of(),
        manifest,
        new TreeMap<>(),
        new TreeMap<>());
  }

  private SuitEnvelope signAll(SuitEnvelope envelope) {
    return envelope.signedBy(world.releaseKeys.get(0)).signedBy(world.releaseKeys.get(1));
  }

  private Bytes signedBytes(Bytes manifest) {
    return Bundle.of(signAll(bare(manifest))).encode();
  }

  private Bytes signedManifest(SuitManifest manifest) {
    return Bundle.of(signAll(SuitEnvelope.unsigned(manifest))).encode();
  }

  private Bytes changed(SuitSection section, UnaryOperator<List<SuitCommand>> change) {
    SuitManifest manifest = world.release().manifest();
    Map<SuitSection, SuitMember<SuitSequence>> sections = new EnumMap<>(manifest.sections());
    sections.put(
        section,
        new SuitMember.Inside<>(
            new SuitSequence(change.apply(manifest.sequence(section).orElseThrow().commands()))));
    return signedManifest(with(manifest, manifest.common(), sections));
  }

  private SuitManifest withoutShared(SuitCommand.Condition condition) {
    SuitManifest manifest = world.release().manifest();
    List<SuitCommand> commands =
        manifest.common().shared().orElseThrow().commands().stream()
            .filter(
                command ->
                    !(command instanceof SuitCommand.Check(var found, _) && found == condition))
            .toList();
    return with(
        manifest,
        SuitCommon.of(manifest.common().components(), new SuitSequence(commands)),
        manifest.sections());
  }

  private static SuitManifest with(
      SuitManifest manifest,
      SuitCommon common,
      Map<SuitSection, SuitMember<SuitSequence>> sections) {
    return new SuitManifest(
        manifest.sequenceNumber(),
        common,
        manifest.referenceUri(),
        manifest.componentId(),
        manifest.version(),
        sections,
        manifest.coswid(),
        manifest.text());
  }

  private static List<SuitCommand> append(List<SuitCommand> commands, SuitCommand last) {
    List<SuitCommand> more = new ArrayList<>(commands);
    more.add(last);
    return more;
  }

  private void installs(String name, Bundle bundle) {
    add(name, world.root, world.facts, world.state, bundle.encode(), Optional.empty());
  }

  private void refuses(Refusal refusal, String name, Bytes bundle) {
    refuses(refusal, name, world.state, bundle);
  }

  private void refuses(Refusal refusal, String name, TrustState state, Bytes bundle) {
    add(name, world.root, world.facts, state, bundle, Optional.of(refusal));
  }

  private void add(
      String name,
      Root root,
      DeviceFacts facts,
      TrustState state,
      Bytes bundle,
      Optional<Refusal> expected) {
    cases.add(new Case(name, root, facts, state, bundle, expected));
  }
}
