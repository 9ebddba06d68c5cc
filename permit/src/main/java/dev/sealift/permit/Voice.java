// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.cose.CoseKey;
import java.util.List;
import java.util.function.Predicate;

/// A key that counts: in which role, and for what. Where it was delegated, every scope on the way
/// has to cover what it says; a key of the root has none.
record Voice(CoseKey key, Role role, List<Scope> scopes, int delegations) {
  Voice {
    scopes = List.copyOf(scopes);
  }

  boolean covers(Predicate<Scope> matter) {
    return scopes.stream().allMatch(matter);
  }

  static long count(List<Voice> voices, Role role) {
    return voices.stream().filter(voice -> voice.role() == role).count();
  }
}
