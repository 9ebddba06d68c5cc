// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSign;
import dev.sealift.suit.cose.KeyId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReleaseSummaryTest {
  private static final World WORLD = new World();

  @Test
  void a_summary_says_who_signed_and_what_is_missing() throws MalformedException {
    Bundle one = Bundle.of(WORLD.release()).signedBy(WORLD.releaseKeys.get(0));
    Map<KeyId, String> names = Map.of(WORLD.releaseKeys.get(0).keyId(), "alice");
    ReleaseSummary summary = ReleaseSummary.of(one, Optional.of(WORLD.root), names);
    assertThat(summary.missing())
        .contains("release: 1 of 2 signatures, or root: 0 of 2 signatures");
    assertThat(summary.lines())
        .contains(
            "version         1.8.2",
            "sequence        1:5",
            "  size          10000 bytes",
            "released by     %s, alice, release: valid"
                .formatted(WORLD.releaseKeys.get(0).keyId()));
    ReleaseSummary done =
        ReleaseSummary.of(
            one.signedBy(WORLD.releaseKeys.get(0))
                .signedBy(WORLD.releaseKeys.get(1))
                .signedBy(WORLD.stranger),
            Optional.of(WORLD.root),
            names);
    assertThat(done.missing()).isEmpty();
    assertThat(done.signatures().stream().map(ReleaseSummary.Signature::state))
        .containsExactly(
            ReleaseSummary.Signature.State.VALID,
            ReleaseSummary.Signature.State.REPEATED,
            ReleaseSummary.Signature.State.VALID,
            ReleaseSummary.Signature.State.UNKNOWN);
    assertThat(Json.read(Json.write(done.toJson()))).isEqualTo(done.toJson());
    assertThat(done.toJson().get("version")).contains(new CborText("1.8.2"));
    assertThat(ReleaseSummary.of(one, Optional.empty(), Map.of()).missing()).isEmpty();
  }

  private static final Map<KeyId, String> NAMES =
      Map.of(
          WORLD.releaseKeys.get(0).keyId(), "alice",
          WORLD.approveKeys.get(0).keyId(), "town hall",
          WORLD.freshnessKey.keyId(), "clock tower");

  private static ReleaseSummary managed(Bundle bundle) throws MalformedException {
    return ReleaseSummary.of(bundle, Optional.of(WORLD.managed), NAMES);
  }

  @Test
  void a_summary_says_for_whom_until_when_and_how_fresh() throws MalformedException {
    ReleaseSummary summary = managed(WORLD.full());
    assertThat(summary.missing()).isEmpty();
    assertThat(summary.endorsements()).hasSize(1);
    assertThat(summary.lines())
        .contains(
            "approved        for a sample of 10 % of deployment " + WORLD.deployment,
            "  from          now on",
            "  until         2027-02-14T08:00:00Z",
            "  may run       at once",
            "  number        4",
            "  by            %s, town hall, approve: valid"
                .formatted(WORLD.approveKeys.get(0).keyId()),
            "beacon          number 7 of 2027-01-22T08:00:00Z, news until 2027-02-05T08:00:00Z",
            "  by            %s, clock tower, freshness: valid"
                .formatted(WORLD.freshnessKey.keyId()));
    assertThat(Json.read(Json.write(summary.toJson()))).isEqualTo(summary.toJson());
  }

  @Test
  void a_summary_says_what_operators_have_still_to_say() throws MalformedException {
    assertThat(managed(WORLD.good()).missing())
        .contains("approve: an endorsement, or root: 0 of 2 signatures");
    Endorsement all =
        EndorsementDraft.of(WORLD.endorsement(WORLD.release())).targets(new Targets.All()).word();
    Bundle one = WORLD.good().withEndorsements(List.of(World.sign(all, WORLD.approveKeys.get(0))));
    assertThat(managed(one).missing()).isPresent();
    Bundle two =
        WORLD
            .good()
            .withEndorsements(
                List.of(World.sign(all, WORLD.approveKeys.get(0), WORLD.approveKeys.get(1))));
    assertThat(managed(two).missing()).isEmpty();
    Bundle other =
        WORLD
            .good()
            .withEndorsements(List.of(WORLD.endorsed(WORLD.release(new SequenceNumber(1, 6)))));
    assertThat(managed(other).missing())
        .contains("approve: an endorsement, or root: 0 of 2 signatures");
    assertThat(managed(other).lines()).anyMatch(line -> line.endsWith("but of another release"));
    assertThat(
            managed(WORLD.signed(WORLD.release(), WORLD.rootKeys.get(0), WORLD.rootKeys.get(1)))
                .missing())
        .isEmpty();
  }

  @Test
  void a_summary_tells_what_holds_from_what_does_not() throws MalformedException {
    Signed<Endorsement> good = WORLD.approval;
    Endorsement wider = EndorsementDraft.of(good.content()).targets(new Targets.All()).word();
    Signed<Endorsement> forged =
        new Signed<>(wider, new CoseSign(wider.encode(), good.message().signatures()));
    assertThat(state(managed(WORLD.good().withEndorsements(List.of(forged)))))
        .isEqualTo(ReleaseSummary.Signature.State.INVALID);
    CoseKeyPair deputy = World.pair();
    Signed<Endorsement> byDeputy = World.sign(good.content(), deputy);
    Bundle delegated = WORLD.good().withEndorsements(List.of(byDeputy));
    assertThat(state(managed(delegated))).isEqualTo(ReleaseSummary.Signature.State.UNKNOWN);
    Certificate certificate = World.certificate(Role.APPROVE, deputy);
    Bundle certified =
        delegated.withCertificates(List.of(World.sign(certificate, WORLD.approveKeys.get(1))));
    assertThat(state(managed(certified))).isEqualTo(ReleaseSummary.Signature.State.VALID);
    assertThat(managed(certified).missing()).isEmpty();
    assertThat(managed(certified).lines())
        .contains(
            "certificate     key %s for the role approve, until beacon 7"
                .formatted(deputy.keyId()));
    Bundle byStranger =
        delegated.withCertificates(List.of(World.sign(certificate, WORLD.stranger)));
    assertThat(state(managed(byStranger))).isEqualTo(ReleaseSummary.Signature.State.REVOKED);
    assertThat(managed(byStranger).missing()).isPresent();
    assertThat(
            state(
                ReleaseSummary.of(
                    WORLD.good().withEndorsements(List.of(good)), Optional.empty(), NAMES)))
        .isEqualTo(ReleaseSummary.Signature.State.UNCHECKED);
  }

  private static ReleaseSummary.Signature.State state(ReleaseSummary summary) {
    return summary.endorsements().getFirst().signatures().getFirst().state();
  }

  @Test
  void a_summary_names_every_part() throws MalformedException {
    Bundle two =
        WORLD.signed(
            WORLD.releaseOf(WORLD.part(Place.ofImage(0), 3), WORLD.part(Place.ofSlot(1, 1), 4)));
    ReleaseSummary summary = ReleaseSummary.of(two, Optional.of(WORLD.root), NAMES);
    assertThat(summary.lines())
        .contains("for             image 0", "for             image 1, slot 1");
    assertThat(CborFields.of(summary.toJson(), "summary").list("parts")).hasSize(2);
  }

  @Test
  void a_bundle_with_parts_that_are_none_is_not_summed_up() {
    Bundle good = WORLD.good();
    Bytes nonsense = Bytes.ofHex("d28440a0f640");
    List<Bytes> none = List.of();
    for (Bundle bundle :
        List.of(
            new Bundle(
                good.envelope(), List.of(nonsense), none, Optional.empty(), none, Optional.empty()),
            new Bundle(
                good.envelope(), none, List.of(nonsense), Optional.empty(), none, Optional.empty()),
            good.withBeacon(nonsense),
            good.withEnvelope(nonsense))) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> ReleaseSummary.of(bundle, Optional.of(WORLD.root), NAMES));
    }
  }

  @Test
  void times_are_for_people() {
    assertThat(ReleaseSummary.time(0)).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(ReleaseSummary.time(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE + " s after 1970");
  }

  @Test
  void a_summary_of_a_changed_manifest_is_not_given() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(
            () -> {
              byte[] bytes = WORLD.good().envelope().toArray();
              bytes[bytes.length - 1] ^= 1;
              ReleaseSummary.of(
                  WORLD.good().withEnvelope(Bytes.owning(bytes)),
                  Optional.of(WORLD.root),
                  Map.of());
            });
  }
}
