// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.curve;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.math.BigInteger;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECPoint;

/// A public key for ECDSA. One that exists lies on its curve and is not the point at infinity.
public final class CurvePoint {
  private static final int EVEN = 2;
  private static final int ODD = 3;
  private static final int UNCOMPRESSED = 4;

  private final Curve curve;
  private final Bytes uncompressed;
  private final ECPoint point;

  private CurvePoint(Curve curve, ECPoint point) {
    this.curve = curve;
    this.point = point;
    this.uncompressed = Bytes.owning(point.getEncoded(false));
  }

  /// Reads a point in its long form or its short one (SEC 1, 2.3.4).
  public static CurvePoint decode(Curve curve, Bytes encoded) throws MalformedException {
    int form = encoded.isEmpty() ? 0 : encoded.at(0);
    int size =
        switch (form) {
          case EVEN, ODD -> 1 + curve.bytes();
          case UNCOMPRESSED -> 1 + 2 * curve.bytes();
          default -> 0;
        };
    if (size == 0 || encoded.size() != size) {
      throw new MalformedException(
          "%d bytes that begin with %d are no point on %s".formatted(encoded.size(), form, curve),
          0);
    }
    try {
      return new CurvePoint(curve, Domain.of(curve).getCurve().decodePoint(encoded.toArray()));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the point is not on " + curve, 0, e);
    }
  }

  /// Reads a point by both coordinates.
  public static CurvePoint decode(Curve curve, Bytes x, Bytes y) throws MalformedException {
    return decode(curve, Bytes.concat(Bytes.of((byte) UNCOMPRESSED), x, y));
  }

  /// Reads a point by its x and whether y is odd.
  public static CurvePoint decompress(Curve curve, Bytes x, Parity y) throws MalformedException {
    return decode(curve, Bytes.of((byte) (y == Parity.ODD ? ODD : EVEN)).plus(x));
  }

  /// Which of the two points with one x it is.
  public enum Parity {
    EVEN,
    ODD
  }

  public Curve curve() {
    return curve;
  }

  public Bytes x() {
    return uncompressed.slice(1, 1 + curve.bytes());
  }

  public Bytes y() {
    return uncompressed.from(1 + curve.bytes());
  }

  public Parity parity() {
    return (uncompressed.at(uncompressed.size() - 1) & 1) == 1 ? Parity.ODD : Parity.EVEN;
  }

  /// The long form: 4, x, y.
  public Bytes uncompressed() {
    return uncompressed;
  }

  /// Whether the owner of the private half signed something of this digest so. The rooms above turn
  /// the answer into a reason.
  public boolean hasSigned(Bytes digest, BigInteger r, BigInteger s) {
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(false, new ECPublicKeyParameters(point, Domain.of(curve)));
    return verifier.verifySignature(digest.toArray(), r, s);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CurvePoint that
        && curve == that.curve
        && uncompressed.equals(that.uncompressed);
  }

  @Override
  public int hashCode() {
    return uncompressed.hashCode();
  }

  @Override
  public String toString() {
    return "point %s… on %s".formatted(x().first(8).toHex(), curve);
  }
}
