// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.AcceptedPermit.Consent;
import dev.sealift.permit.ActivationRule.AtOnce;
import dev.sealift.permit.ActivationRule.Daily;
import dev.sealift.permit.ActivationRule.OnConsent;
import dev.sealift.permit.ActivationRule.WithSession;
import dev.sealift.permit.control.LeftOut;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// When a staged release may begin to run (T52).
class ActivationTest {
  private static final World WORLD = new World();
  private static final Set<Consent> NOBODY = Set.of();
  private static final Set<Consent> SESSION = Set.of(Consent.SESSION);
  private static final Set<Consent> ON_THE_SPOT = Set.of(Consent.ON_THE_SPOT);
  private static final int HOUR = 3600;

  /// A midnight, UTC.
  private static final long MIDNIGHT = World.NOW / World.DAY * World.DAY;

  private static AcceptedPermit permit(EndorsementDraft draft) {
    CoseKeyPair operator = WORLD.approveKeys.get(0);
    return World.accepted(
        WORLD
            .good()
            .withEndorsements(List.of(World.sign(draft.word(), operator)))
            .withBeacon(WORLD.newest),
        WORLD.facts,
        WORLD.managedState);
  }

  private static EndorsementDraft draft() {
    return EndorsementDraft.of(WORLD.endorsement(WORLD.release()));
  }

  private static AcceptedPermit permit(ActivationRule rule) {
    return permit(draft().activation(rule));
  }

  private static Optional<Refusal> refusal(
      AcceptedPermit permit, Clock clock, Set<Consent> allowed) {
    return permit.activationRefusal(clock, allowed, Checks.all()).map(Verdict.Refuse::refusal);
  }

  private static Clock heard(long time) {
    return new Clock(0, Optional.of(time), Optional.empty());
  }

  @Test
  void without_an_operator_it_runs_at_once() {
    assertThat(refusal(WORLD.accepted(), Clock.UNKNOWN, NOBODY)).isEmpty();
  }

  @Test
  void at_once_needs_no_clock_and_nobody() {
    assertThat(refusal(permit(new AtOnce()), Clock.UNKNOWN, NOBODY)).isEmpty();
  }

  @Test
  void a_window_opens_and_closes_at_its_seconds() {
    AcceptedPermit permit = permit(new Daily(2 * HOUR, 4 * HOUR));
    assertThat(refusal(permit, heard(MIDNIGHT + 2 * HOUR - 1), NOBODY)).contains(Refusal.R30);
    assertThat(refusal(permit, heard(MIDNIGHT + 2 * HOUR), NOBODY)).isEmpty();
    assertThat(refusal(permit, heard(MIDNIGHT + 4 * HOUR), NOBODY)).isEmpty();
    assertThat(refusal(permit, heard(MIDNIGHT + 4 * HOUR + 1), NOBODY)).contains(Refusal.R30);
    assertThat(refusal(permit, Clock.UNKNOWN.proven(MIDNIGHT + 3 * HOUR), NOBODY)).isEmpty();
    // What is proven counts before what was only heard.
    assertThat(refusal(permit, heard(MIDNIGHT + 3 * HOUR).proven(MIDNIGHT), NOBODY))
        .contains(Refusal.R30);
  }

  @Test
  void a_window_may_span_midnight() {
    AcceptedPermit permit = permit(new Daily(23 * HOUR, HOUR));
    assertThat(refusal(permit, heard(MIDNIGHT + 23 * HOUR - 1), NOBODY)).contains(Refusal.R30);
    for (long open : new long[] {23 * HOUR, 24 * HOUR - 1, 24 * HOUR, 25 * HOUR}) {
      assertThat(refusal(permit, heard(MIDNIGHT + open), NOBODY)).as("%d", open).isEmpty();
    }
    assertThat(refusal(permit, heard(MIDNIGHT + HOUR + 1), NOBODY)).contains(Refusal.R30);
    AcceptedPermit second = permit(new Daily(5, 5));
    assertThat(refusal(second, heard(MIDNIGHT + 5), NOBODY)).isEmpty();
    assertThat(refusal(second, heard(MIDNIGHT + 6), NOBODY)).contains(Refusal.R30);
  }

  @Test
  void without_a_clock_no_window_is_open_but_a_session_opens_it() {
    AcceptedPermit permit = permit(new Daily(0, 86_399));
    assertThat(refusal(permit, Clock.UNKNOWN, NOBODY)).contains(Refusal.R30);
    assertThat(refusal(permit, Clock.of(MIDNIGHT), NOBODY)).contains(Refusal.R30);
    assertThat(refusal(permit, Clock.of(MIDNIGHT), ON_THE_SPOT)).contains(Refusal.R30);
    assertThat(refusal(permit, Clock.UNKNOWN, SESSION)).isEmpty();
  }

