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
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitSection;
import dev.sealift.suit.cose.CoseSign1;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a bundle looks like, and what it must not look like.
final class FormCases {
  private final CaseList cases;
  private final World world;
  private final Bundle good;

  private FormCases(CaseList cases) {
    this.cases = cases;
    this.world = cases.world;
    this.good = world.good();
  }

  static void add(CaseList cases) {
    FormCases form = new FormCases(cases);
    form.bundles();
    form.parts();
    form.envelopes();
    form.manifests();
    form.hints();
  }

  private void bundles() {
    Bytes bytes = good.encode();
    cases.brought("two-of-three-release-keys", bytes).installs();
    cases.brought("trailing-byte", bytes.plus(Bytes.ofInts(0))).refuses(Refusal.R1);
    cases.brought("last-byte-missing", bytes.first(bytes.size() - 1)).refuses(Refusal.R1);
    cases.brought("nothing", Bytes.EMPTY).refuses(Refusal.R1);
    cases
        .brought(
            "longer-than-a-device-takes",
            Bundle.of(
                new SuitEnvelope(
                    world.envelope(good).digestBytes(),
                    List.of(),
                    Bytes.filled(Bundle.BYTES_MAX, 0),
                    new TreeMap<>(),
                    new TreeMap<>())))
        .refuses(Refusal.R1);
    cases
        .brought("longer-than-this-device-takes", bytes)
        .to(world.facts.within(new DeviceFacts.Limits(bytes.size() - 1, Root.BYTES_MAX)))
        .refuses(Refusal.R1);
    cases
        .brought("as-long-as-this-device-takes", bytes)
        .to(world.facts.within(new DeviceFacts.Limits(bytes.size(), Root.BYTES_MAX)))
        .installs();
    cases
        .brought("not-deterministic", Bytes.ofHex("bf").plus(bytes.from(1)).plus(Bytes.ofInts(255)))
        .refuses(Refusal.R1);
    cases.brought("unknown-field", map(1).put(8, 1).build()).refuses(Refusal.R1);
    cases.brought("later-bundle-version", map(2).build()).refuses(Refusal.R2);
    cases
        .brought("field-of-the-wrong-type", map(1).put(3, Bytes.EMPTY).build())
        .refuses(Refusal.R1);
    for (int field : new int[] {3, 4, 6}) {
      cases
          .brought("empty-list-in-field-" + field, map(1).put(field, CborList.of()).build())
          .refuses(Refusal.R1);
    }
  }

  private CborMapOf map(int version) {
    return new CborMapOf(CborMap.builder().put(1, version).put(2, good.envelope()));
  }

  /// A bundle's map with anything in it.
  private record CborMapOf(CborMap.Builder builder) {
    CborMapOf put(long key, long value) {
      builder.put(key, value);
      return this;
    }

    CborMapOf put(long key, Bytes value) {
      builder.put(key, value);
      return this;
    }

    CborMapOf put(long key, CborList value) {
      builder.put(key, value);
      return this;
    }

    Bytes build() {
      return Cbor.deterministic(builder.build());
    }
  }

  private void parts() {
    Bytes unsound = Bytes.ofHex("d28440a0f640");
    List<Bytes> one = List.of(unsound);
    List<Bytes> none = List.of();
    Optional<Bytes> no = Optional.empty();
    bundle("certificate-that-is-none", one, none, no, none);
    bundle("endorsement-that-is-none", none, one, no, none);
    bundle("beacon-that-is-none", none, none, Optional.of(unsound), none);
    bundle("root-update-that-is-none", none, none, no, one);
    Bytes beacon = world.fresh(7).encode();
    bundle("beacon-as-endorsement", none, List.of(beacon), no, none);
    bundle("beacon-as-certificate", List.of(beacon), none, no, none);
    bundle("beacon-as-root-update", none, none, no, List.of(beacon));
    Bytes endorsement = world.endorsed(world.release()).encode();
    bundle("nine-endorsements", none, Collections.nCopies(9, endorsement), no, none);
  }

  private void bundle(
      String name,
      List<Bytes> certificates,
      List<Bytes> endorsements,
      Optional<Bytes> beacon,
      List<Bytes> rootUpdates) {
    cases
        .brought(
            name,
            new Bundle(
                good.envelope(), certificates, endorsements, beacon, rootUpdates, Optional.empty()))
        .refuses(Refusal.R1);
  }

