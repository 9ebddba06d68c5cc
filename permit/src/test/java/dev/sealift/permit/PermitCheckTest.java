// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.CaseList.Case;
import dev.sealift.permit.CaseList.Outcome;
import dev.sealift.permit.DeviceFacts.Carrying;
import dev.sealift.permit.control.LeftOut;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

class PermitCheckTest {
  private static final World WORLD = new World();
  private static final List<Case> CASES = PermitCases.of(WORLD);
  private static final Bytes GOOD = WORLD.good().encode();
  private static final Everything EVERYTHING = Everything.of(WORLD);
  private static final Bytes ALL = EVERYTHING.bundle().encode();

  static List<Case> cases() {
    return CASES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_device_says_what_it_must_and_learns_what_it_may(Case tried) {
    Decision decision = tried.decide(Checks.all());
    assertThat(Outcome.of(decision.verdict())).isEqualTo(tried.outcome());
    assertThat(decision.state()).isEqualTo(tried.after());
    assertThat(decision.state().isAtLeast(tried.state())).isTrue();
  }

  @Test
  void every_case_has_a_name_of_its_own() {
    assertThat(CASES.stream().map(Case::name))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    assertThat(CASES).hasSizeGreaterThan(250);
  }

  @Test
  void every_refusal_of_a_bundle_is_provoked() {
    Set<Refusal> provoked =
        CASES.stream().flatMap(tried -> refusal(tried).stream()).collect(Collectors.toSet());
    assertThat(provoked)
        .containsExactlyInAnyOrder(
            Refusal.R1,
            Refusal.R2,
            Refusal.R3,
            Refusal.R4,
            Refusal.R5,
            Refusal.R6,
            Refusal.R7,
            Refusal.R8,
            Refusal.R9,
            Refusal.R10,
            Refusal.R11,
            Refusal.R12,
            Refusal.R13,
            Refusal.R14,
            Refusal.R15,
            Refusal.R16,
            Refusal.R17,
            Refusal.R19,
            Refusal.R23,
            Refusal.R28);
  }

  /// Which cases play which row of the threat model.
  @Test
  void the_threats_to_a_bundle_are_played() {
    Map<String, List<String>> rows =
        Map.ofEntries(
            Map.entry("T01", List.of("unsigned", "signed-by-a-stranger")),
            Map.entry("T07", List.of("one-of-two-signatures", "one-key-twice")),
            Map.entry(
                "T07 after rotation",
                List.of(
                    "release-signed-by-a-key-that-was-replaced",
                    "release-signed-by-replaced-keys-alone",
                    "beacon-that-denies-a-release-key")),
            Map.entry("T08", List.of("digest-overridden-at-install", "one-more-command")),
            Map.entry("T09", List.of("no-endorsement", "endorsement-for-another-deployment")),
            Map.entry("T10", List.of("another-vendor", "another-class", "no-class-condition")),
            Map.entry("T11", List.of("endorsement-for-a-device-of-somebody-else")),
            Map.entry("T13", List.of("another-component", "keys-scoped-to-another-place")),
            Map.entry(
                "T16",
                List.of("older-than-installed", "older-than-known", "security-counter-too-low")),
            Map.entry("T17 strict", List.of("strict-with-a-beacon-that-may-be-old")),
            Map.entry("T17 bounded", List.of("bounded-with-news-of-last-year")),
            Map.entry("T17 open", List.of("open-without-news")),
            Map.entry("T18", List.of("strict-with-time-proven-and-news-of-yesterday")),
            Map.entry(
                "T19",
                List.of(
                    "highest-bit-of-the-sequence",
                    "beacon-number-of-63-bits",
                    "new-epoch-forgives-what-a-thief-said")),
            Map.entry(
                "T20",
                List.of(
                    "another-manifest-for-the-known-number",
                    "another-manifest-for-the-newest-number")),
            Map.entry("T21", List.of("two-images-for-a-device-with-one")),
            Map.entry("T22", List.of("integrated-payload", "severed-member")),
            Map.entry("T23", List.of("longer-than-a-device-takes", "larger-than-the-slot")),
            Map.entry(
                "T30",
                List.of(
                    "root-update-that-leaves-one-out",
                    "root-update-that-is-known",
                    "root-update-by-one-key-twice")),
            Map.entry(
                "T31",
                List.of(
                    "certificate-for-another-class",
                    "chain-of-three-certificates",
                    "certificates-that-go-round")),
            Map.entry(
                "T32",
                List.of("certificate-that-has-ended", "certificate-until-the-newest-beacon")),
            Map.entry("T33", List.of("beacon-five-years-ahead")),
            Map.entry("T34", List.of("beacon-older-than-known", "endorsement-of-another-release")),
            Map.entry(
                "T35", List.of("answer-to-somebody-else-s-nonce", "answer-to-a-nonce-of-long-ago")),
            Map.entry("T36", List.of("older-than-the-running-image-says")),
            Map.entry("T37", List.of("three-starts-that-failed", "two-starts-that-failed")),
            Map.entry(
                "T40",
                List.of(
                    "signature-meant-for-something-else",
                    "beacon-s-signature-as-endorsement",
                    "endorsement-s-signature-as-beacon",
                    "beacon-s-signatures-as-root-update",
                    "certificate-that-is-an-endorsement",
                    "a-mac-beside-the-signatures")),
            Map.entry("T64", List.of("linked-for-the-slot-that-runs")),
            Map.entry(
                "T65",
                List.of(
                    "one-of-every-part-but-the-first-signature",
                    "one-of-every-part-but-the-second-signature",
                    "one-of-every-part-but-the-certificate",
                    "one-of-every-part-but-the-endorsement",
                    "one-of-every-part-but-the-beacon",
                    "one-of-every-part-but-the-root-update")),
            Map.entry("T68", List.of("all-devices-by-one-operator")));
    Set<String> names = CASES.stream().map(Case::name).collect(Collectors.toSet());
    rows.forEach((row, cases) -> assertThat(names).as(row).containsAll(cases));
  }

  /// The case that a check alone stops.
  private static Map<Check, String> stopped() {
    Map<Check, String> cases = new EnumMap<>(Check.class);
    cases.put(Check.SIGNATURE, "unsigned");
    cases.put(Check.THRESHOLD, "one-of-two-signatures");
    cases.put(Check.APPROVAL, "no-endorsement");
    cases.put(Check.SCOPE, "keys-scoped-to-another-class");
    cases.put(Check.DELEGATION, "chain-of-three-certificates");
    cases.put(Check.ROOT_VERSION, "root-update-that-leaves-one-out");
    cases.put(Check.VENDOR, "another-vendor");
    cases.put(Check.CLASS, "another-class");
    cases.put(Check.TARGET, "not-targeted-by-listed");
    cases.put(Check.DEPLOYMENT, "endorsement-for-another-deployment");
    cases.put(Check.SEQUENCE, "older-than-installed");
    cases.put(Check.FLOOR, "floor-above-the-release");
    cases.put(Check.TRIES, "three-starts-that-failed");
    cases.put(Check.EQUIVOCATION, "another-manifest-for-the-known-number");
    cases.put(Check.SEQUENCE_RANGE, "epoch-after-the-root-s");
    cases.put(Check.BEACON_RANGE, "beacon-too-far-ahead");
    cases.put(Check.SECURITY_COUNTER, "security-counter-too-low");
    cases.put(Check.EXPIRY, "endorsement-that-has-ended");
    cases.put(Check.FRESHNESS, "no-beacon-was-ever-heard");
    cases.put(Check.NONCE, "answer-to-somebody-else-s-nonce");
    cases.put(Check.SIZE, "larger-than-the-slot");
    cases.put(Check.COMPONENT, "another-component");
    cases.put(Check.REVOCATION, "certificate-that-has-ended");
    return cases;
  }

  /// The control of a control: with its check left out, what was refused is installed.
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {
        "PERMIT_REQUIRED",
        "BLOCK_DIGEST",
        "IMAGE_DIGEST",
        "FORMAT",
        "BUDGET",
        "LINK",
        "WEAR",
        "ACTION",
        "ACTIVATION"
      })
  void a_check_left_out_no_longer_refuses(Check check) {
    Case tried = named(Optional.ofNullable(stopped().get(check)).orElseThrow());
    assertThat(refusal(tried)).contains(check.refusal());
    assertThat(tried.decide(Checks.without(LeftOut.of(check))).verdict())
        .isInstanceOf(Verdict.Install.class);
  }

