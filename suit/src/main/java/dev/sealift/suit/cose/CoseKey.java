// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.bytes.curve.CurvePoint;
import dev.sealift.bytes.curve.EdwardsPoint;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/// A public key with the one algorithm it may be used with.
public sealed interface CoseKey {
  CoseAlgorithm algorithm();

  /// The key's required members alone, as the thumbprint wants them (RFC 9679, section 4).
  CborMap required();

  /// What is written into other objects: as [#required], with the P-256 point in its short form.
  CborMap toCbor();

  /// SHA-256 over the deterministic encoding of the required members.
  default Bytes thumbprint() {
    return Cbor.deterministic(required()).sha256();
  }

  default KeyId id() {
    return new KeyId(thumbprint().first(KeyId.SIZE));
  }

  default Bytes encode() {
    return Cbor.deterministic(toCbor());
  }

  static CoseKey decode(Bytes bytes) throws MalformedException {
    return fromCbor(Cbor.strict(bytes));
  }

  /// Takes the required members, either form of a P-256 point, and the algorithm if it is the
  /// key's own; anything more would be a promise nobody keeps.
  static CoseKey fromCbor(CborItem item) throws MalformedException {
    CborFields fields = CborFields.of(item, "COSE key");
    long type = fields.integer(KeyLabel.TYPE);
    CoseKey key =
        switch (Math.clamp(type, 0, Integer.MAX_VALUE)) {
          case KeyLabel.TYPE_EC2 -> p256(fields);
          case KeyLabel.TYPE_OKP -> ed25519(fields);
          case KeyLabel.TYPE_AKP -> mlDsa44(fields);
          default -> throw new MalformedException("COSE key type " + type + " is not known", 0);
        };
    if (fields.item(CborInt.of(KeyLabel.ALGORITHM)).isPresent()
        && fields.integer(KeyLabel.ALGORITHM) != key.algorithm().id()) {
      throw new MalformedException(
          "COSE key is bound to algorithm %d, expected %d"
              .formatted(fields.integer(KeyLabel.ALGORITHM), key.algorithm().id()),
          0);
    }
    return key;
  }

