// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.PermitCases.Case;
import dev.sealift.permit.control.LeftOut;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PermitCheckTest {
  private static final World WORLD = new World();
  private static final List<Case> CASES = PermitCases.of(WORLD);
  private static final Bytes GOOD = WORLD.good().encode();

  static List<Case> cases() {
    return CASES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_device_says_what_it_must(Case tried) {
    assertThat(refusal(tried.decide(Checks.all()))).isEqualTo(tried.expected());
  }

  @Test
  void every_refusal_of_a_bundle_is_provoked() {
    Set<Refusal> provoked =
        CASES.stream().flatMap(tried -> tried.expected().stream()).collect(Collectors.toSet());
    assertThat(provoked)
        .contains(
            Refusal.R1,
            Refusal.R2,
            Refusal.R3,
            Refusal.R4,
            Refusal.R5,
            Refusal.R7,
            Refusal.R8,
            Refusal.R9,
            Refusal.R12,
            Refusal.R13,
            Refusal.R14,
            Refusal.R15,
            Refusal.R19,
            Refusal.R23);
  }

  /// The control of a control: with its check left out, what was refused is installed.
  @ParameterizedTest
  @EnumSource
  void a_check_left_out_no_longer_refuses(Check check) {
    Map<Check, String> caseOf =
        Map.ofEntries(
            Map.entry(Check.SIGNATURE, "unsigned"),
            Map.entry(Check.THRESHOLD, "one-of-two-signatures"),
            Map.entry(Check.SCOPE, "keys-scoped-to-another-class"),
            Map.entry(Check.ROOT_EPOCH, "root-of-an-epoch-before"),
            Map.entry(Check.VENDOR, "another-vendor"),
            Map.entry(Check.CLASS, "another-class"),
            Map.entry(Check.SEQUENCE, "older-than-installed"),
            Map.entry(Check.EQUIVOCATION, "another-manifest-for-the-known-number"),
            Map.entry(Check.SEQUENCE_RANGE, "epoch-after-the-root-s"),
            Map.entry(Check.SECURITY_COUNTER, "security-counter-too-low"),
            Map.entry(Check.SIZE, "larger-than-the-slot"),
            Map.entry(Check.COMPONENT, "another-component"));
    if (!caseOf.containsKey(check)) {
      assertThat(check).isIn(Check.PERMIT_REQUIRED, Check.BLOCK_DIGEST, Check.IMAGE_DIGEST);
      return;
    }
    Case tried =
        CASES.stream()
            .filter(one -> one.name().equals(caseOf.get(check)))
            .findFirst()
            .orElseThrow();
    assertThat(refusal(tried.decide(Checks.all()))).contains(check.refusal());
    LeftOut others = new LeftOut(EnumSet.complementOf(EnumSet.of(check)));
    assertThat(tried.decide(Checks.without(LeftOut.of(check)))).isInstanceOf(Verdict.Install.class);
    // Whose signatures are too few, or out of scope, only signatures can tell.
    if (check != Check.THRESHOLD && check != Check.SCOPE) {
      assertThat(refusal(tried.decide(Checks.without(others)))).contains(check.refusal());
    }
  }

  @Test
  void nothing_of_the_manifest_is_looked_at_before_its_signatures() {
    Release foreign =
        WORLD.release(
            VendorId.ofDomain("example.org"),
            ClassId.of(WORLD.vendor, "kettle"),
            7,
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
    assertThat(decide(WORLD.signed(WORLD.release(foreignVendor, foreignClass, 7, high, 0))))
        .contains(Refusal.R8);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, foreignClass, 7, high, 0))))
        .contains(Refusal.R9);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, WORLD.deviceClass, 7, high, 0))))
        .contains(Refusal.R14);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, WORLD.deviceClass, 7, fine, 0))))
        .contains(Refusal.R15);
    assertThat(decide(WORLD.signed(WORLD.release(WORLD.vendor, WORLD.deviceClass, 7, fine, 3))))
        .contains(Refusal.R23);
  }

  @Test
  void what_is_cheap_to_refuse_is_refused_before_any_signature_is_verified() {
    for (Case tried : CASES) {
      Optional<Refusal> early =
          PermitCheck.misfit(
                  tried.bundle(), tried.facts(), tried.state(), tried.root(), Checks.all())
              .map(Verdict.Refuse::refusal);
      if (early.isPresent()) {
        assertThat(early).as(tried.name()).isEqualTo(tried.expected());
      }
    }
    assertThat(
            PermitCheck.misfit(
                WORLD
                    .good()
                    .withHint(new Bundle.Hint(Bytes.filled(8, 1), new SequenceNumber(1, 5)))
                    .encode(),
                WORLD.facts,
                WORLD.state,
                WORLD.root,
                Checks.all()))
        .isPresent();
  }

  @Test
  void what_is_accepted_says_what_was_signed_and_by_whom() {
    AcceptedPermit permit = WORLD.accepted();
    assertThat(permit.release()).isEqualTo(WORLD.release());
    assertThat(permit.signers())
        .containsExactly(WORLD.releaseKeys.get(0).keyId(), WORLD.releaseKeys.get(1).keyId());
    assertThat(permit.manifestDigest())
        .isEqualTo(SuitDigest.ofWrapped(WORLD.release().manifest().encode()));
  }

  @Test
  void a_stripped_signature_is_missed_whichever_it_is() {
    SuitEnvelope good = WORLD.envelope(WORLD.good());
    for (Bytes block : good.blocks()) {
      assertThat(decide(Bundle.of(good.withBlocks(List.of(block))))).contains(Refusal.R4);
    }
  }

  @Property(tries = 600)
  void a_bundle_with_any_bit_flipped_is_refused(
      @ForAll @IntRange(max = 100_000) int place, @ForAll @IntRange(max = 7) int bit) {
    byte[] bytes = GOOD.toArray();
    bytes[place % bytes.length] ^= (byte) (1 << bit);
    assertThat(decide(Bytes.owning(bytes)))
        .isPresent()
        .get()
        .isIn(Refusal.R1, Refusal.R2, Refusal.R3, Refusal.R4);
  }

  @Property(tries = 300)
  void a_bundle_cut_anywhere_is_refused(@ForAll @IntRange(max = 100_000) int length) {
    assertThat(decide(GOOD.first(length % GOOD.size()))).contains(Refusal.R1);
  }

  private static Optional<Refusal> decide(Bundle bundle) {
    return decide(bundle.encode());
  }

  private static Optional<Refusal> decide(Bytes bundle) {
    return refusal(PermitCheck.decide(bundle, WORLD.facts, WORLD.state, WORLD.root, Checks.all()));
  }

  static Optional<Refusal> refusal(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Install _, Verdict.Carry _ -> Optional.empty();
      case Verdict.Refuse(var refusal, _) -> Optional.of(refusal);
    };
  }
}
