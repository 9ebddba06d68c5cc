// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;

/// Whoever holds a private key and signs with it: a key in memory, a file, a card, an HSM, a
/// command. The key itself is nobody else's business.
public interface CoseSigner {
  /// The id that goes into the protected header.
  KeyId keyId();

  CoseAlgorithm algorithm();

  /// The raw signature over `toBeSigned`. A holder that cannot be reached is an
  /// [java.io.UncheckedIOException].
  Bytes sign(Bytes toBeSigned);
}
