// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.keys.PublicHalf;
import dev.sealift.suit.cose.CoseKey;
import java.nio.file.Path;

/// Key files in the form that permits use.
final class CoseKeys {
  private CoseKeys() {}

  static CoseKey readPublic(Path file) {
    PublicHalf key = Keys.readPublicHalf(file, Keys.NO_PASSWORD);
    return key.forPermits()
        .orElseThrow(
            () ->
                Failure.refused(
                        "%s holds a key of type %s; permits are signed with ecdsa-p256, ed25519 or ml-dsa-44"
                            .formatted(file, key.type()))
                    .hint("make one with 'sealift key new --type ecdsa-p256 FILE'"));
  }
}
