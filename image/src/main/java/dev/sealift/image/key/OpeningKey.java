// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.KeyAgreement;

/// A private key that opens what was sealed to its public half. It prints nothing of itself.
public final class OpeningKey {
  private static final int X25519_SIZE = 32;

  /// The base point of X25519: agreeing with it gives one's own public key.
  private static final Bytes X25519_BASE = Bytes.of((byte) 9).plus(Bytes.filled(31, 0));

  private final SealingKey publicKey;
  private final Secret pkcs8;

  private OpeningKey(SealingKey publicKey, Secret pkcs8) {
    this.publicKey = publicKey;
    this.pkcs8 = pkcs8;
  }

  public static OpeningKey generate(SealingKeyType type, SecureRandom random) {
    try {
      return switch (type) {
        case RSA_2048 -> of(LocalKey.generate(KeyType.RSA_2048, random));
        case P256 -> of(LocalKey.generate(KeyType.ECDSA_P256, random));
        case X25519 -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance(type.factory());
          generator.initialize(NamedParameterSpec.X25519, random);
          yield ofPkcs8(Bytes.owning(generator.generateKeyPair().getPrivate().getEncoded()));
        }
      };
    } catch (GeneralSecurityException | MalformedException e) {
      throw new IllegalStateException("this JDK cannot make a key of type " + type, e);
    }
  }

  /// Reads a PEM file: PKCS#8, and SEC1 or PKCS#1 for the types that have it; not under a password.
  public static OpeningKey read(String pem) throws MalformedException {
    Pem block = Pem.read(pem);
    if (block.label().equals("PRIVATE KEY")) {
      return ofPkcs8(block.content());
    }
    return switch (KeyFile.read(pem)) {
      case KeyFile.Private(var key) -> of(key);
      case KeyFile.Public _ ->
          throw new MalformedException(
              "the file holds only a public key; decrypting needs the private one", 0);
    };
  }

  private static OpeningKey ofPkcs8(Bytes pkcs8) throws MalformedException {
    Der.Reader outer = new Der.Reader(pkcs8, "private key");
    Der.Reader key = outer.enter(Der.SEQUENCE);
    outer.end();
    if (key.integer().bitLength() > 1) {
      throw key.fault("not version 1 or 2 of PKCS#8");
    }
    if (Algorithms.family(key.enter(Der.SEQUENCE)) != Algorithms.Family.X25519) {
      return of(LocalKey.read(pkcs8));
    }
    Der.Reader content = new Der.Reader(key.take(Der.OCTET_STRING), "X25519 private key");
    Bytes scalar = content.take(Der.OCTET_STRING);
    content.end();
    if (scalar.size() != X25519_SIZE) {
      throw content.fault("the number has %d bytes, expected 32".formatted(scalar.size()));
    }
    return ofScalar(scalar);
  }

  private static OpeningKey of(LocalKey key) throws MalformedException {
    return new OpeningKey(SealingKey.of(key.publicKey()), key.pkcs8());
  }

  private static OpeningKey ofScalar(Bytes scalar) throws MalformedException {
    Bytes der =
        Der.element(
            Der.SEQUENCE,
            Der.integer(BigInteger.ZERO),
            Algorithms.x25519(),
            Der.element(Der.OCTET_STRING, Der.element(Der.OCTET_STRING, scalar)));
    Secret pkcs8 = Secret.of(der.toArray());
    SealingKey base = SealingKey.ofPoint(SealingKeyType.X25519, X25519_BASE);
    Bytes own = new OpeningKey(base, pkcs8).agree(base).expose(Bytes::of);
    return new OpeningKey(SealingKey.ofPoint(SealingKeyType.X25519, own), pkcs8);
  }

  public SealingKeyType type() {
    return publicKey.type();
  }

  public SealingKey publicKey() {
    return publicKey;
  }

  /// The private key as PKCS#8 PEM, not encrypted: for the file it will live in, and nothing else.
  public String exposePem() {
    return pkcs8.expose(der -> Pem.write("PRIVATE KEY", Bytes.of(der)));
  }

  Secret pkcs8() {
    return pkcs8;
  }

  /// The secret shared with the owner of the other half of a key of the same type: the x coordinate
  /// on P-256, the 32 bytes of X25519. Only for keys that agree; refused is a point whose secret
  /// would be the same for everybody.
  public Secret agree(SealingKey other) throws MalformedException {
    if (!type().agrees() || other.type() != type()) {
      throw new IllegalStateException(
          "keys of types %s and %s share no secret".formatted(type(), other.type()));
    }
    try {
      KeyAgreement agreement = KeyAgreement.getInstance(type().operation());
      agreement.init(toJdk());
      agreement.doPhase(other.toJdk(), true);
      return taking(agreement.generateSecret());
    } catch (InvalidKeyException e) {
      throw new MalformedException("the point is of small order, any key shares its secret", 0, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the %s key cannot agree".formatted(type()), e);
    }
  }

  /// What [SealingKey#encipher] sealed, or nothing when it was not sealed to this key.
  public Optional<Secret> decipher(Bytes sealed) {
    try {
      Cipher cipher = Cipher.getInstance(SealingKeyType.RSA_2048.operation());
      cipher.init(Cipher.DECRYPT_MODE, toJdk(), SealingKey.OAEP);
      return Optional.of(taking(cipher.doFinal(sealed.toArray())));
    } catch (BadPaddingException | IllegalBlockSizeException _) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the %s key cannot decrypt".formatted(type()), e);
    }
  }

  private static Secret taking(byte[] bytes) {
    Secret secret = Secret.of(bytes);
    Arrays.fill(bytes, (byte) 0);
    return secret;
  }

  private PrivateKey toJdk() throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance(type().factory());
    PKCS8EncodedKeySpec spec = pkcs8.expose(PKCS8EncodedKeySpec::new);
    return factory.generatePrivate(spec);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OpeningKey that && pkcs8.equals(that.pkcs8);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  @Override
  public String toString() {
    return "private key of " + publicKey;
  }
}
