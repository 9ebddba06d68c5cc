// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;
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
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(generatorName(algorithm));
      generator.initialize(parameters(algorithm), random);
      KeyPair pair = generator.generateKeyPair();
      return new CoseKeyPair(CoseKey.of(pair.getPublic()).orElseThrow(), pair.getPrivate(), random);
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
    };
  }

  private static AlgorithmParameterSpec parameters(CoseAlgorithm algorithm) {
    return switch (algorithm) {
      case ESP256 -> new ECGenParameterSpec("secp256r1");
      case ED25519 -> NamedParameterSpec.ED25519;
    };
  }
}
