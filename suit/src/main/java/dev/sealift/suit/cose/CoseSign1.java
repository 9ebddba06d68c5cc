// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.bytes.cbor.CborText;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Optional;

/// A message with one signature (tag 18). Decoding says nothing about the signature; only
/// [#verifyDetached] and [#verifyAttached] do.
public record CoseSign1(CoseHeaders headers, Optional<Bytes> payload, Bytes signature) {
  public static final int TAG = 18;

  private static final String CONTEXT = "Signature1";

  /// Signs a payload that travels elsewhere.
  public static CoseSign1 signDetached(CoseSigner signer, Bytes payload, Bytes externalAad) {
    CoseHeaders headers = CoseHeaders.of(signer);
    return new CoseSign1(
        headers, Optional.empty(), signer.sign(toBeSigned(headers, externalAad, payload)));
  }

  /// Signs a payload that travels inside.
  public static CoseSign1 signAttached(CoseSigner signer, Bytes payload, Bytes externalAad) {
    CoseSign1 detached = signDetached(signer, payload, externalAad);
    return new CoseSign1(detached.headers, Optional.of(payload), detached.signature);
  }

  public static CoseSign1 decode(Bytes bytes) throws MalformedException {
    return fromCbor(Cbor.strict(bytes));
  }

  public static CoseSign1 fromCbor(CborItem item) throws MalformedException {
    CborTag tag = CborFields.expect(item, CborTag.class, "COSE_Sign1");
    if (tag.number() != TAG) {
      throw new MalformedException("tag %d, expected %d".formatted(tag.number(), TAG), 0);
    }
    CborList parts = CborFields.expect(tag.item(), CborList.class, "COSE_Sign1");
    if (parts.size() != 4) {
      throw new MalformedException("COSE_Sign1 of %d parts".formatted(parts.size()), 0);
    }
    return new CoseSign1(
        CoseHeaders.decode(parts.get(0), parts.get(1)),
        switch (parts.get(2)) {
          case CborBytes(var payload) -> Optional.of(payload);
          case CborNull _ -> Optional.empty();
          case CborItem other -> throw new MalformedException("payload is a " + other.kind(), 0);
        },
        CborFields.expect(parts.get(3), CborBytes.class, "signature").value());
  }

  public CborItem toCbor() {
    return new CborTag(
        TAG,
        CborList.of(
            new CborBytes(headers.protectedBytes()),
            headers.unprotectedMap(),
            payload.<CborItem>map(CborBytes::new).orElseGet(CborNull::new),
            new CborBytes(signature)));
  }

  public Bytes encode() {
    return Cbor.deterministic(toCbor());
  }

  /// Refuses a message that carries a payload: what it says and what was asked could differ.
  public CoseVerification verifyDetached(
      CoseKey key, Bytes detached, Bytes externalAad, AlgorithmNames names) {
    if (payload.isPresent()) {
      return unsupported("the payload is inside, expected it detached");
    }
    return verify(key, detached, externalAad, names);
  }

  public CoseVerification verifyAttached(CoseKey key, Bytes externalAad, AlgorithmNames names) {
    if (payload.isEmpty()) {
      return unsupported("the payload is detached, expected it inside");
    }
    return verify(key, payload.get(), externalAad, names);
  }

  /// What is wrong with the message whoever signed it.
  private Optional<CoseVerification.Refused> unsupportedForm(AlgorithmNames names) {
    Optional<String> critical = headers.criticalUnknown();
    if (critical.isPresent()) {
      return Optional.of(unsupported(critical.get()));
    }
    if (headers.algorithm().isEmpty()) {
      return Optional.of(unsupported("no algorithm in the protected header"));
    }
    return algorithm(names).isPresent()
        ? Optional.empty()
        : Optional.of(unsupported("the algorithm is not known here"));
  }

  private CoseVerification verify(
      CoseKey key, Bytes content, Bytes externalAad, AlgorithmNames names) {
    Optional<CoseVerification.Refused> unsupported = unsupportedForm(names);
    if (unsupported.isPresent()) {
      return unsupported.get();
    }
    if (algorithm(names).orElseThrow() != key.algorithm()) {
      return new CoseVerification.Refused(
          CoseVerification.Reason.FOREIGN_ALGORITHM,
          "key %s signs with %s alone".formatted(key.id(), key.algorithm()));
    }
    return isSignature(key, toBeSigned(headers, externalAad, content), signature)
        ? new CoseVerification.Verified(key, content)
        : new CoseVerification.Refused(
            CoseVerification.Reason.BAD_SIGNATURE, "the signature is not one by key " + key.id());
  }

  private Optional<CoseAlgorithm> algorithm(AlgorithmNames names) {
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

  private static Bytes toBeSigned(CoseHeaders headers, Bytes externalAad, Bytes content) {
    return Cbor.deterministic(
        CborList.of(
            new CborText(CONTEXT),
            new CborBytes(headers.protectedBytes()),
            new CborBytes(externalAad),
            new CborBytes(content)));
  }

  /// The bare mathematics; outside this package only [CoseVerification] is to be had.
  static boolean isSignature(CoseKey key, Bytes toBeSigned, Bytes signature) {
    if (signature.size() != key.algorithm().signatureBytes()) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(key.algorithm().jdkName());
      verifier.initVerify(key.toJdk());
      verifier.update(toBeSigned.toBuffer());
      return verifier.verify(signature.toArray());
    } catch (java.security.SignatureException _) {
      // The JDK's way to say that these bytes can be no signature at all.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK does not verify " + key.algorithm(), e);
    }
  }
}
