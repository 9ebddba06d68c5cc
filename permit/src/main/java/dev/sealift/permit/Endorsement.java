// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.SuitDigest;
import java.util.Optional;

/// An operator's word on one release: for which devices of a deployment, from when until when, and
/// when it may begin to run there. Times are seconds since 1970.
///
/// ```
/// { 1: manifest digest, 2: deployment, 3: Targets, ? 4: not before, ? 5: not after, 6: serial,
///   ? 7: activation rule }
/// ```
///
/// `not after` ends the endorsement. `not before` holds back running, not staging: a device may
/// take the bytes ahead of the day.
public record Endorsement(
    SuitDigest manifest,
    DeploymentId deployment,
    Targets targets,
    Optional<Long> notBefore,
    Optional<Long> notAfter,
    long serial,
    ActivationRule activation)
    implements SignedObject {
  private static final int MANIFEST = 1;
  private static final int DEPLOYMENT = 2;
  private static final int TARGETS = 3;
  private static final int NOT_BEFORE = 4;
  private static final int NOT_AFTER = 5;
  private static final int SERIAL = 6;
  private static final int ACTIVATION = 7;

  private static final ActivationRule AT_ONCE = new ActivationRule.AtOnce();

  public Endorsement {
    if (manifest.algorithm() != SuitDigest.Algorithm.SHA_256) {
      throw new IllegalArgumentException("a manifest is named by SHA-256");
    }
    notBefore.ifPresent(time -> Beacon.requireUnsigned("not before", time));
    notAfter.ifPresent(time -> Beacon.requireUnsigned("not after", time));
    Beacon.requireUnsigned("serial", serial);
  }

  @Override
  public SignedKind kind() {
    return SignedKind.ENDORSEMENT;
  }

  @Override
  public Bytes encode() {
    CborMap.Builder map =
        CborMap.builder()
            .put(MANIFEST, manifest.value())
            .put(DEPLOYMENT, deployment.bytes())
            .put(TARGETS, targets.toCbor());
    notBefore.ifPresent(time -> map.put(NOT_BEFORE, time));
    notAfter.ifPresent(time -> map.put(NOT_AFTER, time));
    map.put(SERIAL, serial);
    if (!activation.equals(AT_ONCE)) {
      map.put(ACTIVATION, activation.toCbor());
    }
    return Cbor.deterministic(map.build());
  }

  public static Endorsement decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "endorsement");
    fields.onlyKeys(MANIFEST, DEPLOYMENT, TARGETS, NOT_BEFORE, NOT_AFTER, SERIAL, ACTIVATION);
    Optional<CborItem> activation = fields.item(CborInt.of(ACTIVATION));
    return new Endorsement(
        Beacon.sha256(fields.bytes(MANIFEST)),
        new DeploymentId(Scope.id(fields.required(CborInt.of(DEPLOYMENT)))),
        Targets.fromCbor(fields.required(CborInt.of(TARGETS))),
        Beacon.optionalUnsigned(fields, NOT_BEFORE, "not before"),
        Beacon.optionalUnsigned(fields, NOT_AFTER, "not after"),
        Beacon.unsigned(fields, SERIAL, "serial"),
        activation.isEmpty() ? AT_ONCE : ActivationRule.fromCbor(activation.get()));
  }
}
