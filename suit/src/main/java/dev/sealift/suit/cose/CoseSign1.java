// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.bytes.cbor.CborText;
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

  private CoseVerification verify(
      CoseKey key, Bytes content, Bytes externalAad, AlgorithmNames names) {
    return SignatureCheck.verify(
        headers, key, toBeSigned(headers, externalAad, content), signature, content, names);
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
}
