// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.bytes.curve.CurveSecret;
import java.security.SecureRandom;
import java.util.Optional;

/// ECDSA by Bouncy Castle, with the dice that are there, or without any by RFC 6979.
record CurveSigning(VerifyingKey publicKey, CurveSecret secret, Optional<SecureRandom> random)
    implements SigningKey {
  @Override
  public Bytes sign(Bytes message) {
    Curve curve = publicKey.type().curve().orElseThrow();
    Bytes digest =
        switch (curve) {
          case P256 -> message.digest("SHA-256");
          case P384 -> message.digest("SHA-384");
        };
    CurveSecret.Numbers numbers =
        random.map(dice -> secret.sign(digest, dice)).orElseGet(() -> secret.signAlike(digest));
    return new EcdsaSignature(curve, numbers.r(), numbers.s()).toDer();
  }

  @Override
  public String toString() {
    return "private key of " + publicKey;
  }
}
