// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseSign;
import dev.sealift.suit.cose.CoseVerification;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keys that count on a device: those of its root, and those that the certificates of a bundle
/// add, as far as nobody has been told to distrust them. A certificate is looked at only when its
/// key has signed something. Counts the signatures it verifies.
final class Keyring {
  /// A key of the root may give its part to another, and that one once more.
  private static final int DELEGATIONS_MAX = 2;

  /// Who a key id belongs to.
  sealed interface Found {
    record Speaks(Voice voice) implements Found {}

    /// It did, and is not to be listened to any more.
    record Revoked(String why) implements Found {}

    record Unknown() implements Found {}
  }

  /// Who stands under an object, each once, and which signatures were passed over.
  record Heard(List<Voice> voices, List<String> revoked) {
    Heard {
      voices = List.copyOf(voices);
      revoked = List.copyOf(revoked);
    }
  }

  private final TrustState state;
  private final List<Signed<Certificate>> certificates;
  private final Checks checks;
  private final Map<KeyId, Found> found = new HashMap<>();
  private int verifications;

  Keyring(TrustState state, List<Signed<Certificate>> certificates, Checks checks) {
    this.state = state;
    this.certificates = List.copyOf(certificates);
    this.checks = checks;
  }

  int verifications() {
    return verifications;
  }

  void countVerification() {
    verifications++;
  }

  Root root() {
    return state.root();
  }

  /// What is known of a key; a certificate that it needs is verified here (R6).
  Found find(KeyId id) throws Refusing {
    return find(id, 0);
  }

  private Found find(KeyId id, int depth) throws Refusing {
    Found known = found.get(id);
    if (known != null) {
      return known;
    }
    Found fresh = look(id, depth);
    found.put(id, fresh);
    return fresh;
  }

  private Found look(KeyId id, int depth) throws Refusing {
    Optional<CoseKey> rooted = root().key(id);
    Optional<Role> role = rooted.flatMap(root()::roleOf);
    // T32: the freshness key says who is denied. Its thief must not lock out those who could
    // replace it, so the root's own keys are not its to deny.
    if (checks.make(Check.REVOCATION)
        && state.denied().contains(id)
        && !role.equals(Optional.of(Role.ROOT))) {
      return new Found.Revoked("key %s is denied".formatted(id));
    }
    if (rooted.isPresent()) {
      return role.<Found>map(
              given ->
                  new Found.Speaks(
                      new Voice(
                          rooted.get(),
                          given,
                          root().grant(given).flatMap(Root.Grant::scope).stream().toList(),
                          0)))
          .orElseGet(Found.Unknown::new);
    }
    for (Signed<Certificate> certificate : certificates) {
      if (certificate.content().key().id().equals(id)) {
        return certified(certificate, depth + 1);
      }
    }
    return new Found.Unknown();
  }

  private Found certified(Signed<Certificate> signed, int depth) throws Refusing {
    Certificate certificate = signed.content();
    // R28, T32: there is no clock to end a certificate by, so a beacon does.
    long newest = state.news().map(News::number).orElse(0L);
    if (checks.make(Check.REVOCATION) && newest > certificate.lastBeacon()) {
      return new Found.Revoked(
          "certificate %d ended with beacon %d, the newest is %d"
              .formatted(certificate.serial(), certificate.lastBeacon(), newest));
    }
    // R6, T31: no longer chain than people can follow, and no way around. The depth ends a cycle;
    // the count holds also where an issuer was known before.
    notTooLong(depth);
    Heard issuers = heard(signed, depth);
    int delegations =
        1 + issuers.voices().stream().mapToInt(Voice::delegations).reduce(0, Math::max);
    notTooLong(delegations);
    if (!issuers.revoked().isEmpty() && issuers.voices().isEmpty()) {
      return new Found.Revoked(issuers.revoked().getFirst());
    }
    if (checks.make(Check.DELEGATION)) {
      requireIssuers(certificate, issuers.voices());
    }
    List<Scope> scopes = new ArrayList<>();
    issuers.voices().forEach(issuer -> scopes.addAll(issuer.scopes()));
    scopes.add(certificate.scope());
    return new Found.Speaks(new Voice(certificate.key(), certificate.role(), scopes, delegations));
  }

  private void notTooLong(int delegations) throws Refusing {
    if (delegations > DELEGATIONS_MAX + (checks.make(Check.DELEGATION) ? 0 : DELEGATIONS_MAX)) {
      throw new Refusing(
          Refusal.R6, "a chain of more than %d delegations".formatted(DELEGATIONS_MAX));
    }
  }

  private void requireIssuers(Certificate certificate, List<Voice> issuers) throws Refusing {
    Set<Role> roles = new HashSet<>();
    issuers.forEach(issuer -> roles.add(issuer.role()));
    for (Role role : roles) {
      if (certificate.mayBeGivenBy(role)
          && root()
              .grant(role)
              .filter(grant -> Voice.count(issuers, role) >= grant.threshold())
              .isPresent()) {
        return;
      }
    }
    throw new Refusing(
        Refusal.R6,
        "certificate %d for the role %s is signed by %d keys of %s"
            .formatted(certificate.serial(), certificate.role(), issuers.size(), roles));
  }

  /// Who has signed an object. A signature that names a key that counts and is not by it refuses
  /// the whole (R3); one by nobody known counts for nothing.
  Heard heard(Signed<?> object) throws Refusing {
    return heard(object, 0);
  }

  private Heard heard(Signed<?> object, int depth) throws Refusing {
    List<Voice> voices = new ArrayList<>();
    List<String> revoked = new ArrayList<>();
    for (CoseSign.Signed signature : object.message().signatures()) {
      Optional<KeyId> id = Signed.keyId(signature.headers());
      if (id.isEmpty()) {
        continue;
      }
      switch (find(id.get(), depth)) {
        case Found.Unknown() -> {}
        case Found.Revoked(var why) -> revoked.add(why);
        case Found.Speaks(var voice) -> {
          if (!voices.contains(voice)) {
            verify(object, signature, voice.key());
            voices.add(voice);
          }
        }
      }
    }
    return new Heard(voices, revoked);
  }

  private void verify(Signed<?> object, CoseSign.Signed signature, CoseKey key) throws Refusing {
    if (!checks.make(Check.SIGNATURE)) {
      return;
    }
    verifications++;
    switch (object.verify(signature, key)) {
      case CoseVerification.Verified _ -> {}
      case CoseVerification.Refused(var reason, var detail) ->
          throw new Refusing(
              switch (reason) {
                case UNSUPPORTED -> Refusal.R2;
                case FOREIGN_ALGORITHM, BAD_SIGNATURE -> Refusal.R3;
              },
              object.content().kind() + ": " + detail);
    }
  }

  /// That enough keys of a role stand under an object: R3 where nobody known does, R28 where those
  /// who did are not to be listened to, R4 where they are too few.
  void require(Signed<?> object, Heard heard, Role role, long threshold) throws Refusing {
    if (!checks.make(Check.SIGNATURE)) {
      return;
    }
    long count = Voice.count(heard.voices(), role);
    if (count >= threshold) {
      return;
    }
    String what = object.content().kind().toString();
    if (!heard.revoked().isEmpty()) {
      throw new Refusing(Refusal.R28, what + ": " + heard.revoked().getFirst());
    }
    if (heard.voices().isEmpty()) {
      throw new Refusing(Refusal.R3, what + ": no known key has signed");
    }
    if (checks.make(Check.THRESHOLD)) {
      throw new Refusing(
          Refusal.R4, "%s: %s: %d of %d signatures".formatted(what, role, count, threshold));
    }
  }
}
