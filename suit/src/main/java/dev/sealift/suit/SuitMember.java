// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import java.util.Optional;

/// A member of a manifest that may be cut out of it: it stands in the manifest, or only its digest
/// does and the envelope may or may not have brought the rest.
public sealed interface SuitMember<T> {
  record Inside<T>(T value) implements SuitMember<T> {}

  /// What the envelope brought, if anything, fits the digest.
  record Severed<T>(SuitDigest digest, Optional<T> value) implements SuitMember<T> {}

  /// The member, if it is to be had.
  default Optional<T> available() {
    return switch (this) {
      case Inside<T>(var value) -> Optional.of(value);
      case Severed<T>(_, var value) -> value;
    };
  }
}
