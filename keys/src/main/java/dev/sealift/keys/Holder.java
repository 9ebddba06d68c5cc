// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import java.io.IOException;

/// Whoever has the private half at hand. What it answers is not believed: see [Signer].
interface Holder extends AutoCloseable {
  /// ECDSA in either of its forms.
  Bytes sign(Bytes message) throws IOException;

  @Override
  default void close() {}
}
