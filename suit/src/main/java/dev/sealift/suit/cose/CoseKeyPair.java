// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.GivenDice;
import dev.sealift.bytes.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;

/// A key pair in this process's memory: the simplest [CoseSigner]. Prints only its key id.
public final class CoseKeyPair implements CoseSigner {
  public static final int ML_DSA_SEED_BYTES = 32;

  private final CoseKey publicKey;
  private final PrivateKey privateKey;
  private final SecureRandom random;

  private CoseKeyPair(CoseKey publicKey, PrivateKey privateKey, SecureRandom random) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    this.random = random;
  }

  /// Both halves must belong together: a signature made here must verify there. `random` also
  /// serves the signatures to come.
  public static CoseKeyPair of(CoseKey publicKey, PrivateKey privateKey, SecureRandom random) {
    CoseKeyPair pair = new CoseKeyPair(publicKey, privateKey, random);
    Bytes probe = Bytes.ofUtf8("do the halves fit?");
    if (!SignatureCheck.isSignature(publicKey, probe, pair.sign(probe))) {
      throw new IllegalArgumentException(
          "the private key does not belong to public key " + publicKey.id());
    }
    return pair;
  }

  public static CoseKeyPair generate(CoseAlgorithm algorithm, SecureRandom random) {
    return generate(algorithm, random, random);
  }

  /// The ML-DSA-44 pair of a seed of 32 bytes: the seed is what is kept of such a key (RFC 9964,
  /// section 4), and the JDK's own form does not hold it. `random` serves the signatures.
  public static CoseKeyPair ofMlDsaSeed(Secret seed, SecureRandom random) {
    if (seed.size() != ML_DSA_SEED_BYTES) {
      throw new IllegalArgumentException(
          "an ML-DSA seed has %d bytes, not %d".formatted(ML_DSA_SEED_BYTES, seed.size()));
    }
    return generate(CoseAlgorithm.ML_DSA_44, GivenDice.of(seed), random);
  }

  private static CoseKeyPair generate(
      CoseAlgorithm algorithm, SecureRandom making, SecureRandom signing) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(generatorName(algorithm));
      generator.initialize(parameters(algorithm), making);
      KeyPair pair = generator.generateKeyPair();
      return new CoseKeyPair(
          CoseKey.of(pair.getPublic()).orElseThrow(), pair.getPrivate(), signing);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no keys for " + algorithm, e);
    }
  }

  public CoseKey publicKey() {
    return publicKey;
  }

  public PrivateKey privateKey() {
    return privateKey;
  }

  @Override
  public KeyId keyId() {
    return publicKey.id();
  }

  @Override
  public CoseAlgorithm algorithm() {
    return publicKey.algorithm();
  }

  @Override
  public Bytes sign(Bytes toBeSigned) {
    try {
      Signature signature = Signature.getInstance(algorithm().jdkName());
      signature.initSign(privateKey, random);
      signature.update(toBeSigned.toBuffer());
      return Bytes.owning(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with key " + keyId() + " failed", e);
    }
  }

  @Override
  public String toString() {
    return "key pair " + keyId();
  }

  private static String generatorName(CoseAlgorithm algorithm) {
    return switch (algorithm) {
      case ESP256 -> "EC";
      case ED25519 -> "Ed25519";
      case ML_DSA_44 -> "ML-DSA-44";
    };
  }

  private static AlgorithmParameterSpec parameters(CoseAlgorithm algorithm) {
    return switch (algorithm) {
      case ESP256 -> new ECGenParameterSpec("secp256r1");
      case ED25519 -> NamedParameterSpec.ED25519;
      case ML_DSA_44 -> NamedParameterSpec.ML_DSA_44;
    };
  }
}
