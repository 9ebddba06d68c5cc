// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.Authority;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The root's policy as a SUIT authority: OR of ANDs of roles, each role with its threshold of
/// distinct keys. What an operator has to say stands in an object of its own and is judged after
/// the manifest; here it counts as said.
record Quorum(Keyring keyring, Map<KeyId, Voice> voices, Checks checks) implements Authority {

  /// Only keys that may stand on a manifest, and only by name: a block without key id would make
  /// the device try them all.
  @Override
  public List<CoseKey> candidates(Optional<dev.sealift.bytes.Bytes> keyId) {
    Optional<Voice> voice =
        keyId
            .filter(id -> id.size() == KeyId.SIZE)
            .map(id -> voices.get(new KeyId(id)))
            .filter(known -> known.role().signsManifests());
    if (voice.isPresent()) {
      keyring.countVerification();
    }
    return voice.map(Voice::key).stream().toList();
  }

  @Override
  public Judgement judge(List<CoseKey> signers) {
    if (signers.isEmpty()) {
      return new Judgement.Wanting("no known key has signed");
    }
    List<Voice> heard = of(signers);
    return !checks.make(Check.THRESHOLD) || !metClauses(heard).isEmpty()
        ? new Judgement.Enough()
        : new Judgement.Wanting(missing(heard));
  }

  List<Voice> of(List<CoseKey> signers) {
    List<Voice> heard = new ArrayList<>();
    for (CoseKey signer : signers) {
      Voice voice = voices.get(signer.id());
      if (voice != null && !heard.contains(voice)) {
        heard.add(voice);
      }
    }
    return heard;
  }

  /// The clauses of the policy whose signatures on the manifest are there.
  List<Set<Role>> metClauses(List<Voice> heard) {
    return clauses(keyring.root(), heard);
  }

  static List<Set<Role>> clauses(Root root, List<Voice> heard) {
    return root.policy().stream()
        .filter(
            clause ->
                clause.stream()
                    .filter(Role::signsManifests)
                    .allMatch(role -> isMet(root, role, heard)))
        .toList();
  }

  private String missing(List<Voice> heard) {
    return missing(keyring.root(), heard, Optional::of);
  }

  /// What each clause still lacks, as people say it; `unsaid` names what is not a signature on the
  /// manifest, where it is lacking.
  static String missing(Root root, List<Voice> heard, Function<Role, Optional<Role>> unsaid) {
    return root.policy().stream()
        .map(
            clause ->
                clause.stream()
                    .sorted()
                    .filter(
                        role ->
                            role.signsManifests()
                                ? !isMet(root, role, heard)
                                : unsaid.apply(role).isPresent())
                    .map(role -> wanting(root, role, heard))
                    .collect(Collectors.joining(" and ")))
        .collect(Collectors.joining(", or "));
  }

  private static String wanting(Root root, Role role, List<Voice> heard) {
    return root.grant(role)
        .filter(_ -> role.signsManifests())
        .map(
            grant ->
                "%s: %d of %d signatures"
                    .formatted(role, Voice.count(heard, role), grant.threshold()))
        .orElse(role + ": an endorsement");
  }

  private static boolean isMet(Root root, Role role, List<Voice> heard) {
    return root.grant(role)
        .filter(grant -> Voice.count(heard, role) >= grant.threshold())
        .isPresent();
  }
}
