// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.GivenDice;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.bytes.curve.CurveSecret;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/// A private key in this process's memory, with its public half. It prints nothing of itself.
public final class LocalKey {
  private static final int ED25519_SEED_SIZE = 32;

  /// For who needs none: they do not fall.
  private static final SecureRandom NO_DICE = GivenDice.of(Secret.of(new byte[0]));

  private final VerifyingKey publicKey;
  private final Secret pkcs8;

  private LocalKey(VerifyingKey publicKey, Bytes content) {
    this.publicKey = publicKey;
    this.pkcs8 =
        Secret.of(
            Der.element(
                    Der.SEQUENCE,
                    Der.integer(BigInteger.ZERO),
                    Algorithms.identifier(publicKey.type()),
                    Der.element(Der.OCTET_STRING, content))
                .toArray());
  }

  public static LocalKey generate(KeyType type, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type.factory());
      switch (type) {
        case RSA_2048, RSA_3072 -> generator.initialize(type.rsaBits(), random);
        case ECDSA_P256 -> generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        case ECDSA_P384 -> generator.initialize(new ECGenParameterSpec("secp384r1"), random);
        case ED25519 -> generator.initialize(255, random);
      }
      return ofPair(generator.generateKeyPair());
    } catch (GeneralSecurityException | MalformedException e) {
      throw new IllegalStateException("this JDK cannot make a key of type " + type, e);
    }
  }

  /// The JDK's EC private keys lack the public half that MCUboot's own files have.
  private static LocalKey ofPair(KeyPair pair) throws MalformedException {
    VerifyingKey publicKey = VerifyingKey.read(Bytes.of(pair.getPublic().getEncoded()));
    if (pair.getPrivate() instanceof java.security.interfaces.ECPrivateKey ec) {
      byte[] number = ec.getS().toByteArray();
      byte[] scalar = new byte[publicKey.type().curve().orElseThrow().bytes()];
      int size = Math.min(number.length, scalar.length);
      System.arraycopy(number, number.length - size, scalar, scalar.length - size, size);
      return ofScalar(Bytes.owning(scalar), publicKey);
    }
    return read(Bytes.owning(pair.getPrivate().getEncoded()));
  }

  /// Reads a PKCS#8 PrivateKeyInfo in DER, not encrypted.
  static LocalKey read(Bytes pkcs8) throws MalformedException {
    Der.Reader outer = new Der.Reader(pkcs8, "private key");
    Der.Reader key = outer.enter(Der.SEQUENCE);
    outer.end();
    if (key.integer().bitLength() > 1) {
      throw key.fault("not version 1 or 2 of PKCS#8");
    }
    Algorithms.Family family = Algorithms.family(key.enter(Der.SEQUENCE));
    Bytes content = key.take(Der.OCTET_STRING);
    // Attributes and a second copy of the public half may follow; neither says anything new.
    return switch (family) {
      case RSA -> ofPkcs1(content);
      case P256 -> ofSec1(content, Optional.of(Curve.P256));
      case P384 -> ofSec1(content, Optional.of(Curve.P384));
      case ED25519 -> ofEd25519(content);
      case X25519 -> throw Algorithms.x25519DoesNotSign();
    };
  }

  /// Reads a PKCS#1 RSAPrivateKey in DER.
  static LocalKey ofPkcs1(Bytes der) throws MalformedException {
    Der.Reader outer = new Der.Reader(der, "RSA private key");
    Der.Reader key = outer.enter(Der.SEQUENCE);
    outer.end();
    if (key.integer().signum() != 0) {
      throw key.fault("not of two primes");
    }
    VerifyingKey publicKey = VerifyingKey.ofRsa(key.integer(), key.integer());
    // d, p, q and the three values for the Chinese remainder theorem.
    for (int i = 0; i < 6; i++) {
      key.integer();
    }
    key.end();
    return new LocalKey(publicKey, der);
  }

  /// Reads a SEC1 ECPrivateKey in DER, which must say its curve itself unless it is known.
  static LocalKey ofSec1(Bytes der, Optional<Curve> known) throws MalformedException {
    Der.Reader outer = new Der.Reader(der, "EC private key");
    Der.Reader key = outer.enter(Der.SEQUENCE);
    outer.end();
    if (!key.integer().equals(BigInteger.ONE)) {
      throw key.fault("not version 1 of SEC1");
    }
    Bytes scalar = key.take(Der.OCTET_STRING);
    Optional<Curve> named =
        key.isNext(Der.CONTEXT_0)
            ? Optional.of(Algorithms.curve(key.enter(Der.CONTEXT_0).take(Der.OID)))
            : Optional.empty();
    if (known.isPresent() && named.isPresent() && !known.equals(named)) {
      throw key.fault("it names two curves, %s and %s".formatted(known.get(), named.get()));
    }
    Curve curve =
        known.or(() -> named).orElseThrow(() -> key.fault("it does not say on which curve it is"));
    if (scalar.size() != curve.bytes()) {
      throw key.fault(
          "the number has %d bytes, expected %d".formatted(scalar.size(), curve.bytes()));
    }
    if (!key.isNext(Der.CONTEXT_1)) {
      throw key.fault("the public half is missing (openssl pkey -in KEY -out NEW adds it)");
    }
    Bytes point = key.enter(Der.CONTEXT_1).bitString();
    key.end();
    return ofScalar(scalar, VerifyingKey.ofPoint(curve, point));
  }

  private static LocalKey ofScalar(Bytes scalar, VerifyingKey publicKey) {
    Bytes point = publicKey.point().orElseThrow().uncompressed();
    Bytes content =
        Der.element(
            Der.SEQUENCE,
            Der.integer(BigInteger.ONE),
            Der.element(Der.OCTET_STRING, scalar),
            Der.element(Der.CONTEXT_1, Der.bitString(point)));
    return new LocalKey(publicKey, content);
  }

  private static LocalKey ofEd25519(Bytes content) throws MalformedException {
    Der.Reader outer = new Der.Reader(content, "Ed25519 private key");
    Bytes seed = outer.take(Der.OCTET_STRING);
    outer.end();
    if (seed.size() != ED25519_SEED_SIZE) {
      throw outer.fault("the seed has %d bytes, expected 32".formatted(seed.size()));
    }
    return new LocalKey(ed25519Public(seed), content);
  }

  /// The JDK computes the public half only when it makes a key: so it makes one out of this seed,
  /// and the result is looked at before it is believed.
  private static VerifyingKey ed25519Public(Bytes seed) throws MalformedException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(KeyType.ED25519.factory());
      generator.initialize(255, GivenDice.of(Secret.of(seed.toArray())));
      KeyPair pair = generator.generateKeyPair();
      Bytes made = Bytes.owning(pair.getPrivate().getEncoded());
      if (!made.from(made.size() - ED25519_SEED_SIZE).equals(seed)) {
        throw new IllegalStateException("this JDK makes Ed25519 keys in a way we do not know");
      }
      return VerifyingKey.read(Bytes.owning(pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks Ed25519", e);
    }
  }

  public KeyType type() {
    return publicKey.type();
  }

  public VerifyingKey publicKey() {
    return publicKey;
  }

  /// The private key as PKCS#8 PEM, not encrypted: for the file it will live in, and nothing else.
  public String exposePem() {
    return pkcs8.expose(der -> Pem.write("PRIVATE KEY", Bytes.of(der)));
  }

  Secret pkcs8() {
    return pkcs8;
  }

  /// Signs with randomness from the caller: the nonce of ECDSA and the salt of PSS.
  public SigningKey signing(SecureRandom random) {
    return new InMemory(this, random);
  }

  /// The same for a process that signs a few times and ends: ECDSA without the warming up that the
  /// JDK needs for it, and without its promise that the time a signature takes says nothing about
  /// the key.
  public SigningKey signingAtOnce(SecureRandom random) {
    return secret()
        .<SigningKey>map(secret -> new CurveSigning(publicKey, secret, Optional.of(random)))
        .orElseGet(() -> signing(random));
  }

  /// Signs alike each time, so that builds reproduce: ECDSA by RFC 6979, and Ed25519, which knows
  /// no other way. Whoever can time the signatures to the microsecond may learn about the key.
  /// Nothing for RSA, whose salt is random.
  public Optional<SigningKey> signingDeterministically() {
    return switch (type()) {
      case ECDSA_P256, ECDSA_P384 ->
          secret().map(secret -> new CurveSigning(publicKey, secret, Optional.empty()));
      case ED25519 -> Optional.of(new InMemory(this, NO_DICE));
      case RSA_2048, RSA_3072 -> Optional.empty();
    };
  }

  /// For ECDSA only.
  private Optional<CurveSecret> secret() {
    return type().curve().map(curve -> new CurveSecret(curve, PrivateDer.scalar(this)));
  }

  private record InMemory(LocalKey key, SecureRandom random) implements SigningKey {
    @Override
    public VerifyingKey publicKey() {
      return key.publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
      try {
        Signature signer = VerifyingKey.signature(key.type());
        signer.initSign(key.toJdk(), random);
        signer.update(message.toBuffer());
        return Bytes.owning(signer.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the %s key cannot sign".formatted(key.type()), e);
      }
    }

    @Override
    public String toString() {
      return key.toString();
    }
  }

  private PrivateKey toJdk() throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance(type().factory());
    PKCS8EncodedKeySpec spec = pkcs8.expose(PKCS8EncodedKeySpec::new);
    return factory.generatePrivate(spec);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LocalKey that && pkcs8.equals(that.pkcs8);
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
