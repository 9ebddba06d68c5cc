// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.curve.Curve;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/// A public key that secrets are sealed to; its other half is an [OpeningKey]. One that exists is
/// of a known type and size, and, on a curve, a point of that curve in its one encoding.
public final class SealingKey {
  private static final int X25519_SIZE = 32;
  private static final BigInteger X25519_PRIME =
      BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /// OAEP with SHA-256 throughout and no label.
  static final AlgorithmParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private final SealingKeyType type;
  private final Bytes spki;
  private final Bytes point;

  private SealingKey(SealingKeyType type, Bytes spki, Bytes point) {
    this.type = type;
    this.spki = spki;
    this.point = point;
  }

  /// Reads a PEM file with a public key, or with a private one, whose public half counts.
  public static SealingKey read(String pem) throws MalformedException {
    Pem block = Pem.read(pem);
    return switch (block.label()) {
      case "PUBLIC KEY" -> ofSpki(block.content());
      case "RSA PUBLIC KEY" -> of(VerifyingKey.ofPkcs1(block.content()));
      default -> OpeningKey.read(pem).publicKey();
    };
  }

  private static SealingKey ofSpki(Bytes spki) throws MalformedException {
    Der.Reader outer = new Der.Reader(spki, "public key");
    Der.Reader key = outer.enter(Der.SEQUENCE);
    outer.end();
    if (Algorithms.family(key.enter(Der.SEQUENCE)) != Algorithms.Family.X25519) {
      return of(VerifyingKey.read(spki));
    }
    Bytes point = key.bitString();
    key.end();
    return ofPoint(SealingKeyType.X25519, point);
  }

  static SealingKey of(VerifyingKey key) throws MalformedException {
    return switch (key.type()) {
      case RSA_2048 -> new SealingKey(SealingKeyType.RSA_2048, key.spki(), Bytes.EMPTY);
      case ECDSA_P256 ->
          new SealingKey(SealingKeyType.P256, key.spki(), key.point().orElseThrow().uncompressed());
      case RSA_3072, ECDSA_P384, ED25519 ->
          throw new MalformedException(
              "nothing can be encrypted for a key of type %s; rsa-2048, ecdsa-p256 and x25519 can"
                  .formatted(key.type()),
              0);
    };
  }

  /// Of a key that agrees: the uncompressed point on P-256, or the 32 bytes of X25519. The bytes
  /// must be the only ones that say this point: X25519 would take a number above its prime too.
  public static SealingKey ofPoint(SealingKeyType type, Bytes point) throws MalformedException {
    return switch (type) {
      case P256 -> of(VerifyingKey.ofPoint(Curve.P256, point));
      case X25519 -> {
        if (point.size() != X25519_SIZE) {
          throw new MalformedException(
              "an X25519 public key has 32 bytes, this one %d".formatted(point.size()), 0);
        }
        if (littleEndian(point).compareTo(X25519_PRIME) >= 0) {
          throw new MalformedException("the X25519 public key is not below 2^255-19", 0);
        }
        Bytes spki = Der.element(Der.SEQUENCE, Algorithms.x25519(), Der.bitString(point));
        yield new SealingKey(type, spki, point);
      }
      case RSA_2048 -> throw new IllegalStateException("an RSA key is no point");
    };
  }

  private static BigInteger littleEndian(Bytes bytes) {
    byte[] reversed = new byte[bytes.size()];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = (byte) bytes.at(reversed.length - 1 - i);
    }
    return new BigInteger(1, reversed);
  }

  public SealingKeyType type() {
    return type;
  }

  /// SubjectPublicKeyInfo in DER.
  public Bytes spki() {
    return spki;
  }

  /// Of a key that agrees, as [#ofPoint] takes it.
  public Bytes point() {
    if (!type.agrees()) {
      throw new IllegalStateException("an RSA key is no point");
    }
    return point;
  }

  public String toPem() {
    return Pem.write("PUBLIC KEY", spki);
  }

  /// RSA-OAEP; only for RSA keys.
  public Bytes encipher(Secret secret, SecureRandom random) {
    try {
      Cipher cipher = Cipher.getInstance(SealingKeyType.RSA_2048.operation());
      cipher.init(Cipher.ENCRYPT_MODE, toJdk(), OAEP, random);
      // Exposing hands the array to a function that cannot throw what a cipher throws.
      byte[] plain = secret.expose(byte[]::clone);
      try {
        return Bytes.owning(cipher.doFinal(plain));
      } finally {
        java.util.Arrays.fill(plain, (byte) 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the %s key cannot encrypt".formatted(type), e);
    }
  }

  PublicKey toJdk() throws GeneralSecurityException {
    return KeyFactory.getInstance(type.factory())
        .generatePublic(new X509EncodedKeySpec(spki.toArray()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealingKey that && spki.equals(that.spki);
  }

  @Override
  public int hashCode() {
    return spki.hashCode();
  }

  /// Type and the first bytes of the hash of its SPKI, as a log line needs it.
  @Override
  public String toString() {
    return type + " " + spki.sha256().first(8).toHex();
  }
}
