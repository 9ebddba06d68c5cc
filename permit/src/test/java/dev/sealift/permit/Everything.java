// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.DeviceFacts.NonceLife;
import dev.sealift.permit.Terms.Freshness.Mode;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A bundle with one of every part, each of which is needed: a new root that replaces a release
/// key, a release signed by the one that replaces it, a deputy's endorsement and the certificate
/// that makes a deputy of them, and an answer to this device's nonce.
record Everything(DeviceFacts facts, TrustState state, Bundle bundle, TrustState after) {
  static final Bytes NONCE = Bytes.filled(Beacon.NONCE_BYTES, 0x4e);

  static Everything of(World world) {
    CoseKeyPair replacing = World.pair();
    CoseKeyPair deputy = World.pair();
    Root one = world.managed(Mode.STRICT);
    Root two = RootDraft.after(one).key(3, replacing.publicKey()).root();
    Release release = world.release();
    Signed<Beacon> answer =
        World.sign(
            BeaconDraft.of(world.beacon(7)).rootVersion(2).beacon().answering(NONCE),
            world.freshnessKey);
    TrustState state = TrustState.fresh(one);
    return new Everything(
        world.facts.withNonces(Map.of(NONCE, NonceLife.OPEN)),
        state,
        world
            .signed(release, replacing, world.releaseKeys.get(1))
            .withRootUpdates(List.of(World.sign(two, world.rootKeys.get(0), world.rootKeys.get(1))))
            .withCertificates(
                List.of(
                    World.sign(World.certificate(Role.APPROVE, deputy), world.approveKeys.get(0))))
            .withEndorsements(List.of(World.sign(world.endorsement(release), deputy)))
            .withBeacon(answer),
        world.heard(state.trusting(two), answer));
  }

  /// The bundle without one of its parts, how that is missed, and what is learnt all the same.
  record Stripped(Bundle bundle, Refusal missed, TrustState after) {}

  SortedMap<String, Stripped> stripped(World world) {
    List<Bytes> blocks = world.envelope(bundle).blocks();
    TrustState rooted = state.trusting(after.root());
    Bundle silent =
        new Bundle(
            bundle.envelope(),
            bundle.certificates(),
            bundle.endorsements(),
            Optional.empty(),
            bundle.rootUpdates(),
            bundle.hint());
    return new TreeMap<>(
        Map.of(
            "first-signature",
            new Stripped(signed(world, blocks.subList(1, 2)), Refusal.R4, after),
            "second-signature",
            new Stripped(signed(world, blocks.subList(0, 1)), Refusal.R4, after),
            "certificate",
            new Stripped(bundle.withCertificates(List.of()), Refusal.R3, after),
            "endorsement",
            new Stripped(bundle.withEndorsements(List.of()), Refusal.R4, after),
            "beacon",
            new Stripped(silent, Refusal.R16, rooted),
            "root-update",
            new Stripped(bundle.withRootUpdates(List.of()), Refusal.R7, state)));
  }

  private Bundle signed(World world, List<Bytes> blocks) {
    return bundle.withEnvelope(world.envelope(bundle).withBlocks(blocks).encode());
  }

  Decision decide(Bytes bytes) {
    return PermitCheck.decide(bytes, facts, state, Checks.all());
  }
}
