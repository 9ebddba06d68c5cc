// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.curve.Curve;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/// ECDSA whose nonce is made of key and message (RFC 6979): the same signature each time, where
/// somebody wants builds to reproduce. By Bouncy Castle, as the JDK has no such thing.
record Rfc6979(VerifyingKey publicKey, Secret pkcs8) implements SigningKey {
  @Override
  public Bytes sign(Bytes message) {
    Curve curve = publicKey.type().curve().orElseThrow();
    ECDSASigner signer =
        switch (curve) {
          case P256 -> new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
          case P384 -> new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
        };
    Bytes digest =
        switch (curve) {
          case P256 -> message.digest("SHA-256");
          case P384 -> message.digest("SHA-384");
        };
    signer.init(true, pkcs8.expose(Rfc6979::key));
    BigInteger[] numbers = signer.generateSignature(digest.toArray());
    return new EcdsaSignature(curve, numbers[0], numbers[1]).toDer();
  }

  private static ECPrivateKeyParameters key(byte[] pkcs8) {
    try {
      return (ECPrivateKeyParameters) PrivateKeyFactory.createKey(pkcs8);
    } catch (IOException e) {
      throw new UncheckedIOException("Bouncy Castle does not take a key that we wrote", e);
    }
  }

  @Override
  public String toString() {
    return "private key of " + publicKey;
  }
}