  @Test
  void not_before_counts_as_not_yet_without_a_clock() {
    AcceptedPermit permit = permit(draft().from(MIDNIGHT));
    assertThat(refusal(permit, Clock.UNKNOWN, NOBODY)).contains(Refusal.R30);
    assertThat(refusal(permit, Clock.of(MIDNIGHT - 1), NOBODY)).contains(Refusal.R30);
    assertThat(refusal(permit, Clock.of(MIDNIGHT), NOBODY)).isEmpty();
    assertThat(refusal(permit, heard(MIDNIGHT), NOBODY)).isEmpty();
    assertThat(refusal(permit, Clock.UNKNOWN, SESSION)).isEmpty();
  }

  @Test
  void not_after_ends_it_even_for_a_session() {
    AcceptedPermit permit = permit(draft());
    long end = World.NOW + 30 * World.DAY;
    assertThat(refusal(permit, Clock.of(end), NOBODY)).isEmpty();
    assertThat(refusal(permit, Clock.of(end + 1), NOBODY)).contains(Refusal.R16);
    assertThat(refusal(permit, heard(end + 1), SESSION)).contains(Refusal.R16);
  }

  @Test
  void consent_and_session_are_two_things() {
    AcceptedPermit consent = permit(new OnConsent());
    assertThat(refusal(consent, Clock.UNKNOWN, NOBODY)).contains(Refusal.R30);
    assertThat(refusal(consent, Clock.UNKNOWN, ON_THE_SPOT)).isEmpty();
    assertThat(refusal(consent, Clock.UNKNOWN, SESSION)).isEmpty();
    AcceptedPermit session = permit(new WithSession());
    assertThat(refusal(session, Clock.UNKNOWN, NOBODY)).contains(Refusal.R30);
    assertThat(refusal(session, Clock.UNKNOWN, ON_THE_SPOT)).contains(Refusal.R30);
    assertThat(refusal(session, Clock.UNKNOWN, SESSION)).isEmpty();
  }

  @Test
  void the_check_left_out_no_longer_refuses() {
    assertThat(
            permit(new WithSession())
                .activationRefusal(
                    Clock.UNKNOWN, NOBODY, Checks.without(LeftOut.of(Check.ACTIVATION))))
        .isEmpty();
  }

  /// What is carried never runs, whatever rule it came with and whatever check is left out.
  @Test
  void what_is_only_carried_never_runs() {
    Targets others = Targets.Listed.of(List.of(DeviceId.of(WORLD.vendor, "0018")));
    Bundle bundle =
        WORLD
            .good()
            .withEndorsements(
                List.of(World.sign(draft().targets(others).word(), WORLD.approveKeys.get(0))))
            .withBeacon(WORLD.newest);
    Decision decision =
        PermitCheck.decide(
            bundle.encode(),
            WORLD.facts.carrying(DeviceFacts.Carrying.WILLING),
            WORLD.managedState,
            Checks.all());
    assertThat(decision.verdict())
        .isInstanceOfSatisfying(
            Verdict.Carry.class,
            carry -> {
              assertThat(
                      carry
                          .permit()
                          .activationRefusal(
                              Clock.UNKNOWN, SESSION, Checks.without(LeftOut.of(Check.ACTIVATION)))
                          .map(Verdict.Refuse::refusal))
                  .contains(Refusal.R10);
              TrustState state = decision.state();
              assertThatIllegalStateException().isThrownBy(() -> state.accepted(carry.permit()));
              assertThatIllegalStateException().isThrownBy(() -> state.trying(carry.permit()));
              assertThatIllegalStateException().isThrownBy(() -> state.installed(carry.permit()));
            });
  }

  @Test
  void rules_come_back_and_others_are_refused() throws MalformedException {
    for (ActivationRule rule :
        List.of(new AtOnce(), new Daily(0, 86_399), new OnConsent(), new WithSession())) {
      assertThat(ActivationRule.fromCbor(rule.toCbor())).isEqualTo(rule);
      assertThat(rule.toString()).isNotBlank();
    }
    assertThat(new Daily(23 * HOUR, HOUR + 90)).hasToString("daily from 23:00 to 01:01 UTC");
    List<CborItem> wrong =
        List.of(
            CborInt.of(1),
            CborInt.of(4),
            CborInt.of(-1),
            new CborInt(java.math.BigInteger.TWO.pow(64).subtract(java.math.BigInteger.ONE)),
            new CborText("at once"),
            CborList.of(),
            CborList.of(CborInt.of(1), CborInt.of(0)),
            CborList.of(CborInt.of(2), CborInt.of(0), CborInt.of(0)),
            CborList.of(CborInt.of(1), CborInt.of(0), CborInt.of(86_400)),
            CborList.of(CborInt.of(1), CborInt.of(-1), CborInt.of(0)));
    for (CborItem item : wrong) {
      assertThatExceptionOfType(MalformedException.class)
          .as("%s", item)
          .isThrownBy(() -> ActivationRule.fromCbor(item));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Daily(0, 86_400));
    assertThatIllegalArgumentException().isThrownBy(() -> new Daily(-1, 0));
  }
}
