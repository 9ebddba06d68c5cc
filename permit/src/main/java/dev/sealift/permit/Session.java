// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.SuitDigest;
import java.util.Optional;
import java.util.Set;

/// What a technician may do to one device for a few minutes. It names effects, not a connection:
/// relayed or overheard it gives nobody more than what it says (T66).
///
/// `{ 1: device, 2: nonce, 3: action bits, ? 4: manifest digest, 5: seconds }`
public record Session(
    DeviceId device, Bytes nonce, Set<Action> actions, Optional<SuitDigest> manifest, long seconds)
    implements SignedObject {
  /// An hour: longer work asks again.
  public static final long SECONDS_MAX = 3600;

  private static final int DEVICE = 1;
  private static final int NONCE = 2;
  private static final int ACTIONS = 3;
  private static final int MANIFEST = 4;
  private static final int SECONDS = 5;

  public Session {
    actions = Set.copyOf(actions);
    if (nonce.size() != Beacon.NONCE_BYTES) {
      throw new IllegalArgumentException("a nonce has %d bytes".formatted(Beacon.NONCE_BYTES));
    }
    if (actions.isEmpty() || seconds < 1 || seconds > SECONDS_MAX) {
      throw new IllegalArgumentException(
          "a session of %d seconds for %s".formatted(seconds, actions));
    }
  }

  @Override
  public SignedKind kind() {
    return SignedKind.SESSION;
  }

  @Override
  public Bytes encode() {
    CborMap.Builder map =
        CborMap.builder()
            .put(DEVICE, device.bytes())
            .put(NONCE, nonce)
            .put(ACTIONS, Action.bits(actions));
    manifest.ifPresent(digest -> map.put(MANIFEST, digest.value()));
    return Cbor.deterministic(map.put(SECONDS, seconds).build());
  }

  public static Session decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "session permit");
    fields.onlyKeys(DEVICE, NONCE, ACTIONS, MANIFEST, SECONDS);
    long bits = Beacon.unsigned(fields, ACTIONS, "action bits");
    Optional<Set<Action>> actions = Action.ofBits(bits);
    if (actions.isEmpty()) {
      throw new MalformedException("action bits 0x%x".formatted(bits), 0);
    }
    Optional<Bytes> manifest = fields.optionalBytes(MANIFEST);
    try {
      return new Session(
          new DeviceId(Scope.id(fields.required(CborInt.of(DEVICE)))),
          fields.bytes(NONCE),
          actions.get(),
          manifest.isEmpty() ? Optional.empty() : Optional.of(Beacon.sha256(manifest.get())),
          Beacon.unsigned(fields, SECONDS, "seconds"));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("session permit: " + e.getMessage(), 0, e);
    }
  }
}