  /// Where a check does not need what others find out, it refuses alone too. Approval and news do:
  /// with no signature asked for, anything is as good as a recovery by the root.
  @ParameterizedTest
  @EnumSource(
      names = {
        "SIGNATURE",
        "ROOT_VERSION",
        "VENDOR",
        "CLASS",
        "SEQUENCE",
        "TRIES",
        "EQUIVOCATION",
        "SEQUENCE_RANGE",
        "BEACON_RANGE",
        "SECURITY_COUNTER",
        "NONCE",
        "SIZE",
        "COMPONENT"
      })
  void a_check_refuses_with_all_others_left_out(Check check) {
    Case tried = named(Optional.ofNullable(stopped().get(check)).orElseThrow());
    LeftOut others = new LeftOut(EnumSet.complementOf(EnumSet.of(check)));
    assertThat(refusal(tried.decide(Checks.without(others)))).contains(check.refusal());
  }

  @Test
  void nothing_of_the_manifest_is_looked_at_before_its_signatures() {
    Release foreign =
        WORLD.release(
            VendorId.ofDomain("example.org"),
            ClassId.of(WORLD.vendor, "kettle"),
            Place.ofImage(7),
            new SequenceNumber(9, 9),
            0);
    assertThat(decide(Bundle.of(foreign).encode())).contains(Refusal.R3);
    Bytes nonsense = Bytes.filled(3000, 0x81);
    SuitEnvelope bomb =
        new SuitEnvelope(
            SuitDigest.ofWrapped(nonsense).encode(),
            List.of(),
            nonsense,
            new TreeMap<>(),
            new TreeMap<>());
    assertThat(decide(Bundle.of(bomb).encode())).contains(Refusal.R3);
  }

