// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.device.VerificationBudget.Answer;
import dev.sealift.smp.server.LinkId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerificationBudgetTest {
  private static final LinkId HONEST = new LinkId("honest");

  private final VerificationBudget budget = new VerificationBudget();

  @Test
  void one_link_alone_gets_no_more_than_its_share() {
    LinkId flood = new LinkId("flood");
    int verified = 0;
    for (Duration now = Duration.ZERO;
        now.compareTo(Duration.ofMinutes(10)) < 0;
        now = now.plusMillis(100)) {
      if (budget.ask(flood, now) instanceof Answer.Now) {
        budget.spend(flood, 1, now);
        verified++;
      }
    }
    assertThat(verified)
        .isLessThanOrEqualTo(
            VerificationBudget.LINK_BURST + 10 * VerificationBudget.LINK_PER_MINUTE);
  }

  @Test
  void all_links_together_get_no_more_than_there_is() {
    int verified = 0;
    int minutes = 20;
    for (long step = 0; step < minutes * 600L; step++) {
      Duration now = Duration.ofMillis(100 * step);
      // A new link every second, as somebody who reconnects all the time would have.
      LinkId link = new LinkId("flood " + step / 10);
      if (budget.ask(link, now) instanceof Answer.Now) {
        budget.spend(link, 1, now);
        verified++;
      }
    }
    assertThat(verified)
        .isLessThanOrEqualTo(VerificationBudget.BURST + minutes * VerificationBudget.PER_MINUTE);
  }

  /// The bound that the budget states, with the dearest bundles and with cheap ones.
  @Test
  void an_honest_link_is_served_within_the_stated_bound_during_a_flood() {
    assertThat(waited(1)).isLessThanOrEqualTo(Duration.ofSeconds(24));
    assertThat(waited(VerificationBudget.COST_MAX)).isLessThanOrEqualTo(Duration.ofSeconds(288));
  }

  /// How long the honest link waits when as many others as can be there ask all the time.
  private static Duration waited(int cost) {
    VerificationBudget budget = new VerificationBudget();
    List<LinkId> flood = new ArrayList<>();
    for (int i = 0; i < VerificationBudget.TURNS_MAX - 1; i++) {
      flood.add(new LinkId("flood " + i));
    }
    Duration start = Duration.ofMinutes(5);
    Optional<Duration> served = Optional.empty();
    for (Duration now = Duration.ZERO; served.isEmpty(); now = now.plusMillis(50)) {
      for (LinkId link : flood) {
        if (budget.ask(link, now) instanceof Answer.Now) {
          budget.spend(link, cost, now);
        }
      }
      if (now.compareTo(start) >= 0 && budget.ask(HONEST, now) instanceof Answer.Now) {
        served = Optional.of(now.minus(start));
      }
      assertThat(now).isLessThan(Duration.ofHours(2));
    }
    return served.get();
  }

  @Test
  void whoever_comes_back_when_told_is_served() {
    LinkId other = new LinkId("other");
    Duration now = Duration.ofMinutes(1);
    for (int i = 0; i < 3; i++) {
      budget.spend(other, 5, now);
    }
    assertThat(budget.ask(HONEST, now)).isInstanceOf(Answer.Later.class);
    Duration left = ((Answer.Later) budget.ask(HONEST, now)).left();
    assertThat(budget.ask(HONEST, now.plus(left).minusMillis(10))).isInstanceOf(Answer.Later.class);
    assertThat(budget.ask(HONEST, now.plus(left))).isEqualTo(new Answer.Now());
  }

  @Test
  void a_turn_is_lost_by_whoever_does_not_come_back() {
    Duration now = Duration.ofMinutes(1);
    budget.spend(new LinkId("other"), VerificationBudget.BURST, now);
    assertThat(budget.ask(new LinkId("gone"), now)).isInstanceOf(Answer.Later.class);
    assertThat(budget.ask(HONEST, now)).isInstanceOf(Answer.Later.class);
    // Six seconds make one signature, and the link that is gone is still before it.
    assertThat(budget.ask(HONEST, now.plusSeconds(6))).isInstanceOf(Answer.Later.class);
    Duration later = now.plus(VerificationBudget.TURN_KEPT).plusSeconds(13);
    assertThat(budget.ask(HONEST, later)).isEqualTo(new Answer.Now());
  }

  /// A client that obeys the time it was told is not forgotten meanwhile.
  @Test
  void who_comes_back_only_when_told_is_served_during_a_flood() {
    List<LinkId> flood = new ArrayList<>();
    for (int i = 0; i < VerificationBudget.TURNS_MAX - 1; i++) {
      flood.add(new LinkId("flood " + i));
    }
    Duration next = Duration.ofMinutes(5);
    Optional<Duration> served = Optional.empty();
    for (Duration now = Duration.ZERO; served.isEmpty(); now = now.plusMillis(50)) {
      for (LinkId link : flood) {
        if (budget.ask(link, now) instanceof Answer.Now) {
          budget.spend(link, VerificationBudget.COST_MAX, now);
        }
      }
      if (now.compareTo(next) >= 0) {
        switch (budget.ask(HONEST, now)) {
          case Answer.Now() -> served = Optional.of(now);
          case Answer.Later(var left) -> next = now.plus(left);
        }
      }
      assertThat(now).isLessThan(Duration.ofMinutes(20));
    }
    assertThat(served.get()).isLessThan(Duration.ofMinutes(5).plusSeconds(288));
  }
}
