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
import dev.sealift.bytes.cbor.CborMap;
import java.util.Optional;

/// The two header maps of a message (RFC 9052, section 3). `protectedBytes` is what was received
/// and signed, and stays so.
public record CoseHeaders(Bytes protectedBytes, CborMap protectedMap, CborMap unprotectedMap) {
  static final int ALGORITHM = 1;
  static final int CRITICAL = 2;
  static final int KEY_ID = 4;

  /// What a signer of ours writes: algorithm and key id, both protected.
  static CoseHeaders of(CoseSigner signer) {
    CborMap map =
        CborMap.builder()
            .put(ALGORITHM, signer.algorithm().id())
            .put(KEY_ID, signer.keyId().value())
            .build();
    return new CoseHeaders(Cbor.deterministic(map), map, CborMap.EMPTY);
  }

  static CoseHeaders decode(CborItem protectedItem, CborItem unprotectedItem)
      throws MalformedException {
    Bytes raw = CborFields.expect(protectedItem, CborBytes.class, "protected header").value();
    CborMap unprotected = CborFields.expect(unprotectedItem, CborMap.class, "unprotected header");
    CborMap decoded =
        raw.isEmpty()
            ? CborMap.EMPTY
            : CborFields.expect(Cbor.strict(raw), CborMap.class, "protected header");
    for (CborItem label : decoded.entries().keySet()) {
      if (unprotected.entries().containsKey(label)) {
        throw new MalformedException("a header is both protected and unprotected", 0);
      }
    }
    return new CoseHeaders(raw, decoded, unprotected);
  }

  /// The algorithm's number, only if it is protected.
  Optional<CborItem> algorithm() {
    return protectedMap.get(ALGORITHM);
  }

  /// Where to look for the key. Either map will do: a lie here finds a key that does not verify.
  public Optional<Bytes> keyId() {
    return protectedMap
        .get(KEY_ID)
        .or(() -> unprotectedMap.get(KEY_ID))
        .map(item -> item instanceof CborBytes(var id) ? id : Bytes.EMPTY);
  }

  /// A critical header that is not understood here, or is badly said (RFC 9052, 3.1): refuse.
  Optional<String> criticalUnknown() {
    Optional<CborItem> critical = protectedMap.get(CRITICAL).or(() -> unprotectedMap.get(CRITICAL));
    if (critical.isEmpty()) {
      return Optional.empty();
    }
    if (!(critical.get() instanceof CborList(var labels)) || labels.isEmpty()) {
      return Optional.of("crit is no list of labels");
    }
    if (unprotectedMap.get(CRITICAL).isPresent()) {
      return Optional.of("crit is not protected");
    }
    for (CborItem label : labels) {
      boolean known =
          label.equals(CborInt.of(ALGORITHM))
              || label.equals(CborInt.of(CRITICAL))
              || label.equals(CborInt.of(KEY_ID));
      if (!known || protectedMap.get(label).isEmpty()) {
        return Optional.of("crit names a header that is not understood or not there");
      }
    }
    return Optional.empty();
  }
}
