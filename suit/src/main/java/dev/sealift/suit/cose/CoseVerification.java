// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;

/// What verifying a message with one key gave.
public sealed interface CoseVerification {
  /// `key` signed `payload` with its own algorithm.
  record Verified(CoseKey key, Bytes payload) implements CoseVerification {}

  record Refused(Reason reason, String detail) implements CoseVerification {}

  enum Reason {
    /// The message asks for something that is not done here: an algorithm, a critical header, the
    /// payload in another place.
    UNSUPPORTED,
    /// The algorithm is not the one the key is bound to.
    FOREIGN_ALGORITHM,
    BAD_SIGNATURE
  }
}
