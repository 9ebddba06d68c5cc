// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.Authority;
import dev.sealift.suit.cose.CoseKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The root's policy as a SUIT authority: OR of ANDs of roles, each role with its threshold of
/// distinct keys.
record Quorum(Root root, Checks checks) implements Authority {

  /// Only keys that may stand on a manifest, and only by name: a block without key id would make
  /// the device try them all.
  @Override
  public List<CoseKey> candidates(Optional<Bytes> keyId) {
    return root.keys().stream()
        .filter(key -> keyId.isPresent() && key.id().value().equals(keyId.get()))
        .filter(key -> root.roleOf(key).map(Role::signsManifests).orElse(false))
        .toList();
  }

  @Override
  public Judgement judge(List<CoseKey> signers) {
    if (signers.isEmpty()) {
      return new Judgement.Wanting("no known key has signed");
    }
    if (!checks.make(Check.THRESHOLD) || !metClauses(signers).isEmpty()) {
      return new Judgement.Enough();
    }
    return new Judgement.Wanting(missing(signers));
  }

  /// The clauses of the policy that these signers fulfil.
  List<Set<Role>> metClauses(List<CoseKey> signers) {
    return root.policy().stream()
        .filter(clause -> clause.stream().allMatch(role -> isMet(role, signers)))
        .toList();
  }

  /// What each clause still lacks, as people say it.
  String missing(List<CoseKey> signers) {
    return root.policy().stream()
        .map(
            clause ->
                clause.stream()
                    .sorted()
                    .filter(role -> !isMet(role, signers))
                    .map(role -> wanting(role, signers))
                    .collect(Collectors.joining(" and ")))
        .collect(Collectors.joining(", or "));
  }

  private String wanting(Role role, List<CoseKey> signers) {
    return root.grant(role)
        .filter(_ -> role.signsManifests())
        .map(
            grant ->
                "%s: %d of %d signatures".formatted(role, count(role, signers), grant.threshold()))
        .orElse(role + ": an object of its own, which is not there");
  }

  private boolean isMet(Role role, List<CoseKey> signers) {
    return role.signsManifests()
        && root.grant(role).filter(grant -> count(role, signers) >= grant.threshold()).isPresent();
  }

  private int count(Role role, List<CoseKey> signers) {
    List<CoseKey> counted = new ArrayList<>();
    for (CoseKey signer : signers) {
      if (!counted.contains(signer) && root.roleOf(signer).equals(Optional.of(role))) {
        counted.add(signer);
      }
    }
    return counted.size();
  }
}
