// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.bytes.curve.CurvePoint;
import dev.sealift.bytes.curve.EdwardsPoint;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/// A public key that images can be checked with. One that exists is of a known type, of the right
/// size, and, on a curve, a point of that curve.
public final class VerifyingKey {
  private static final int ED25519_SIZE = 32;
  private static final int RSA_SALT_SIZE = 32;

  private final KeyType type;
  private final Bytes spki;
  private final Bytes embedded;
  private final Mathematics mathematics;

  /// Who checks its signatures.
  private sealed interface Mathematics {
    record OnCurve(CurvePoint point) implements Mathematics {}

    /// Nothing where the 32 bytes are no point: such a key signs nothing.
    record OnEdwards(Optional<EdwardsPoint> point) implements Mathematics {}

    record ByJdk() implements Mathematics {}
  }

  private VerifyingKey(KeyType type, Bytes content, Mathematics mathematics) {
    this.type = type;
    this.spki = Der.element(Der.SEQUENCE, Algorithms.identifier(type), Der.bitString(content));
    this.embedded = type.isRsa() ? content : spki;
    this.mathematics = mathematics;
  }

  /// Reads a SubjectPublicKeyInfo in DER.
  public static VerifyingKey read(Bytes spki) throws MalformedException {
    Der.Reader outer = new Der.Reader(spki, "public key");
    Der.Reader key = outer.enter(Der.SEQUENCE);
    outer.end();
    Algorithms.Family family = Algorithms.family(key.enter(Der.SEQUENCE));
    Bytes content = key.bitString();
    key.end();
    return switch (family) {
      case RSA -> ofPkcs1(content);
      case P256 -> ofPoint(Curve.P256, content);
      case P384 -> ofPoint(Curve.P384, content);
      case ED25519 -> ofEd25519(content);
      case X25519 -> throw Algorithms.x25519DoesNotSign();
    };
  }

  /// Reads a PKCS#1 RSAPublicKey in DER.
  static VerifyingKey ofPkcs1(Bytes der) throws MalformedException {
    Der.Reader outer = new Der.Reader(der, "RSA public key");
    Der.Reader key = outer.enter(Der.SEQUENCE);
    outer.end();
    BigInteger modulus = key.integer();
    BigInteger exponent = key.integer();
    key.end();
    return ofRsa(modulus, exponent);
  }

  static VerifyingKey ofRsa(BigInteger modulus, BigInteger exponent) throws MalformedException {
    KeyType type =
        switch (modulus.bitLength()) {
          case 2048 -> KeyType.RSA_2048;
          case 3072 -> KeyType.RSA_3072;
          default ->
              throw Algorithms.notTaken("an RSA key of %d bits".formatted(modulus.bitLength()));
        };
    if (!exponent.testBit(0) || exponent.bitLength() < 2 || exponent.bitLength() > 64) {
      throw new MalformedException("the RSA key has a public exponent of no use", 0);
    }
    Bytes content = Der.element(Der.SEQUENCE, Der.integer(modulus), Der.integer(exponent));
    return new VerifyingKey(type, content, new Mathematics.ByJdk());
  }

  /// MCUboot knows only the long form.
  static VerifyingKey ofPoint(Curve curve, Bytes encoded) throws MalformedException {
    CurvePoint point = CurvePoint.decode(curve, encoded);
    if (!point.uncompressed().equals(encoded)) {
      throw new MalformedException(
          "the EC public key is a point in its short form (openssl ec -conv_form uncompressed"
              + " writes the long one)",
          0);
    }
    return new VerifyingKey(KeyType.of(curve), encoded, new Mathematics.OnCurve(point));
  }

  static VerifyingKey ofEd25519(Bytes raw) throws MalformedException {
    if (raw.size() != ED25519_SIZE) {
      throw new MalformedException(
          "an Ed25519 public key has 32 bytes, this one %d".formatted(raw.size()), 0);
    }
    return new VerifyingKey(
        KeyType.ED25519, raw, new Mathematics.OnEdwards(EdwardsPoint.decode(raw)));
  }

  public KeyType type() {
    return type;
  }

  /// SubjectPublicKeyInfo in DER.
  public Bytes spki() {
    return spki;
  }

  /// The form that images and bootloaders embed: PKCS#1 for RSA, SPKI for the others. The KEYHASH
  /// of an image is the hash of exactly these bytes.
  public Bytes embedded() {
    return embedded;
  }

  /// SHA-256 of the embedded form: how people and tools name a key.
  public Bytes hash() {
    return embedded.sha256();
  }

