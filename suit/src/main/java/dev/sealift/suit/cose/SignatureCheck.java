// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborInt;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;

/// One signature under one set of headers, as COSE_Sign1 and COSE_Sign both have it.
final class SignatureCheck {
  private SignatureCheck() {}

  /// `content` is what the signature is for, and comes back with the key where it holds.
  static CoseVerification verify(
      CoseHeaders headers,
      CoseKey key,
      Bytes toBeSigned,
      Bytes signature,
      Bytes content,
      AlgorithmNames names) {
    Optional<String> critical = headers.criticalUnknown();
    if (critical.isPresent()) {
      return unsupported(critical.get());
    }
    if (headers.algorithm().isEmpty()) {
      return unsupported("no algorithm in the protected header");
    }
    Optional<CoseAlgorithm> algorithm = algorithm(headers, names);
    if (algorithm.isEmpty()) {
      return unsupported("the algorithm is not known here");
    }
    if (algorithm.get() != key.algorithm()) {
      return new CoseVerification.Refused(
          CoseVerification.Reason.FOREIGN_ALGORITHM,
          "key %s signs with %s alone".formatted(key.id(), key.algorithm()));
    }
    return isSignature(key, toBeSigned, signature)
        ? new CoseVerification.Verified(key, content)
        : new CoseVerification.Refused(
            CoseVerification.Reason.BAD_SIGNATURE, "the signature is not one by key " + key.id());
  }

  private static Optional<CoseAlgorithm> algorithm(CoseHeaders headers, AlgorithmNames names) {
    return headers
        .algorithm()
        .flatMap(
            item ->
                item instanceof CborInt number && number.isLong()
                    ? CoseAlgorithm.named(number.toLong(), names)
                    : Optional.empty());
  }

  private static CoseVerification.Refused unsupported(String detail) {
    return new CoseVerification.Refused(CoseVerification.Reason.UNSUPPORTED, detail);
  }

  /// The bare mathematics; outside this package only [CoseVerification] is to be had.
  static boolean isSignature(CoseKey key, Bytes toBeSigned, Bytes signature) {
    if (signature.size() != key.algorithm().signatureBytes()) {
      return false;
    }
    return switch (key) {
      case CoseKey.P256(var point) -> {
        int half = signature.size() / 2;
        yield point.hasSigned(
            toBeSigned.sha256(), number(signature.first(half)), number(signature.from(half)));
      }
      case CoseKey.Ed25519 edwards ->
          edwards.point().filter(point -> point.hasSigned(toBeSigned, signature)).isPresent();
      case CoseKey.MlDsa44 mlDsa -> isMlDsa(mlDsa, toBeSigned, signature);
    };
  }

  private static BigInteger number(Bytes bytes) {
    return new BigInteger(1, bytes.toArray());
  }

  private static boolean isMlDsa(CoseKey.MlDsa44 key, Bytes toBeSigned, Bytes signature) {
    try {
      Signature verifier = Signature.getInstance(key.algorithm().jdkName());
      verifier.initVerify(key.toJdk());
      verifier.update(toBeSigned.toBuffer());
      return verifier.verify(signature.toArray());
    } catch (SignatureException _) {
      // The JDK's way to say that these bytes can be no signature at all.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK does not verify " + key.algorithm(), e);
    }
  }
}
