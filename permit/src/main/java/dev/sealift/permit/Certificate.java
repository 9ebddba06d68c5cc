// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.cose.CoseKey;

/// Gives a key a part in a role: whoever has the role, or stands above it, lets another key speak
/// for a scope until beacon number `lastBeacon`, as there is no clock to end it by (T32).
///
/// `{ 1: role, 2: COSE_Key, 3: Scope, 4: last beacon number, 5: serial }`
public record Certificate(Role role, CoseKey key, Scope scope, long lastBeacon, long serial)
    implements SignedObject {
  private static final int ROLE = 1;
  private static final int KEY = 2;
  private static final int SCOPE = 3;
  private static final int LAST_BEACON = 4;
  private static final int SERIAL = 5;

  public Certificate {
    if (role == Role.ROOT) {
      throw new IllegalArgumentException("the root's role cannot be delegated");
    }
    Beacon.requireUnsigned("last beacon", lastBeacon);
    Beacon.requireUnsigned("serial", serial);
  }

  @Override
  public SignedKind kind() {
    return SignedKind.CERTIFICATE;
  }

  @Override
  public Bytes encode() {
    return Cbor.deterministic(
        CborMap.builder()
            .put(ROLE, role.id())
            .put(KEY, key.toCbor())
            .put(SCOPE, scope.toCbor())
            .put(LAST_BEACON, lastBeacon)
            .put(SERIAL, serial)
            .build());
  }

  public static Certificate decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "certificate");
    fields.onlyKeys(ROLE, KEY, SCOPE, LAST_BEACON, SERIAL);
    Role role = Root.role(fields.required(CborInt.of(ROLE)));
    if (role == Role.ROOT) {
      throw new MalformedException("a certificate for the root's role", 0);
    }
    return new Certificate(
        role,
        CoseKey.fromCbor(fields.required(CborInt.of(KEY))),
        Scope.fromCbor(fields.required(CborInt.of(SCOPE))),
        Beacon.unsigned(fields, LAST_BEACON, "last beacon"),
        Beacon.unsigned(fields, SERIAL, "serial"));
  }

  /// Whether a key of `issuer` may give this role away: its own, or as root any, or as operator
  /// the one of the people on the spot.
  public boolean mayBeGivenBy(Role issuer) {
    return issuer == role
        || issuer == Role.ROOT
        || (issuer == Role.APPROVE && role == Role.OPERATE);
  }
}
