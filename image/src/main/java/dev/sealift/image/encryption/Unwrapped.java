// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

/// What came of unwrapping a content key.
public sealed interface Unwrapped {
  /// The value was made for this device's key and is unchanged.
  record Opened(ContentKey key) implements Unwrapped {}

  /// Not so; the sentence says what was seen.
  record Refused(Fault fault, String sentence) implements Unwrapped {}

  /// Why a wrapped key is not opened.
  enum Fault {
    /// The key is of another type than the scheme needs.
    WRONG_KEY_TYPE,
    /// The value, or the key inside, does not have the size that goes with the scheme.
    WRONG_SIZE,
    /// The ephemeral public key is none, or none to be trusted.
    BAD_POINT,
    /// Changed on its way, or made for another key.
    NOT_FOR_THIS_KEY
  }
}
