// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

/// What came of checking a signature.
public sealed interface SignatureCheck {
  /// The key's owner signed exactly this.
  record Genuine() implements SignatureCheck {}

  /// Not so; the sentence says what was seen.
  record Wrong(String sentence) implements SignatureCheck {}
}
