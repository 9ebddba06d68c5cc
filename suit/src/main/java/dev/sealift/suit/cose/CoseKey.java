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
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/// A public key with the one algorithm it may be used with. A P-256 point that is not on the curve
/// cannot be written down.
public sealed interface CoseKey {
  CoseAlgorithm algorithm();

  /// The key's required members alone, as the thumbprint wants them (RFC 9679, section 4).
  CborMap required();

  /// What is written into other objects: as [#required], with the P-256 point in its short form.
  CborMap toCbor();

  PublicKey toJdk();

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
      case ECPublicKey ec when P256.isCurve(ec.getParams()) ->
          Optional.of(P256.of(ec.getW().getAffineX(), ec.getW().getAffineY()));
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
    try {
      return switch (fields.required(CborInt.of(KeyLabel.Y))) {
        case CborBytes(var y) -> new P256(x, y);
        case CborBool(var odd) -> P256.decompress(x, odd ? 1 : 0);
        case CborItem other -> throw new MalformedException("COSE key's y is a " + other.kind(), 0);
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedException("COSE key: no point of P-256", 0, e);
    }
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

  /// A point of P-256, both coordinates in 32 bytes, the largest first.
  record P256(Bytes x, Bytes y) implements CoseKey {
    static final int COORDINATE_BYTES = 32;

    private static final ECParameterSpec CURVE = curve();
    private static final BigInteger P =
        ((java.security.spec.ECFieldFp) CURVE.getCurve().getField()).getP();

    public P256 {
      if (x.size() != COORDINATE_BYTES || y.size() != COORDINATE_BYTES) {
        throw new IllegalArgumentException(
            "a P-256 point has twice 32 bytes, not %d and %d".formatted(x.size(), y.size()));
      }
      BigInteger right = number(y);
      if (number(x).compareTo(P) >= 0
          || right.compareTo(P) >= 0
          || !right.modPow(BigInteger.TWO, P).equals(squareOfY(number(x)))) {
        throw new IllegalArgumentException("the point is not on P-256");
      }
    }

    @Override
    public CoseAlgorithm algorithm() {
      return CoseAlgorithm.ESP256;
    }

    @Override
    public CborMap required() {
      return point().put(KeyLabel.Y, y).build();
    }

    @Override
    public CborMap toCbor() {
      return point().put(KeyLabel.Y, new CborBool(number(y).testBit(0))).build();
    }

    @Override
    public PublicKey toJdk() {
      try {
        return KeyFactory.getInstance("EC")
            .generatePublic(new ECPublicKeySpec(new ECPoint(number(x), number(y)), CURVE));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK takes no P-256 point", e);
      }
    }

    private CborMap.Builder point() {
      return CborMap.builder()
          .put(KeyLabel.TYPE, KeyLabel.TYPE_EC2)
          .put(KeyLabel.CURVE, KeyLabel.CURVE_P256)
          .put(KeyLabel.X, x);
    }

    private static P256 of(BigInteger x, BigInteger y) {
      return new P256(coordinate(x), coordinate(y));
    }

    /// The point from its x and the lowest bit of its y (SEC 1, 2.3.4); p mod 4 is 3.
    private static P256 decompress(Bytes x, int lowestBit) {
      if (x.size() != COORDINATE_BYTES) {
        throw new IllegalArgumentException("a P-256 coordinate of " + x.size() + " bytes");
      }
      BigInteger root = squareOfY(number(x)).modPow(P.add(BigInteger.ONE).shiftRight(2), P);
      boolean fits = root.testBit(0) == (lowestBit == 1);
      return new P256(x, coordinate(fits ? root : P.subtract(root).mod(P)));
    }

    private static BigInteger squareOfY(BigInteger x) {
      return x.modPow(BigInteger.valueOf(3), P)
          .add(CURVE.getCurve().getA().multiply(x))
          .add(CURVE.getCurve().getB())
          .mod(P);
    }

    private static boolean isCurve(ECParameterSpec found) {
      return found.getCurve().equals(CURVE.getCurve())
          && found.getGenerator().equals(CURVE.getGenerator());
    }

    private static BigInteger number(Bytes bytes) {
      return new BigInteger(1, bytes.toArray());
    }

    private static Bytes coordinate(BigInteger number) {
      Bytes padded = Bytes.filled(COORDINATE_BYTES, 0).plus(Bytes.owning(number.toByteArray()));
      return padded.from(padded.size() - COORDINATE_BYTES);
    }

    private static ECParameterSpec curve() {
      try {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
      } catch (java.security.NoSuchAlgorithmException | InvalidParameterSpecException e) {
        throw new IllegalStateException("this JDK lacks P-256", e);
      }
    }
  }

  /// A point of Ed25519 as RFC 8032 encodes it.
  record Ed25519(Bytes x) implements CoseKey {
    static final int SIZE = 32;

    /// What X.509 puts before the 32 bytes (RFC 8410).
    private static final Bytes X509_HEAD = Bytes.ofHex("302a300506032b6570032100");

    public Ed25519 {
      if (x.size() != SIZE) {
        throw new IllegalArgumentException("an Ed25519 key has 32 bytes, not " + x.size());
      }
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
    public PublicKey toJdk() {
      try {
        return KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(X509_HEAD.plus(x).toArray()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK takes no Ed25519 key", e);
      }
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

    @Override
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
