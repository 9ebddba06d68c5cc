// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.suit.SuitDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// How often something is begun anew, so that nobody wears the flash out with permits that are
/// genuine (T51): another release taken up, a slot written from its first byte. Going on with what
/// lies there is no new beginning. Counted in memory: a restart, which no stranger can ask for,
/// forgets it.
final class Wear {
  /// Beginnings in a day, whatever for.
  static final int PER_DAY = 48;

  /// And of one release.
  static final int PER_RELEASE = 12;

  static final Duration DAY = Duration.ofDays(1);

  private record Beginning(SuitDigest release, Duration at) {}

  private final Deque<Beginning> beginnings = new ArrayDeque<>();

  /// How long to wait before a slot may be begun anew for a release.
  Optional<Duration> wait(SuitDigest release, Duration now) {
    beginnings.removeIf(one -> now.minus(one.at()).compareTo(DAY) >= 0);
    long same = beginnings.stream().filter(one -> one.release().equals(release)).count();
    if (beginnings.size() < PER_DAY && same < PER_RELEASE) {
      return Optional.empty();
    }
    return beginnings.stream()
        .filter(one -> beginnings.size() >= PER_DAY || one.release().equals(release))
        .map(one -> DAY.minus(now.minus(one.at())))
        .findFirst();
  }

  void note(SuitDigest release, Duration now) {
    beginnings.add(new Beginning(release, now));
  }
}
