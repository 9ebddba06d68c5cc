// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a key may be trusted with. Number 3 is kept for distributors, who have no part in what a
/// device decides.
public enum Role {
  /// Says which keys count, for what, and how many are enough.
  ROOT(0),
  /// Says what a release is.
  RELEASE(1),
  /// Says where and when it may go.
  APPROVE(2),
  /// Says what is newest; allows nothing by itself.
  FRESHNESS(4),
  /// Does what only people on the spot may do.
  OPERATE(5);

  private final int id;

  Role(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  public static Optional<Role> ofId(long id) {
    return Arrays.stream(values()).filter(role -> role.id == id).findFirst();
  }

  /// Whether a signature of this role stands directly on a manifest; the others speak in objects
  /// of their own.
  boolean signsManifests() {
    return this == ROOT || this == RELEASE;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
