// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.bytes.cbor.CborText;
import java.util.ArrayList;
import java.util.List;

/// A message with its payload inside and any number of signatures (tag 98), each of which can be
/// added without touching the others. The message itself has no headers: what a signer says stands
/// in the headers of the signature. Decoding says nothing about the signatures; only [#verify]
/// does.
public record CoseSign(Bytes payload, List<Signed> signatures) {
  public static final int TAG = 98;

  /// More signatures than any threshold needs are refused.
  public static final int SIGNATURES_MAX = 16;

  private static final String CONTEXT = "Signature";

  /// One signature with what its signer says about it.
  public record Signed(CoseHeaders headers, Bytes signature) {}

  public CoseSign {
    signatures = List.copyOf(signatures);
  }

  public static CoseSign unsigned(Bytes payload) {
    return new CoseSign(payload, List.of());
  }

  /// The same message with one more signature.
  public CoseSign signedBy(CoseSigner signer, Bytes externalAad) {
    CoseHeaders headers = CoseHeaders.of(signer);
    List<Signed> more = new ArrayList<>(signatures);
    more.add(new Signed(headers, signer.sign(toBeSigned(headers, externalAad))));
    return new CoseSign(payload, more);
  }

  public static CoseSign decode(Bytes bytes) throws MalformedException {
    CborTag tag = CborFields.expect(Cbor.strict(bytes), CborTag.class, "COSE_Sign");
    if (tag.number() != TAG) {
      throw new MalformedException("tag %d, expected %d".formatted(tag.number(), TAG), 0);
    }
    CborList parts = CborFields.expect(tag.item(), CborList.class, "COSE_Sign");
    if (parts.size() != 4) {
      throw new MalformedException("COSE_Sign of %d parts".formatted(parts.size()), 0);
    }
    if (!parts.get(0).equals(new CborBytes(Bytes.EMPTY)) || !parts.get(1).equals(CborMap.EMPTY)) {
      throw new MalformedException("COSE_Sign with headers of its own", 0);
    }
    CborList list = CborFields.expect(parts.get(3), CborList.class, "signatures");
    if (list.size() > SIGNATURES_MAX) {
      throw new MalformedException("more than " + SIGNATURES_MAX + " signatures", 0);
    }
    List<Signed> signatures = new ArrayList<>();
    for (CborItem item : list.items()) {
      CborList signed = CborFields.expect(item, CborList.class, "signature");
      if (signed.size() != 3) {
        throw new MalformedException("signature of %d parts".formatted(signed.size()), 0);
      }
      signatures.add(
          new Signed(
              CoseHeaders.decode(signed.get(0), signed.get(1)),
              CborFields.expect(signed.get(2), CborBytes.class, "signature").value()));
    }
    return new CoseSign(
        CborFields.expect(parts.get(2), CborBytes.class, "payload").value(), signatures);
  }

  public Bytes encode() {
    List<CborItem> list = new ArrayList<>();
    for (Signed signed : signatures) {
      list.add(
          CborList.of(
              new CborBytes(signed.headers().protectedBytes()),
              signed.headers().unprotectedMap(),
              new CborBytes(signed.signature())));
    }
    return Cbor.deterministic(
        new CborTag(
            TAG,
            CborList.of(
                new CborBytes(Bytes.EMPTY),
                CborMap.EMPTY,
                new CborBytes(payload),
                new CborList(list))));
  }

  /// Whether this key made that signature over the payload.
  public CoseVerification verify(
      Signed signed, CoseKey key, Bytes externalAad, AlgorithmNames names) {
    return SignatureCheck.verify(
        signed.headers(),
        key,
        toBeSigned(signed.headers(), externalAad),
        signed.signature(),
        payload,
        names);
  }

  /// RFC 9052, section 4.4, with nothing in the headers of the body.
  private Bytes toBeSigned(CoseHeaders headers, Bytes externalAad) {
    return Cbor.deterministic(
        CborList.of(
            new CborText(CONTEXT),
            new CborBytes(Bytes.EMPTY),
            new CborBytes(headers.protectedBytes()),
            new CborBytes(externalAad),
            new CborBytes(payload)));
  }
}