  private void envelopes() {
    SuitEnvelope two = world.envelope(good);
    cases.brought("untagged-envelope", good.withEnvelope(two.encodeUntagged())).refuses(Refusal.R1);
    cases
        .brought(
            "integrated-payload",
            Bundle.of(CaseList.with(two, Map.of(), Map.of("#fw", Bytes.ofInts(1)))))
        .refuses(Refusal.R2);
    cases
        .brought(
            "severed-member", Bundle.of(CaseList.with(two, Map.of(20, Bytes.ofInts(1)), Map.of())))
        .refuses(Refusal.R2);
    Bytes manifest = two.manifestBytes();
    cases
        .brought(
            "digest-by-sha-384",
            world.signed(
                new SuitEnvelope(
                    new SuitDigest(
                            SuitDigest.Algorithm.SHA_384,
                            Cbor.encode(new CborBytes(manifest)).digest("SHA-384"))
                        .encode(),
                    List.of(),
                    manifest,
                    new TreeMap<>(),
                    new TreeMap<>()),
                cases.enough()))
        .refuses(Refusal.R2);
    cases
        .brought(
            "payload-inside-a-signature",
            Bundle.of(
                two.withBlocks(
                    List.of(
                        CoseSign1.signAttached(
                                world.releaseKeys.getFirst(), two.digestBytes(), Bytes.EMPTY)
                            .encode(),
                        two.blocks().get(1)))))
        .refuses(Refusal.R2);
    Bytes mac =
        Cbor.deterministic(
            new CborTag(
                17,
                CborList.of(
                    new CborBytes(Bytes.ofHex("a10105")),
                    CborMap.EMPTY,
                    new CborNull(),
                    new CborBytes(Bytes.filled(32, 1)))));
    cases
        .brought(
            "a-mac-beside-the-signatures",
            Bundle.of(two.withBlocks(CaseList.append(two.blocks(), mac))))
        .refuses(Refusal.R2);
    cases
        .brought("a-mac-instead-of-signatures", Bundle.of(two.withBlocks(List.of(mac))))
        .refuses(Refusal.R3);
    cases
        .brought(
            "a-block-that-is-no-signature",
            Bundle.of(two.withBlocks(CaseList.append(two.blocks(), Bytes.ofHex("d28440a0f6")))))
        .refuses(Refusal.R1);
    cases
        .brought(
            "seventeen-blocks", Bundle.of(two.withBlocks(Collections.nCopies(17, Bytes.ofInts(0)))))
        .refuses(Refusal.R1);
  }

  private void manifests() {
    SuitManifest manifest = world.release().manifest();
    Bytes bytes = manifest.encode();
    cases
        .brought("manifest-that-is-no-cbor", cases.signedBytes(Bytes.filled(290, 0x81)))
        .refuses(Refusal.R1);
    cases
        .brought(
            "manifest-version-2",
            cases.signedBytes(Bytes.concat(bytes.first(2), Bytes.ofInts(2), bytes.from(3))))
        .refuses(Refusal.R2);
    cases
        .brought(
            "one-more-command",
            cases.changed(
                manifest,
                SuitSection.VALIDATE,
                commands ->
                    CaseList.append(
                        commands,
                        new SuitCommand.Act(
                            SuitCommand.Directive.INVOKE, SuitCommand.ReportPolicy.ALL))))
        .refuses(Refusal.R2);
    cases
        .brought(
            "one-command-less",
            cases.changed(manifest, SuitSection.VALIDATE, commands -> commands.subList(0, 4)))
        .refuses(Refusal.R2);
    cases
        .brought(
            "commands-in-another-order",
            cases.changed(
                manifest,
                SuitSection.INSTALL,
                commands -> {
                  List<SuitCommand> swapped = new ArrayList<>(commands.subList(4, 8));
                  swapped.addAll(commands.subList(0, 4));
                  return swapped;
                }))
        .refuses(Refusal.R2);
    // T08: what a lesser signer could add later may stand nowhere in the manifest.
    cases
        .brought(
            "digest-overridden-at-install",
            cases.changed(
                manifest,
                SuitSection.INSTALL,
                commands -> {
                  List<SuitCommand> more = new ArrayList<>(commands);
                  more.set(
                      5,
                      new SuitCommand.OverrideParameters(
                          dev.sealift.suit.SuitParameters.of(
                              new dev.sealift.suit.SuitParameter.ImageDigest(
                                  SuitDigest.of(Bytes.EMPTY)),
                              new dev.sealift.suit.SuitParameter.Uri("#fw"))));
                  return more;
                }))
        .refuses(Refusal.R2);
  }

  private void hints() {
    SequenceNumber sequence = world.release().sequence();
    cases
        .brought(
            "hint-that-fits", good.withHint(new Bundle.Hint(world.deviceClass.tag(), sequence)))
        .installs();
    cases
        .brought(
            "hint-of-another-class",
            good.withHint(new Bundle.Hint(ClassId.of(world.vendor, "kettle").tag(), sequence)))
        .refuses(Refusal.R9);
    cases
        .brought(
            "hint-older-than-installed",
            world
                .signed(world.release(new SequenceNumber(1, 6)))
                .withHint(new Bundle.Hint(world.deviceClass.tag(), new SequenceNumber(1, 4))))
        .knowing(world.state.installed(world.accepted()))
        .refuses(Refusal.R12);
    // It opens no door: what it promises is not asked again, and what is signed is.
    cases
        .brought(
            "hint-that-promises-more-than-the-release",
            good.withHint(new Bundle.Hint(world.deviceClass.tag(), new SequenceNumber(1, 99))))
        .installs();
    cases
        .brought(
            "hint-that-hides-an-old-release",
            world
                .signed(world.release(new SequenceNumber(1, 4)))
                .withHint(new Bundle.Hint(world.deviceClass.tag(), new SequenceNumber(1, 99))))
        .knowing(world.state.installed(world.accepted()))
        .refuses(Refusal.R12);
  }
}
