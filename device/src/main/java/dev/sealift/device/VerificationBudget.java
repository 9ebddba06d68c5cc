// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.smp.server.LinkId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many signatures a device verifies, for whom and in which turn (R25, T50). A signature costs
/// it half a second and a flood of them its battery.
///
/// All links together may cost [#PER_MINUTE]; what a bundle did cost is known afterwards, so an
/// account may fall below nothing and has to come up again first. A link pays from an account of
/// its own as well. Where several want more than there is, they are served in the order in which
/// they were first turned away, and credit is kept for those before one: a flood from other links
/// cannot spend it. So an honest bundle is judged after at most
/// [#TURNS_MAX] turns of [#COST_MAX] signatures, or 288 s; against bundles that fail at their first
/// signature after 24 s.
final class VerificationBudget {
  static final int PER_MINUTE = 10;

  /// What lies ready after a quiet minute.
  static final int BURST = 10;

  /// Links that can wait for their turn, as many as a device has connections.
  static final int TURNS_MAX = 4;

  /// The dearest bundle counts no more than this.
  static final int COST_MAX = 12;

  /// Of one link alone.
  static final int LINK_PER_MINUTE = 6;

  static final int LINK_BURST = 6;

  /// Links that are remembered; the one that was silent longest is forgotten first.
  static final int LINKS_MAX = 16;

  /// Whoever does not come back in that time after the one that was promised has lost the turn.
  static final Duration TURN_KEPT = Duration.ofSeconds(30);

  /// May a bundle be judged?
  sealed interface Answer {
    record Now() implements Answer {}

    /// Not before that time.
    record Later(Duration left) implements Answer {}
  }

  private final Account all = new Account(PER_MINUTE, BURST);
  private final LinkedHashMap<LinkId, Account> links = new LinkedHashMap<>(16, 0.75f, true);

  /// Who was turned away, in order, and until when the turn is kept.
  private final LinkedHashMap<LinkId, Duration> turns = new LinkedHashMap<>();

  Answer ask(LinkId link, Duration now) {
    turns.values().removeIf(until -> now.compareTo(until) > 0);
    Account own = account(link);
    if (!own.holdsMoreThan(0, now)) {
      // Its own doing: no turn is kept for it.
      turns.remove(link);
      return new Answer.Later(own.until(1, now));
    }
    int before = place(link);
    if (all.holdsMoreThan(before, now)) {
      turns.remove(link);
      return new Answer.Now();
    }
    Duration left = all.until(before + 1, now);
    if (turns.containsKey(link) || turns.size() < TURNS_MAX) {
      turns.put(link, now.plus(left).plus(TURN_KEPT));
    }
    return new Answer.Later(left);
  }

  /// What a judgement has cost.
  void spend(LinkId link, int signatures, Duration now) {
    int cost = Math.min(signatures, COST_MAX);
    account(link).spend(cost, now);
    all.spend(cost, now);
  }

  /// How many stand before this link; all who wait, for one that has not been turned away.
  private int place(LinkId link) {
    int before = 0;
    for (LinkId waiting : turns.keySet()) {
      if (waiting.equals(link)) {
        return before;
      }
      before++;
    }
    return before;
  }

  private Account account(LinkId link) {
    Account account = links.computeIfAbsent(link, _ -> new Account(LINK_PER_MINUTE, LINK_BURST));
    if (links.size() > LINKS_MAX) {
      Map.Entry<LinkId, Account> oldest = links.entrySet().iterator().next();
      links.remove(oldest.getKey());
    }
    return account;
  }

  /// Credit that grows by itself up to a bound, counted in the time that it takes to grow.
  private static final class Account {
    private final long nanosPerUnit;
    private final long most;
    private long credit;
    private Duration at = Duration.ZERO;

    Account(int perMinute, int most) {
      this.nanosPerUnit = Duration.ofMinutes(1).toNanos() / perMinute;
      this.most = most * nanosPerUnit;
      this.credit = this.most;
    }

    private void grow(Duration now) {
      long grown = Math.max(0, now.minus(at).toNanos());
      credit = grown >= most - credit ? most : credit + grown;
      at = now;
    }

    boolean holdsMoreThan(int count, Duration now) {
      grow(now);
      return credit >= (count + 1) * nanosPerUnit;
    }

    void spend(int count, Duration now) {
      grow(now);
      credit -= count * nanosPerUnit;
    }

    Duration until(int count, Duration now) {
      grow(now);
      return Duration.ofNanos(Math.max(0, count * nanosPerUnit - credit));
    }
  }
}
