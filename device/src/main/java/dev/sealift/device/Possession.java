// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.smp.server.LinkId;
import java.time.Duration;
import java.util.Optional;

/// Whose upload it is. The link that brought a permit has the right of way for what follows, for as
/// long as something comes of it (T24, T46): each page that is whole renews it, and nothing else
/// does. A link that let it lapse does not get it back before others have had their chance.
final class Possession {
  /// A link that brings nothing for so long has let go.
  static final Duration KEPT = Duration.ofSeconds(30);

  /// How long it has no right of way then, unless it brings a page after all.
  static final Duration BARRED = Duration.ofMinutes(2);

  private Optional<LinkId> owner = Optional.empty();
  private Duration renewed = Duration.ZERO;
  private Optional<LinkId> barred = Optional.empty();
  private Duration barredAt = Duration.ZERO;

  /// How long another link still has to wait; nothing for the owner, and once the owner is gone.
  Optional<Duration> wait(LinkId link, Duration now) {
    lapse(now);
    return owner.isEmpty() || owner.get().equals(link)
        ? Optional.empty()
        : Optional.of(KEPT.minus(now.minus(renewed)));
  }

  private void lapse(Duration now) {
    if (owner.isPresent() && now.minus(renewed).compareTo(KEPT) >= 0) {
      barred = owner;
      barredAt = now;
      owner = Optional.empty();
    }
  }

  /// A link begins something. It has the right of way if nobody has.
  void take(LinkId link, Duration now) {
    lapse(now);
    boolean isBarred =
        barred.equals(Optional.of(link)) && now.minus(barredAt).compareTo(BARRED) < 0;
    if (owner.isEmpty() && !isBarred) {
      owner = Optional.of(link);
      renewed = now;
    }
  }

  /// A page of it is whole and right.
  void renew(LinkId link, Duration now) {
    owner = Optional.of(link);
    renewed = now;
    barred = barred.filter(other -> !other.equals(link));
  }

  /// Whoever had it has lied, or given up.
  void release() {
    owner = Optional.empty();
  }
}
