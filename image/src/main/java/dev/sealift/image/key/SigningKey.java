// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;

/// The ability to sign, wherever the private half lives: in memory, in an HSM, behind a service.
public interface SigningKey {
  VerifyingKey publicKey();

  /// The signature over the message in the form images carry: RSASSA-PSS with SHA-256 and a salt of
  /// 32 bytes, ECDSA over SHA-256 in DER, or Ed25519. A holder of the private half that cannot be
  /// reached is an [java.io.UncheckedIOException].
  Bytes sign(Bytes message);
}