  @Test
  void of_several_things_wrong_the_first_in_order_is_named() {
    ClassId foreignClass = ClassId.of(WORLD.vendor, "kettle");
    VendorId foreignVendor = VendorId.ofDomain("example.org");
    SequenceNumber high = new SequenceNumber(9, 9);
    SequenceNumber fine = new SequenceNumber(1, 5);
    Place far = Place.ofImage(7);
    Place here = Place.ofImage(0);
    assertThat(decide(WORLD.signed(WORLD.release(foreignVendor, foreignClass, far, high, 0))))
        .contains(Refusal.R8);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, foreignClass, far, high, 0))))
        .contains(Refusal.R9);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, WORLD.deviceClass, far, high, 0))))
        .contains(Refusal.R23);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, WORLD.deviceClass, here, high, 0))))
        .contains(Refusal.R14);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, WORLD.deviceClass, here, fine, 0))))
        .contains(Refusal.R15);
  }

  @Test
  void what_is_cheap_to_refuse_is_refused_before_any_signature_is_verified() {
    int early = 0;
    for (Case tried : CASES) {
      Optional<Refusal> misfit =
          PermitCheck.misfit(tried.bundle(), tried.facts(), tried.state(), Checks.all())
              .map(Verdict.Refuse::refusal);
      if (misfit.isPresent()) {
        early++;
        assertThat(misfit).as(tried.name()).isEqualTo(refusal(tried));
        assertThat(tried.decide(Checks.all()).verifications()).as(tried.name()).isZero();
      }
    }
    assertThat(early).isGreaterThan(30);
  }

  @Test
  void what_is_accepted_says_what_was_signed_and_by_whom() {
    AcceptedPermit permit = WORLD.accepted();
    assertThat(permit.release()).isEqualTo(WORLD.release());
    assertThat(permit.parts()).isEqualTo(WORLD.release().parts());
    assertThat(permit.signers())
        .containsExactly(WORLD.releaseKeys.get(0).keyId(), WORLD.releaseKeys.get(1).keyId());
    assertThat(permit.manifestDigest())
        .isEqualTo(SuitDigest.ofWrapped(WORLD.release().manifest().encode()));
    Bundle good = WORLD.good();
    assertThat(WORLD.accepted(good).bundle()).isEqualTo(good.encode());
    assertThat(permit.endorsement()).isEmpty();
    AcceptedPermit managed = World.accepted(WORLD.full(), WORLD.facts, WORLD.managedState);
    assertThat(managed.endorsement()).contains(WORLD.approval.content());
  }

  @Test
  void a_device_takes_of_several_parts_its_own() {
    DeviceFacts.Room room = new DeviceFacts.Room(100_000, 3);
    Release release =
        WORLD.releaseOf(
            WORLD.part(Place.ofSlot(0, 0), 3),
            WORLD.part(Place.ofSlot(0, 1), 4),
            WORLD.part(Place.ofImage(1), 5));
    AcceptedPermit permit =
        World.accepted(
            WORLD.signed(release),
            WORLD.facts.withPlaces(Map.of(Place.ofSlot(0, 1), room, Place.ofImage(1), room)),
            WORLD.state);
    assertThat(permit.parts()).containsExactly(release.parts().get(1), release.parts().get(2));
    assertThat(permit.part(0)).contains(release.parts().get(1));
    assertThat(permit.part(1)).contains(release.parts().get(2));
    assertThat(permit.part(2)).isEmpty();
  }

  // T65: what is left out never helps.

  @Test
  void a_bundle_with_one_of_every_part_is_installed_and_teaches_them_all() {
    Decision decision = EVERYTHING.decide(ALL);
    assertThat(decision.verdict()).isInstanceOf(Verdict.Install.class);
    assertThat(decision.state()).isEqualTo(EVERYTHING.after());
    assertThat(decision.answered()).contains(Everything.NONCE);
    // Two for the root by the old and two by the new, the beacon, two release keys, the
    // certificate, the endorsement.
    assertThat(decision.verifications()).isEqualTo(9);
  }

  @Test
  void each_part_left_out_in_turn_is_missed() {
    EVERYTHING
        .stripped(WORLD)
        .forEach(
            (part, stripped) -> {
              Decision decision = EVERYTHING.decide(stripped.bundle().encode());
              assertThat(refusal(decision)).as(part).contains(stripped.missed());
              assertThat(decision.state()).as(part).isEqualTo(stripped.after());
            });
  }

  // T27: what is changed on the way.

  @Property(tries = 600)
  void a_bundle_with_any_bit_flipped_is_refused(
      @ForAll @IntRange(max = 100_000) int place, @ForAll @IntRange(max = 7) int bit) {
    assertThat(decide(flipped(GOOD, place % GOOD.size(), bit)))
        .isPresent()
        .get()
        .isIn(Refusal.R1, Refusal.R2, Refusal.R3, Refusal.R4);
  }

  @Property(tries = 250)
  void a_bundle_with_every_part_and_any_bit_flipped_is_refused(
      @ForAll @IntRange(max = 100_000) int place, @ForAll @IntRange(max = 7) int bit) {
    assertThat(refusal(EVERYTHING.decide(flipped(ALL, place % ALL.size(), bit)))).isPresent();
  }

  /// Takes a minute: every bit there is.
  @Test
  @Tag("ci")
  void no_bit_of_a_bundle_with_every_part_may_be_another() {
    for (int place = 0; place < ALL.size(); place++) {
      for (int bit = 0; bit < 8; bit++) {
        assertThat(refusal(EVERYTHING.decide(flipped(ALL, place, bit))))
            .as("byte %d, bit %d", place, bit)
            .isPresent();
      }
    }
  }

  /// The hint is signed by nobody and opens no door: its number may be any that is not too low.
  /// Nothing else of a bundle is free, but for what nobody asks for: beacons and roots that are
  /// known already, endorsements after the one that is followed, certificates that nobody needs.
  @Test
  void of_a_bundle_with_a_hint_only_the_hint_s_number_may_be_another() {
    Bundle.Hint hint = new Bundle.Hint(WORLD.deviceClass.tag(), WORLD.release().sequence());
    Bytes bytes = WORLD.good().withHint(hint).encode();
    int number = bytes.size() - 8;
    List<Integer> free = new ArrayList<>();
    for (int place = GOOD.size(); place < bytes.size(); place++) {
      for (int bit = 0; bit < 8; bit++) {
        if (decide(flipped(bytes, place, bit)).isEmpty()) {
          free.add(place);
        }
      }
    }
    assertThat(free).isNotEmpty().allMatch(place -> place >= number);
  }

  @Property(tries = 300)
  void a_bundle_cut_anywhere_is_refused(@ForAll @IntRange(max = 100_000) int length) {
    assertThat(decide(GOOD.first(length % GOOD.size()))).contains(Refusal.R1);
    assertThat(refusal(EVERYTHING.decide(ALL.first(length % ALL.size())))).contains(Refusal.R1);
  }

  private static Bytes flipped(Bytes bundle, int place, int bit) {
    byte[] bytes = bundle.toArray();
    bytes[place] ^= (byte) (1 << bit);
    return Bytes.owning(bytes);
  }

  // T50: what a stranger can make a device do.

  @Test
  void strangers_cannot_make_a_device_verify_much() {
    List<Signed<Endorsement>> others =
        java.util.Collections.nCopies(
            PermitCheck.PARTS_MAX,
            World.sign(
                EndorsementDraft.of(WORLD.endorsement(WORLD.release()))
                    .targets(Targets.Listed.of(List.of(DeviceId.of(WORLD.vendor, "0018"))))
                    .word(),
                WORLD.approveKeys.get(0)));
    Bundle stuffed = EVERYTHING.bundle().withEndorsements(others);
    Decision decision = EVERYTHING.decide(stuffed.encode());
    assertThat(refusal(decision)).contains(Refusal.R10);
    assertThat(decision.verifications()).isLessThanOrEqualTo(7 + PermitCheck.PARTS_MAX);
    assertThat(CASES).allMatch(tried -> tried.decide(Checks.all()).verifications() <= 12);
  }

  @Test
  void what_no_known_key_has_signed_costs_nothing() {
    for (String name : List.of("unsigned", "signed-by-a-stranger", "a-mac-instead-of-signatures")) {
      assertThat(named(name).decide(Checks.all()).verifications()).as(name).isZero();
    }
  }

  // T35: an answer counts once.

  @Test
  void an_answered_nonce_is_used_up_whatever_the_release_is_worth() {
    Bundle tooOld =
        EVERYTHING
            .bundle()
            .withEnvelope(WORLD.signed(WORLD.release(), WORLD.releaseKeys.get(1)).envelope());
    Decision refused = EVERYTHING.decide(tooOld.encode());
    assertThat(refusal(refused)).contains(Refusal.R4);
    assertThat(refused.answered()).contains(Everything.NONCE);
    assertThat(named("answer-to-a-nonce-by-a-stranger").decide(Checks.all()).answered()).isEmpty();
    assertThat(
            refusal(
                PermitCheck.decide(
                    ALL,
                    EVERYTHING.facts().withNonces(Map.of()),
                    EVERYTHING.state(),
                    Checks.all())))
        .contains(Refusal.R17);
  }

  // T04: what was accepted is read again.

  @Test
  void a_permit_that_was_accepted_holds_until_it_is_revoked() {
    AcceptedPermit permit = World.accepted(WORLD.full(), WORLD.facts, WORLD.managedState);
    TrustState accepted = WORLD.heard(WORLD.managedState, WORLD.newest).accepted(permit);
    DeviceFacts later = WORLD.facts.at(Clock.of(World.NOW + 3650 * World.DAY));
    assertThat(again(permit.bundle(), later, accepted)).isEmpty();
    assertThat(again(permit.bundle(), later, accepted.trying(permit).trying(permit).trying(permit)))
        .isEmpty();
    Bytes other = WORLD.signed(WORLD.release(), WORLD.stranger, WORLD.releaseKeys.get(0)).encode();
    assertThat(again(other, later, accepted)).contains(Refusal.R4);
    assertThat(again(flipped(permit.bundle(), permit.bundle().size() / 2, 0), later, accepted))
        .isPresent();
    TrustState denied =
        accepted
            .hearing(WORLD.news(WORLD.fresh(8)), Set.of(WORLD.releaseKeys.get(0).keyId()))
            .orElseThrow();
    assertThat(again(permit.bundle(), later, denied)).contains(Refusal.R28);
    TrustState halted =
        WORLD.heard(
            accepted,
            World.sign(
                BeaconDraft.of(WORLD.beacon(8))
                    .standings(
                        Map.of(
                            WORLD.deviceClass.tag(),
                            Beacon.Standing.of(
                                new SequenceNumber(1, 6),
                                new ReleaseMark(
                                    new SequenceNumber(1, 6), SuitDigest.of(Bytes.EMPTY)))))
                    .beacon(),
                WORLD.freshnessKey));
    assertThat(again(permit.bundle(), later, halted)).contains(Refusal.R12);
    // The nonce was used up when it came.
    assertThat(
            refusal(
                PermitCheck.decideAgain(
                    ALL,
                    EVERYTHING.facts().withNonces(Map.of()),
                    EVERYTHING.after(),
                    Checks.all())))
        .isEmpty();
  }

  private static Optional<Refusal> again(Bytes bundle, DeviceFacts facts, TrustState state) {
    return refusal(PermitCheck.decideAgain(bundle, facts, state, Checks.all()));
  }

  @Test
  void what_is_carried_for_others_raises_nothing() {
    Case carried = named("not-targeted-and-willing-to-carry");
    Decision decision = carried.decide(Checks.all());
    assertThat(decision.verdict())
        .isInstanceOfSatisfying(
            Verdict.Carry.class,
            carry -> {
              TrustState state = decision.state().carrying(carry.permit());
              assertThat(state.known()).isEmpty();
              assertThat(state.serials()).isEmpty();
              assertThat(state.staged().map(TrustState.Staged::purpose))
                  .contains(TrustState.Staged.Purpose.CARRY);
            });
    assertThat(
            refusal(
                PermitCheck.decide(
                    carried.bundle(),
                    carried.facts().carrying(Carrying.NEVER),
                    carried.state(),
                    Checks.all())))
        .contains(Refusal.R10);
  }

  private static Case named(String name) {
    return CASES.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static Optional<Refusal> decide(Bundle bundle) {
    return decide(bundle.encode());
  }

  private static Optional<Refusal> decide(Bytes bundle) {
    return refusal(PermitCheck.decide(bundle, WORLD.facts, WORLD.state, Checks.all()));
  }

  private static Optional<Refusal> refusal(Case tried) {
    return tried.outcome() instanceof Outcome.Refuse(var refusal)
        ? Optional.of(refusal)
        : Optional.empty();
  }

  private static Optional<Refusal> refusal(Decision decision) {
    return decision.verdict() instanceof Verdict.Refuse(var refusal, _)
        ? Optional.of(refusal)
        : Optional.empty();
  }
}
