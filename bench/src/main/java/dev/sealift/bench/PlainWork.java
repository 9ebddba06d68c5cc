// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import dev.sealift.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/// What the yardsticks are made of: the JDK's own work over some bytes, with nothing around it. The
/// key is at hand and nothing is read or written.
final class PlainWork {
  private final byte[] content;
  private final byte[] target;
  private final KeyPair keys;
  private final byte[] signature;
  private final SecureRandom random;

  PlainWork(Bytes content, SecureRandom random) {
    this.content = content.toArray();
    this.target = new byte[content.size()];
    this.random = random;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      this.keys = generator.generateKeyPair();
      this.signature = sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks P-256", e);
    }
  }

  /// One SHA-256 and one signature made.
  Object hashAndSign() {
    try {
      return sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One SHA-256 and one signature checked.
  Object hashAndCheck() {
    try {
      Signature verifier = Signature.getInstance("NONEwithECDSA");
      verifier.initVerify(keys.getPublic());
      verifier.update(sha256());
      if (!verifier.verify(signature)) {
        throw new IllegalStateException("our own signature is refused");
      }
      return verifier;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Object copy() {
    System.arraycopy(content, 0, target, 0, content.length);
    return target;
  }

  private byte[] sign() throws GeneralSecurityException {
    Signature signer = Signature.getInstance("NONEwithECDSA");
    signer.initSign(keys.getPrivate(), random);
    signer.update(sha256());
    return signer.sign();
  }

  private byte[] sha256() throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(content);
  }
}