  public String toPem() {
    return Pem.write("PUBLIC KEY", spki);
  }

  /// Of keys for ECDSA.
  public Optional<CurvePoint> point() {
    return mathematics instanceof Mathematics.OnCurve(var point)
        ? Optional.of(point)
        : Optional.empty();
  }

  /// Checks a signature in the form images carry. The message is what was signed before any
  /// hashing: the hash region for RSA and ECDSA, the digest (or, pure, the region) for Ed25519.
  public SignatureCheck check(Bytes message, Bytes signature) {
    return switch (mathematics) {
      case Mathematics.OnCurve(var point) ->
          switch (point.curve()) {
            case P256 -> checkHashed(message.digest("SHA-256"), signature);
            case P384 -> checkHashed(message.digest("SHA-384"), signature);
          };
      case Mathematics.OnEdwards(var point) ->
          signature.size() == EdwardsPoint.SIGNATURE_BYTES
              ? result(point.isPresent() && point.get().hasSigned(message, signature))
              : noSignature(signature);
      case Mathematics.ByJdk() -> checkByJdk(message, signature);
    };
  }

  /// For ECDSA: the same where the message's digest is known already, and need not be computed
  /// once more.
  public SignatureCheck checkHashed(Bytes digest, Bytes signature) {
    Curve curve = type.curve().orElseThrow(() -> noHash(digest));
    try {
      return checkHashed(digest, EcdsaSignature.ofDer(curve, signature));
    } catch (MalformedException e) {
      return new SignatureCheck.Wrong(
          padded(curve, digest, signature).orElseGet(() -> String.valueOf(e.getMessage())));
    }
  }

  /// Whether nothing but zeros behind it is wrong with a signature.
  private Optional<String> padded(Curve curve, Bytes digest, Bytes signature) {
    int size = signature.size();
    while (size > 0 && signature.at(size - 1) == 0) {
      size--;
    }
    try {
      boolean genuine =
          size < signature.size()
              && checkHashed(digest, EcdsaSignature.ofDer(curve, signature.first(size)))
                  instanceof SignatureCheck.Genuine;
      return genuine
          ? Optional.of(
              "%d zero bytes follow a genuine signature (--pad-sig): bootloaders on Mbed TLS"
                      .formatted(signature.size() - size)
                  + " refuse that")
          : Optional.empty();
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  /// For ECDSA: a signature whose numbers are known, however they were written.
  public SignatureCheck checkHashed(Bytes digest, EcdsaSignature signature) {
    if (!(mathematics instanceof Mathematics.OnCurve(var point))
        || digest.size() != point.curve().bytes()) {
      throw noHash(digest);
    }
    return result(
        signature.curve() == point.curve()
            && point.hasSigned(digest, signature.r(), signature.s()));
  }

  private IllegalArgumentException noHash(Bytes digest) {
    return new IllegalArgumentException(
        "%d bytes are no hash for a key of type %s".formatted(digest.size(), type));
  }

  private static SignatureCheck result(boolean genuine) {
    return genuine
        ? new SignatureCheck.Genuine()
        : new SignatureCheck.Wrong("the signature does not fit image and key");
  }

  private SignatureCheck noSignature(Bytes signature) {
    return new SignatureCheck.Wrong(
        "%d bytes are no %s signature".formatted(signature.size(), type));
  }

  private SignatureCheck checkByJdk(Bytes message, Bytes signature) {
    try {
      Signature verifier = signature(type);
      verifier.initVerify(
          KeyFactory.getInstance(type.factory())
              .generatePublic(new X509EncodedKeySpec(spki.toArray())));
      verifier.update(message.toBuffer());
      return result(verifier.verify(signature.toArray()));
    } catch (SignatureException _) {
      return noSignature(signature);
    } catch (GeneralSecurityException e) {
      return new SignatureCheck.Wrong("the key cannot check anything: " + e.getMessage());
    }
  }

  static Signature signature(KeyType type)
      throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
    Signature signature = Signature.getInstance(type.signature());
    if (type.isRsa()) {
      signature.setParameter(
          new PSSParameterSpec(
              "SHA-256",
              "MGF1",
              MGF1ParameterSpec.SHA256,
              RSA_SALT_SIZE,
              PSSParameterSpec.TRAILER_FIELD_BC));
    }
    return signature;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that && spki.equals(that.spki);
  }

  @Override
  public int hashCode() {
    return spki.hashCode();
  }

  /// Type and the first half of the hash, as a log line needs it.
  @Override
  public String toString() {
    return type + " " + hash().first(8).toHex();
  }
}
