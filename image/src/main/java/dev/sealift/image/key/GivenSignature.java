// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;

/// A signature that was made elsewhere, put in the place of a key: the second step of signing with
/// a key that nobody here can reach. Whoever asks for another signature gets the same, and finds
/// out when it is checked.
public record GivenSignature(VerifyingKey publicKey, Bytes signature) implements SigningKey {
  @Override
  public Bytes sign(Bytes message) {
    return signature;
  }
}
