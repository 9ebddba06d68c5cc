// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.curve;

import dev.sealift.bytes.Bytes;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// A public key for Ed25519. One that exists is a point of prime order in its one encoding: a point
/// of small order would take signatures that nobody made.
public final class EdwardsPoint {
  public static final int BYTES = Ed25519.PUBLIC_KEY_SIZE;
  public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

  private final Bytes encoded;
  private final Ed25519.PublicPoint point;

  private EdwardsPoint(Bytes encoded, Ed25519.PublicPoint point) {
    this.encoded = encoded;
    this.point = point;
  }

  /// Reads a point (RFC 8032, 5.1.3); about half of all 32 bytes are none.
  public static Optional<EdwardsPoint> decode(Bytes encoded) {
    if (encoded.size() != BYTES) {
      return Optional.empty();
    }
    return Optional.ofNullable(Ed25519.validatePublicKeyFullExport(encoded.toArray(), 0))
        .map(point -> new EdwardsPoint(encoded, point));
  }

  /// As it was decoded.
  public Bytes encoded() {
    return encoded;
  }

  /// Whether the owner of the private half signed this message so. The rooms above turn the answer
  /// into a reason.
  public boolean hasSigned(Bytes message, Bytes signature) {
    return signature.size() == SIGNATURE_BYTES
        && Ed25519.verify(signature.toArray(), 0, point, message.toArray(), 0, message.size());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EdwardsPoint that && encoded.equals(that.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  @Override
  public String toString() {
    return "point %s… of Ed25519".formatted(encoded.first(8).toHex());
  }
}
