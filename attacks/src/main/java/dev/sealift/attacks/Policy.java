// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.permit.Role;
import dev.sealift.permit.Terms.Freshness.Mode;
import java.util.List;
import java.util.Set;

/// Whom a device follows, and how sure it wants to be that what it hears is news. Every policy lets
/// the root recover a device alone.
public enum Policy {
  /// The maker; the order of releases is all that counts.
  OPEN(Mode.OPEN),
  /// The maker and an operator.
  MANAGED(Mode.OPEN),
  /// Both, and it must have heard of what is newest.
  BOUNDED(Mode.BOUNDED),
  /// Both, and somebody must answer its nonce.
  STRICT(Mode.STRICT);

  private final Mode mode;

  Policy(Mode mode) {
    this.mode = mode;
  }

  Mode mode() {
    return mode;
  }

  List<Set<Role>> clauses() {
    return List.of(
        asksOperators() ? Set.of(Role.RELEASE, Role.APPROVE) : Set.of(Role.RELEASE),
        Set.of(Role.ROOT));
  }

  boolean asksOperators() {
    return this != OPEN;
  }
}
