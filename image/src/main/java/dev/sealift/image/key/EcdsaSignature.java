// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import java.math.BigInteger;

/// A signature by a key on a curve, told by its two numbers, which are written raw (COSE, tokens),
/// each in as many bytes as a coordinate has, or in DER (images, OpenSSL). That it is anybody's
/// signature is not said.
public record EcdsaSignature(Curve curve, BigInteger r, BigInteger s) {
  public EcdsaSignature {
    int bitsMax = 8 * curve.bytes();
    if (r.signum() < 0 || s.signum() < 0 || r.bitLength() > bitsMax || s.bitLength() > bitsMax) {
      throw new IllegalArgumentException(
          "the numbers of a signature on %s have 0 to %d bits".formatted(curve, bitsMax));
    }
  }

  /// The size of the raw form.
  public static int rawBytes(Curve curve) {
    return 2 * curve.bytes();
  }

  public static EcdsaSignature ofRaw(Curve curve, Bytes raw) {
    if (raw.size() != rawBytes(curve)) {
      throw new IllegalArgumentException(
          "a raw signature on %s has %d bytes, not %d"
              .formatted(curve, rawBytes(curve), raw.size()));
    }
    return new EcdsaSignature(
        curve, number(raw.first(curve.bytes())), number(raw.from(curve.bytes())));
  }

  /// Only the one encoding is taken: JDKs and bootloaders differ in what else they tolerate.
  public static EcdsaSignature ofDer(Curve curve, Bytes der) throws MalformedException {
    Der.Reader outer = new Der.Reader(der, "ECDSA signature");
    Der.Reader pair = outer.enter(Der.SEQUENCE);
    BigInteger r = pair.integer();
    BigInteger s = pair.integer();
    pair.end();
    outer.end();
    if (Math.max(r.bitLength(), s.bitLength()) > 8 * curve.bytes()) {
      throw outer.fault("a number has more than %d bytes".formatted(curve.bytes()));
    }
    return new EcdsaSignature(curve, r, s);
  }

  public Bytes toDer() {
    return Der.element(Der.SEQUENCE, Der.integer(r), Der.integer(s));
  }

  public Bytes toRaw() {
    return padded(r).plus(padded(s));
  }

  private Bytes padded(BigInteger number) {
    Bytes padded = Bytes.filled(curve.bytes(), 0).plus(Bytes.owning(number.toByteArray()));
    return padded.from(padded.size() - curve.bytes());
  }

  private static BigInteger number(Bytes bytes) {
    return new BigInteger(1, bytes.toArray());
  }
}
