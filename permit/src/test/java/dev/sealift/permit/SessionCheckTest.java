// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.SessionCases.Case;
import dev.sealift.permit.SessionCheck.Answer;
import dev.sealift.permit.control.LeftOut;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionCheckTest {
  private static final World WORLD = new World();
  private static final List<Case> CASES = SessionCases.of(WORLD);
  private static final Case GOOD = named("technician-by-certificate-of-an-operator");

  static List<Case> cases() {
    return CASES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_device_says_what_it_must(Case tried) {
    Answer answer = tried.decide(Checks.all());
    assertThat(refusal(answer)).isEqualTo(tried.refusal());
    if (answer instanceof Answer.Granted(var session, var verifications)) {
      assertThat(session).isEqualTo(SessionCases.session(WORLD));
      assertThat(verifications).isBetween(1, 3);
    }
  }

  @Test
  void every_case_has_a_name_of_its_own() {
    assertThat(CASES.stream().map(Case::name)).doesNotHaveDuplicates();
    assertThat(CASES).hasSizeGreaterThan(45);
  }

  @Test
  void what_is_cheap_to_refuse_is_refused_before_any_signature_is_verified() {
    for (Case tried : CASES) {
      Optional<Refusal> early =
          SessionCheck.misfit(tried.message(), tried.facts(), Checks.all())
              .map(Verdict.Refuse::refusal);
      if (early.isPresent()) {
        assertThat(early).as(tried.name()).isEqualTo(tried.refusal());
        assertThat(tried.decide(Checks.all()).verifications()).as(tried.name()).isZero();
      }
    }
    for (Refusal cheap : List.of(Refusal.R1, Refusal.R10, Refusal.R16, Refusal.R17)) {
      assertThat(CASES.stream().filter(tried -> tried.refusal().equals(Optional.of(cheap))))
          .isNotEmpty()
          .allMatch(
              tried ->
                  SessionCheck.misfit(tried.message(), tried.facts(), Checks.all()).isPresent());
    }
  }

  @Test
  void a_check_left_out_no_longer_refuses() {
    Map<Check, String> stopped =
        Map.of(
            Check.SIGNATURE, "session-unsigned",
            Check.THRESHOLD, "session-by-one-of-two",
            Check.SCOPE, "technician-for-another-class",
            Check.DELEGATION, "technician-by-certificate-of-one-root-key",
            Check.TARGET, "session-for-another-device",
            Check.NONCE, "session-for-a-nonce-of-somebody-else",
            Check.REVOCATION, "technician-s-certificate-has-ended");
    stopped.forEach(
        (check, name) -> {
          Case tried = named(name);
          assertThat(tried.refusal()).as(name).contains(check.refusal());
          assertThat(tried.decide(Checks.without(LeftOut.of(check))))
              .as(name)
              .isInstanceOf(Answer.Granted.class);
        });
  }

  /// T66: what is relayed has the effect that is named, and no other.
  @Test
  void what_is_granted_is_what_was_signed() {
    assertThat(GOOD.decide(Checks.all()))
        .isEqualTo(new Answer.Granted(SessionCases.session(WORLD), 2));
  }

  @Property(tries = 600)
  void a_session_with_any_bit_flipped_is_refused(
      @ForAll @IntRange(max = 100_000) int place, @ForAll @IntRange(max = 7) int bit) {
    byte[] bytes = GOOD.message().toArray();
    bytes[place % bytes.length] ^= (byte) (1 << bit);
    assertThat(decide(Bytes.owning(bytes))).isPresent();
  }

  @Property(tries = 200)
  void a_session_cut_anywhere_is_refused(@ForAll @IntRange(max = 100_000) int length) {
    assertThat(decide(GOOD.message().first(length % GOOD.message().size()))).contains(Refusal.R1);
  }

  private static Optional<Refusal> decide(Bytes message) {
    return refusal(SessionCheck.decide(message, GOOD.facts(), GOOD.state(), Checks.all()));
  }

  @Test
  void actions_are_bits_and_come_back() throws MalformedException {
    for (Action action : Action.values()) {
      assertThat(Action.ofBits(1L << action.bit())).contains(Set.of(action));
      assertThat(Action.named(action.toString())).contains(action);
      Session session =
          new Session(WORLD.device, SessionCases.NONCE, EnumSet.of(action), Optional.empty(), 3600);
      assertThat(Session.decode(session.encode())).isEqualTo(session);
    }
    Set<Action> all = EnumSet.allOf(Action.class);
    assertThat(Action.ofBits(Action.bits(all))).contains(all);
    assertThat(Action.bits(all)).isEqualTo((1 << Action.values().length) - 1);
    assertThat(Action.ofBits(0)).contains(Set.of());
    assertThat(Action.ofBits(1L << Action.values().length)).isEmpty();
    assertThat(Action.ofBits(-1)).isEmpty();
  }

  @Test
  void a_session_that_makes_no_sense_cannot_be_written_down() {
    Set<Action> reset = Set.of(Action.RESET);
    Bytes nonce = SessionCases.NONCE;
    for (long seconds : new long[] {0, -1, Session.SECONDS_MAX + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Session(WORLD.device, nonce, reset, Optional.empty(), seconds));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Session(WORLD.device, nonce, Set.of(), Optional.empty(), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Session(WORLD.device, nonce.first(15), reset, Optional.empty(), 1));
  }

  private static Case named(String name) {
    return CASES.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static Optional<Refusal> refusal(Answer answer) {
    return answer instanceof Answer.Refused(Verdict.Refuse(var refusal, _), _)
        ? Optional.of(refusal)
        : Optional.empty();
  }
}
