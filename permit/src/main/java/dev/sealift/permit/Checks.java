// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.permit.control.LeftOut;
import java.util.EnumSet;
import java.util.Set;

/// The checks that are made: all of them, for everyone.
public final class Checks {
  private static final Checks ALL = new Checks(EnumSet.allOf(Check.class));

  private final Set<Check> made;

  private Checks(Set<Check> made) {
    this.made = made;
  }

  public static Checks all() {
    return ALL;
  }

  /// For the control of an attack alone.
  // The lint is right that not every client can see the parameter's type: that is its purpose.
  @SuppressWarnings("exports")
  public static Checks without(LeftOut leftOut) {
    Set<Check> made = EnumSet.allOf(Check.class);
    made.removeAll(leftOut.checks());
    return new Checks(made);
  }

  /// Whether this check is made; only whoever makes it asks.
  public boolean make(Check check) {
    return made.contains(check);
  }

  @Override
  public String toString() {
    return made.size() == Check.values().length ? "all checks" : "only " + made;
  }
}