  /// The key, if it is of a kind that Sealift signs with.
  static Optional<CoseKey> of(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec -> P256.ofJdk(ec);
      case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") -> {
        Bytes encoded = Bytes.owning(ed.getEncoded());
        yield Optional.of(new Ed25519(encoded.from(encoded.size() - Ed25519.SIZE)));
      }
      case PublicKey other when other.getAlgorithm().equals("ML-DSA") ->
          MlDsa44.ofX509(Bytes.owning(other.getEncoded()));
      default -> Optional.empty();
    };
  }

  private static CoseKey p256(CborFields fields) throws MalformedException {
    fields.onlyKeys(KeyLabel.TYPE, KeyLabel.ALGORITHM, KeyLabel.CURVE, KeyLabel.X, KeyLabel.Y);
    expectCurve(fields, KeyLabel.CURVE_P256);
    Bytes x = fields.bytes(KeyLabel.X);
    return switch (fields.required(CborInt.of(KeyLabel.Y))) {
      case CborBytes(var y) -> P256.of(x, y);
      case CborBool(var odd) ->
          new P256(
              CurvePoint.decompress(
                  Curve.P256, x, odd ? CurvePoint.Parity.ODD : CurvePoint.Parity.EVEN));
      case CborItem other -> throw new MalformedException("COSE key's y is a " + other.kind(), 0);
    };
  }

  private static CoseKey ed25519(CborFields fields) throws MalformedException {
    fields.onlyKeys(KeyLabel.TYPE, KeyLabel.ALGORITHM, KeyLabel.CURVE, KeyLabel.X);
    expectCurve(fields, KeyLabel.CURVE_ED25519);
    Bytes x = fields.bytes(KeyLabel.X);
    if (x.size() != Ed25519.SIZE) {
      throw new MalformedException("an Ed25519 key of " + x.size() + " bytes", 0);
    }
    return new Ed25519(x);
  }

  /// The algorithm is a required member of this type: without it nobody knows what the bytes are.
  private static CoseKey mlDsa44(CborFields fields) throws MalformedException {
    fields.onlyKeys(KeyLabel.TYPE, KeyLabel.ALGORITHM, KeyLabel.PUBLIC);
    fields.integer(KeyLabel.ALGORITHM);
    Bytes encoded = fields.bytes(KeyLabel.PUBLIC);
    if (encoded.size() != MlDsa44.SIZE) {
      throw new MalformedException("an ML-DSA-44 key of " + encoded.size() + " bytes", 0);
    }
    return new MlDsa44(encoded);
  }

  private static void expectCurve(CborFields fields, int curve) throws MalformedException {
    long found = fields.integer(KeyLabel.CURVE);
    if (found != curve) {
      throw new MalformedException("COSE key on curve %d, expected %d".formatted(found, curve), 0);
    }
  }

  /// A point of P-256.
  record P256(CurvePoint point) implements CoseKey {
    static final int COORDINATE_BYTES = 32;

    public P256 {
      if (point.curve() != Curve.P256) {
        throw new IllegalArgumentException("a point on " + point.curve());
      }
    }

    /// Both coordinates in 32 bytes, the largest first.
    static P256 of(Bytes x, Bytes y) throws MalformedException {
      return new P256(CurvePoint.decode(Curve.P256, x, y));
    }

    @Override
    public CoseAlgorithm algorithm() {
      return CoseAlgorithm.ESP256;
    }

    @Override
    public CborMap required() {
      return start().put(KeyLabel.Y, point.y()).build();
    }

    @Override
    public CborMap toCbor() {
      return start().put(KeyLabel.Y, new CborBool(point.parity() == CurvePoint.Parity.ODD)).build();
    }

    private CborMap.Builder start() {
      return CborMap.builder()
          .put(KeyLabel.TYPE, KeyLabel.TYPE_EC2)
          .put(KeyLabel.CURVE, KeyLabel.CURVE_P256)
          .put(KeyLabel.X, point.x());
    }

    /// Nothing for a point on another curve.
    private static Optional<CoseKey> ofJdk(ECPublicKey key) {
      if (key.getParams().getOrder().bitLength() != 8 * COORDINATE_BYTES) {
        return Optional.empty();
      }
      ECPoint point = key.getW();
      try {
        return Optional.of(of(coordinate(point.getAffineX()), coordinate(point.getAffineY())));
      } catch (MalformedException _) {
        return Optional.empty();
      }
    }

    private static Bytes coordinate(BigInteger number) {
      Bytes padded = Bytes.filled(COORDINATE_BYTES, 0).plus(Bytes.owning(number.toByteArray()));
      return padded.from(padded.size() - COORDINATE_BYTES);
    }
  }

  /// A key of Ed25519 as RFC 8032 encodes it. Any 32 bytes can be written down as one; those that
  /// are no point of the curve sign nothing.
  final class Ed25519 implements CoseKey {
    static final int SIZE = EdwardsPoint.BYTES;

    private final Bytes x;
    private final Optional<EdwardsPoint> point;

    public Ed25519(Bytes x) {
      if (x.size() != SIZE) {
        throw new IllegalArgumentException("an Ed25519 key has 32 bytes, not " + x.size());
      }
      this.x = x;
      this.point = EdwardsPoint.decode(x);
    }

    public Bytes x() {
      return x;
    }

    Optional<EdwardsPoint> point() {
      return point;
    }

    @Override
    public CoseAlgorithm algorithm() {
      return CoseAlgorithm.ED25519;
    }

    @Override
    public CborMap required() {
      return CborMap.builder()
          .put(KeyLabel.TYPE, KeyLabel.TYPE_OKP)
          .put(KeyLabel.CURVE, KeyLabel.CURVE_ED25519)
          .put(KeyLabel.X, x)
          .build();
    }

    @Override
    public CborMap toCbor() {
      return required();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Ed25519 that && x.equals(that.x);
    }

    @Override
    public int hashCode() {
      return x.hashCode();
    }

    @Override
    public String toString() {
      return "Ed25519[" + x + "]";
    }
  }

  /// An ML-DSA-44 key as FIPS 204 encodes it (pkEncode); every 1312 bytes are a key.
  record MlDsa44(Bytes encoded) implements CoseKey {
    static final int SIZE = 1312;

    /// What X.509 puts before the 1312 bytes (RFC 9881).
    private static final Bytes X509_HEAD =
        Bytes.ofHex("30820532300b06096086480165030403110382052100");

    public MlDsa44 {
      if (encoded.size() != SIZE) {
        throw new IllegalArgumentException(
            "an ML-DSA-44 key has %d bytes, not %d".formatted(SIZE, encoded.size()));
      }
    }

    @Override
    public CoseAlgorithm algorithm() {
      return CoseAlgorithm.ML_DSA_44;
    }

    @Override
    public CborMap required() {
      return CborMap.builder()
          .put(KeyLabel.TYPE, KeyLabel.TYPE_AKP)
          .put(KeyLabel.ALGORITHM, algorithm().id())
          .put(KeyLabel.PUBLIC, encoded)
          .build();
    }

    @Override
    public CborMap toCbor() {
      return required();
    }

    public PublicKey toJdk() {
      try {
        return KeyFactory.getInstance("ML-DSA-44")
            .generatePublic(new X509EncodedKeySpec(X509_HEAD.plus(encoded).toArray()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK takes no ML-DSA-44 key", e);
      }
    }

    /// Nothing for a key of another parameter set.
    private static Optional<CoseKey> ofX509(Bytes x509) {
      return x509.startsWith(X509_HEAD) && x509.size() == X509_HEAD.size() + SIZE
          ? Optional.of(new MlDsa44(x509.from(X509_HEAD.size())))
          : Optional.empty();
    }
  }
}
