// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.curve;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;

/// A private key for ECDSA. Its signatures are Bouncy Castle's: ready sooner in a new process than
/// the JDK's, and able to repeat themselves; but not made in the same time whatever the key.
public final class CurveSecret {
  private final Curve curve;
  private final Secret scalar;

  /// The number as the curve has it, big endian in [Curve#bytes].
  public CurveSecret(Curve curve, Secret scalar) {
    if (scalar.size() != curve.bytes()) {
      throw new IllegalArgumentException(
          "a private key on %s has %d bytes, not %d"
              .formatted(curve, curve.bytes(), scalar.size()));
    }
    this.curve = curve;
    this.scalar = scalar;
  }

  /// The two numbers of a signature.
  public record Numbers(BigInteger r, BigInteger s) {}

  /// With a nonce from the caller's dice.
  public Numbers sign(Bytes digest, SecureRandom random) {
    ECDSASigner signer = new ECDSASigner();
    signer.init(true, new ParametersWithRandom(key(), random));
    return numbers(signer, digest);
  }

  /// With a nonce made of key and digest (RFC 6979): the same each time.
  public Numbers signAlike(Bytes digest) {
    HMacDSAKCalculator nonces =
        switch (curve) {
          case P256 -> new HMacDSAKCalculator(new SHA256Digest());
          case P384 -> new HMacDSAKCalculator(new SHA384Digest());
        };
    ECDSASigner signer = new ECDSASigner(nonces);
    signer.init(true, key());
    return numbers(signer, digest);
  }

  private static Numbers numbers(ECDSASigner signer, Bytes digest) {
    BigInteger[] numbers = signer.generateSignature(digest.toArray());
    return new Numbers(numbers[0], numbers[1]);
  }

  private ECPrivateKeyParameters key() {
    return scalar.expose(
        number -> new ECPrivateKeyParameters(new BigInteger(1, number), Domain.of(curve)));
  }

  @Override
  public String toString() {
    return "private key on " + curve;
  }
}
