// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What travels over slow air is small, and stays so: measured with ESP256, for an image of 412,345
/// bytes, in bytes.
class SizesTest {
  private static final World WORLD = new World();
  private static final Bytes NONCE = Bytes.filled(Beacon.NONCE_BYTES, 0xa5);

  private final Map<String, Integer> table = new LinkedHashMap<>();
  private final Release release =
      WORLD.releaseOf(WORLD.part(Place.ofImage(0), World.image(412_345), 42));

  private int row(String what, Bytes bytes) {
    table.put(what, bytes.size());
    return bytes.size();
  }

  @Test
  void permits_are_small() {
    row("manifest", release.manifest().encode());
    Bundle two = WORLD.signed(release);
    row("envelope, 1 signature", WORLD.signed(release, WORLD.releaseKeys.get(0)).envelope());
    row("envelope, 2 signatures", two.envelope());
    row("envelope, 3 signatures", threeSigned().envelope());

    Endorsement sampled = WORLD.endorsement(release);
    Endorsement all = EndorsementDraft.of(sampled).targets(new Targets.All()).word();
    row("endorsement, all devices", endorsed(all).encode());
    row("endorsement, a sample", endorsed(sampled).encode());
    row("endorsement, 32 listed", endorsed(listed(sampled)).encode());
    row("endorsement, all, two operators", endorsedByTwo(all).encode());
    Beacon news = WORLD.beacon(700);
    row("beacon, one class", beacon(news).encode());
    row("beacon, one class, one key denied", beacon(denying(news)).encode());
    row("nonce answer", beacon(news.answering(NONCE)).encode());
    Signed<Session> session = World.sign(SessionCases.session(WORLD), WORLD.operateKey);
    row("session", session.encode());
    Signed<Certificate> certificate = certificate();
    row("certificate", certificate.encode());
    row("session message with certificate", SessionCheck.encode(session, List.of(certificate)));

    Root root = tenKeys();
    row("root, 10 keys in 5 roles", root.encode());
    row("root, signed by 2", signed(root, 2).encode());
    Signed<Root> update = update(root);
    row("root update, 2 old and 2 new keys", update.encode());

    int bundle = row("bundle, release by 2 of 3", two.encode());
    int withAll = row("  and endorsement (all) and beacon", with(two, all, news).encode());
    int withSample =
        row("  and endorsement (sample) and beacon", with(two, sampled, news).encode());
    row(
        "  and a delegation",
        with(two, sampled, news).withCertificates(List.of(certificate)).encode());
    row(
        "  and one root update",
        with(two, sampled, news).withRootUpdates(List.of(update)).encode());
    row(
        "  and both",
        with(two, sampled, news)
            .withCertificates(List.of(certificate))
            .withRootUpdates(List.of(update))
            .encode());
    row("bundle with answer instead of beacon", with(two, sampled, news.answering(NONCE)).encode());
    row("bundle, two images", WORLD.signed(twoImages()).encode());
    int blockTable = (int) release.parts().getFirst().tableSize();
    table.put("block table, 101 pages", blockTable);

    System.out.println("sizes in bytes:");
    table.forEach((what, bytes) -> System.out.printf("  %5d  %s%n", bytes, what));
    assertThat(bundle).isLessThanOrEqualTo(560);
    assertThat(withAll).isLessThanOrEqualTo(880);
    assertThat(withSample).isLessThanOrEqualTo(880);
    assertThat(blockTable).isEqualTo(101 * BlockTable.DIGEST_BYTES).isEqualTo(1616);
    assertThat(BlockTable.DIGEST_BYTES).isEqualTo(16);
    assertThat(table).containsEntry("manifest", 282);
    // Whatever there is of it fits what a device takes unless it says otherwise.
    assertThat(Optional.ofNullable(table.get("  and both")).orElseThrow())
        .isLessThanOrEqualTo(Bundle.BYTES_MAX / 2);
  }

  private Bundle threeSigned() {
    return WORLD.signed(release, WORLD.releaseKeys.toArray(new CoseKeyPair[0]));
  }

  private static Signed<Endorsement> endorsed(Endorsement word) {
    return World.sign(word, WORLD.approveKeys.get(0));
  }

  private static Signed<Endorsement> endorsedByTwo(Endorsement word) {
    return World.sign(word, WORLD.approveKeys.get(0), WORLD.approveKeys.get(1));
  }

  private static Endorsement listed(Endorsement word) {
    return EndorsementDraft.of(word)
        .targets(
            Targets.Listed.of(
                IntStream.range(0, 32)
                    .mapToObj(i -> DeviceId.of(WORLD.vendor, "serial " + i))
                    .toList()))
        .word();
  }

  private static Signed<Beacon> beacon(Beacon beacon) {
    return World.sign(beacon, WORLD.freshnessKey);
  }

  private static Beacon denying(Beacon beacon) {
    return BeaconDraft.of(beacon).denying(List.of(WORLD.stranger.keyId())).beacon();
  }

  /// For one deployment, as technicians and other operators have them.
  private static Signed<Certificate> certificate() {
    return World.sign(
        World.certificate(
            Role.OPERATE, WORLD.stranger, ScopeDraft.ANY.deployments(WORLD.deployment).scope()),
        WORLD.approveKeys.get(0));
  }

  /// As large as trust.md has it: three keys each for root and release, two operators.
  private static Root tenKeys() {
    return RootDraft.of(WORLD.managed)
        .keys(
            Stream.of(
                    WORLD.rootKeys,
                    WORLD.releaseKeys,
                    WORLD.approveKeys.subList(0, 2),
                    List.of(WORLD.freshnessKey, WORLD.operateKey))
                .flatMap(List::stream)
                .map(CoseKeyPair::publicKey)
                .toList())
        .grant(Role.APPROVE, 1, 6, 7)
        .grant(Role.FRESHNESS, 1, 8)
        .grant(Role.OPERATE, 1, 9)
        .root();
  }

  private static Signed<Root> signed(Root root, int keys) {
    return World.sign(root, WORLD.rootKeys.subList(0, keys).toArray(new CoseKeyPair[0]));
  }

  /// Two of its three root keys are new: two old and two new ones have to sign.
  private static Signed<Root> update(Root root) {
    List<CoseKeyPair> others = World.pairs(2);
    Root next =
        RootDraft.after(root)
            .key(1, others.get(0).publicKey())
            .key(2, others.get(1).publicKey())
            .root();
    return World.sign(
        next, WORLD.rootKeys.get(0), WORLD.rootKeys.get(1), others.get(0), others.get(1));
  }

  private static Bundle with(Bundle bundle, Endorsement word, Beacon news) {
    return bundle.withEndorsements(List.of(endorsed(word))).withBeacon(beacon(news));
  }

  private static Release twoImages() {
    return WORLD.releaseOf(
        WORLD.part(Place.ofImage(0), World.image(412_345), 42),
        WORLD.part(Place.ofImage(1), World.image(200_000), 7));
  }
}
