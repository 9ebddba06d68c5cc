// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/// A public key that images can be checked with. One that exists is of a known type, of the right
/// size, and, on a curve, a point of that curve.
public final class VerifyingKey {
  private static final BigInteger P256_PRIME =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger P256_B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final int P256_POINT_SIZE = 65;
  private static final int ED25519_SIZE = 32;
  private static final int RSA_SALT_SIZE = 32;
  private static final int SHA256_SIZE = 32;

  private final KeyType type;
  private final Bytes spki;
  private final Bytes embedded;

  private VerifyingKey(KeyType type, Bytes content) {
    this.type = type;
    this.spki = Der.element(Der.SEQUENCE, Algorithms.identifier(type), Der.bitString(content));
    this.embedded = type.isRsa() ? content : spki;
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
      case P256 -> ofPoint(content);
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
    return new VerifyingKey(type, content);
  }

  static VerifyingKey ofPoint(Bytes point) throws MalformedException {
    if (point.size() != P256_POINT_SIZE || point.at(0) != 4) {
      throw new MalformedException(
          "the EC public key is no uncompressed point of 65 bytes on P-256", 0);
    }
    BigInteger x = new BigInteger(1, point.slice(1, 33).toArray());
    BigInteger y = new BigInteger(1, point.slice(33, 65).toArray());
    BigInteger right = x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(P256_B);
    if (x.compareTo(P256_PRIME) >= 0
        || y.compareTo(P256_PRIME) >= 0
        || !y.pow(2).subtract(right).mod(P256_PRIME).equals(BigInteger.ZERO)) {
      throw new MalformedException("the EC public key is not a point on P-256", 0);
    }
    return new VerifyingKey(KeyType.ECDSA_P256, point);
  }

  static VerifyingKey ofEd25519(Bytes raw) throws MalformedException {
    if (raw.size() != ED25519_SIZE) {
      throw new MalformedException(
          "an Ed25519 public key has 32 bytes, this one %d".formatted(raw.size()), 0);
    }
    return new VerifyingKey(KeyType.ED25519, raw);
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

  /// Checks a signature in the form images carry. The message is what was signed before any
  /// hashing: the hash region for RSA and ECDSA, the digest (or, pure, the region) for Ed25519.
  public SignatureCheck check(Bytes message, Bytes signature) {
    return check(type.signature(), message, signature);
  }

  /// For ECDSA: the same where the message's SHA-256 is known already, and need not be computed
  /// once more.
  public SignatureCheck checkHashed(Bytes sha256, Bytes signature) {
    if (type != KeyType.ECDSA_P256 || sha256.size() != SHA256_SIZE) {
      throw new IllegalArgumentException(
          "%d bytes are no hash for a key of type %s".formatted(sha256.size(), type));
    }
    return check("NONEwithECDSA", sha256, signature);
  }

  private SignatureCheck check(String algorithm, Bytes message, Bytes signature) {
    try {
      if (type == KeyType.ECDSA_P256) {
        checkStrictDer(signature);
      }
      Signature verifier = verifier(algorithm);
      verifier.update(message.toBuffer());
      return verifier.verify(signature.toArray())
          ? new SignatureCheck.Genuine()
          : new SignatureCheck.Wrong("the signature does not fit image and key");
    } catch (SignatureException e) {
      return new SignatureCheck.Wrong(
          "%d bytes are no %s signature".formatted(signature.size(), type));
    } catch (MalformedException e) {
      return new SignatureCheck.Wrong(String.valueOf(e.getMessage()));
    } catch (GeneralSecurityException e) {
      return new SignatureCheck.Wrong("the key cannot check anything: " + e.getMessage());
    }
  }

  /// JDKs and bootloaders differ in what they tolerate; only the one encoding is taken.
  private static void checkStrictDer(Bytes signature) throws MalformedException {
    Der.Reader outer = new Der.Reader(signature, "ECDSA signature");
    Der.Reader pair = outer.enter(Der.SEQUENCE);
    pair.integer();
    pair.integer();
    pair.end();
    outer.end();
  }

  private Signature verifier(String algorithm) throws GeneralSecurityException {
    Signature verifier = signature(type, algorithm);
    PublicKey key =
        KeyFactory.getInstance(type.factory())
            .generatePublic(new X509EncodedKeySpec(spki.toArray()));
    verifier.initVerify(key);
    return verifier;
  }

  static Signature signature(KeyType type)
      throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
    return signature(type, type.signature());
  }

  private static Signature signature(KeyType type, String algorithm)
      throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
    Signature signature = Signature.getInstance(algorithm);
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
