// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.Verdict.Refuse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The verdict over a session permit: whether the technician who brings it may have the effects it
/// names, on this device, for its nonce.
///
/// On the wire `{ 1: bstr(Session), ? 2: [+ bstr(Certificate)] }`.
public final class SessionCheck {
  /// With two certificates it has 520 bytes.
  public static final int BYTES_MAX = 1024;

  private static final int SESSION = 1;
  private static final int CERTIFICATES = 2;

  private SessionCheck() {}

  /// What a device says to a session permit, and how many signatures that took.
  public sealed interface Answer {
    int verifications();

    record Granted(Session session, int verifications) implements Answer {}

    record Refused(Refuse refuse, int verifications) implements Answer {}
  }

  public static Bytes encode(Signed<Session> session, List<Signed<Certificate>> certificates) {
    CborMap.Builder map = CborMap.builder().put(SESSION, session.encode());
    if (!certificates.isEmpty()) {
      map.put(
          CERTIFICATES,
          new CborList(
              certificates.stream()
                  .<CborItem>map(certificate -> new CborBytes(certificate.encode()))
                  .toList()));
    }
    return Cbor.deterministic(map.build());
  }

  public static Answer decide(Bytes message, DeviceFacts facts, TrustState state, Checks checks) {
    int verifications = 0;
    try {
      Brought brought = open(message, facts, checks);
      Keyring keyring = new Keyring(state, brought.certificates(), checks);
      try {
        requireOperator(brought.session(), keyring, facts, state, checks);
      } finally {
        verifications = keyring.verifications();
      }
      return new Answer.Granted(brought.session().content(), verifications);
    } catch (Refusing refusing) {
      return new Answer.Refused(refusing.refuse(), verifications);
    }
  }

  /// The steps that cost no signature, as for bundles (T50).
  public static Optional<Refuse> misfit(Bytes message, DeviceFacts facts, Checks checks) {
    try {
      open(message, facts, checks);
      return Optional.empty();
    } catch (Refusing refusing) {
      return Optional.of(refusing.refuse());
    }
  }

  private record Brought(Signed<Session> session, List<Signed<Certificate>> certificates) {}

  private static Brought open(Bytes message, DeviceFacts facts, Checks checks) throws Refusing {
    if (message.size() > BYTES_MAX) {
      throw new Refusing(
          Refusal.R1, "%d bytes, at most %d are taken".formatted(message.size(), BYTES_MAX));
    }
    Brought brought;
    try {
      CborFields fields = CborFields.of(Cbor.strict(message), "session message");
      fields.onlyKeys(SESSION, CERTIFICATES);
      List<Signed<Certificate>> certificates = new ArrayList<>();
      Optional<CborList> list = fields.optional(CborInt.of(CERTIFICATES), CborList.class);
      if (list.isPresent() && (list.get().size() == 0 || list.get().size() > 4)) {
        throw new MalformedException("%d certificates".formatted(list.get().size()), 0);
      }
      for (CborItem item : list.map(CborList::items).orElse(List.of())) {
        Bytes slice = CborFields.expect(item, CborBytes.class, "certificate").value();
        certificates.add(Signed.decode(slice, Certificate::decode));
      }
      brought = new Brought(Signed.decode(fields.bytes(SESSION), Session::decode), certificates);
    } catch (MalformedException e) {
      throw new Refusing(Refusal.R1, e.getMessage());
    }
    Session session = brought.session().content();
    // R10: for another device (T35, T66).
    if (checks.make(Check.TARGET) && !session.device().equals(facts.identity().device())) {
      throw new Refusing(
          Refusal.R10,
          "for device %s, this is %s".formatted(session.device(), facts.identity().device()));
    }
    // R17, R16: for a nonce that was given out, once, and not long ago (T35).
    if (checks.make(Check.NONCE)) {
      PermitCheck.ownNonce(session.nonce(), facts);
    }
    return brought;
  }

  /// R3, R4, R6, R28, and R11 where the operator stands for another deployment's devices.
  private static void requireOperator(
      Signed<Session> signed, Keyring keyring, DeviceFacts facts, TrustState state, Checks checks)
      throws Refusing {
    Keyring.Heard heard = keyring.heard(signed);
    int threshold = state.root().grant(Role.OPERATE).map(Root.Grant::threshold).orElse(1);
    keyring.require(signed, heard, Role.OPERATE, threshold);
    if (!checks.make(Check.SCOPE) || !checks.make(Check.SIGNATURE)) {
      return;
    }
    DeviceFacts.Identity own = facts.identity();
    // Enough of those whose scope it is; a signature more, by somebody else, does no harm.
    List<Voice> ofKind =
        heard.voices().stream()
            .filter(voice -> voice.role() == Role.OPERATE)
            .filter(
                voice ->
                    voice.covers(
                        scope ->
                            scope.isOfDevicesAlone()
                                && scope.coversKind(own.vendor(), own.deviceClass())))
            .toList();
    long enough = checks.make(Check.THRESHOLD) ? threshold : 1;
    if (ofKind.size() < enough) {
      throw new Refusing(Refusal.R5, "the operators may not speak for this device");
    }
    long here =
        ofKind.stream()
            .filter(voice -> voice.covers(scope -> scope.coversDeployment(own.deployment())))
            .count();
    if (here < enough) {
      throw new Refusing(Refusal.R11, "the operators are of another deployment");
    }
  }
}
