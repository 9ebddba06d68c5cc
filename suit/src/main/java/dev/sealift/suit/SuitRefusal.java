// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

/// Why a manifest is refused: at which stage, the reason in one word, and a sentence for a person.
public record SuitRefusal(SuitStage stage, Reason reason, String detail) {
  /// One word each, so that rooms above can give them their own numbers.
  public enum Reason {
    /// No deterministic CBOR of the right shape.
    MALFORMED,
    /// Genuine or not, it asks for something that is not done here.
    UNSUPPORTED,
    /// A digest or a signature does not hold, or no known key has signed.
    UNAUTHENTIC,
    /// Known keys have signed, but not enough of them.
    SIGNERS_MISSING,
    /// A command speaks of a component that the manifest does not name.
    COMPONENT
  }
}
