// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.permit.Action;
import dev.sealift.permit.Session;
import dev.sealift.suit.SuitDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What technicians may do right now, each by a session permit and until it ends. Whoever is at the
/// link: a permit names effects (T66).
final class Grants {
  static final int SESSIONS_MAX = 4;

  private record Grant(Session session, Duration until) {}

  private final List<Grant> grants = new ArrayList<>();

  void add(Session session, Duration now) {
    grants.removeIf(grant -> grant.until().compareTo(now) <= 0);
    if (grants.size() == SESSIONS_MAX) {
      grants.removeFirst();
    }
    grants.add(new Grant(session, now.plusSeconds(session.seconds())));
  }

  /// Whether one of them allows this; `release` is the one that it would be done to, if any.
  boolean allow(Action action, Optional<SuitDigest> release, Duration now) {
    return grants.stream()
        .filter(grant -> grant.until().compareTo(now) > 0)
        .map(Grant::session)
        .filter(session -> session.actions().contains(action))
        .anyMatch(session -> session.manifest().isEmpty() || session.manifest().equals(release));
  }
}
