// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Certificate;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.suit.cose.KeyId;
import java.util.List;
import java.util.Optional;

/// Whether a key may speak for a role, as far as a root and the certificates at hand tell: a wrong
/// key is named before it signs what every device would refuse.
final class Voices {
  private Voices() {}

  static void require(Root root, Role role, KeyId id, List<Signed<Certificate>> certificates) {
    Optional<Role> own = root.key(id).flatMap(root::roleOf);
    if (own.isPresent()) {
      if (own.get() != role) {
        throw Failure.refused(
            "key %s has the role %s in root version %d, not %s"
                .formatted(id, own.get(), root.version(), role));
      }
      return;
    }
    boolean isDelegated =
        certificates.stream()
            .map(Signed::content)
            .anyMatch(
                certificate -> certificate.key().id().equals(id) && certificate.role() == role);
    if (!isDelegated) {
      throw Failure.refused("key %s is not in root version %d".formatted(id, root.version()))
          .hint("a key with a certificate needs that too: --certificate FILE");
    }
  }
}
