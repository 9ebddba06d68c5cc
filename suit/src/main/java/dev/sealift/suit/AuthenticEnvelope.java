// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.suit.cose.CoseKey;
import java.util.List;

/// An envelope for which enough of the right keys stand. Only [SuitEnvelope#authenticate] makes
/// one, so that who holds one need not ask again.
public final class AuthenticEnvelope {
  private final SuitEnvelope envelope;
  private final List<CoseKey> signers;

  AuthenticEnvelope(SuitEnvelope envelope, List<CoseKey> signers) {
    this.envelope = envelope;
    this.signers = List.copyOf(signers);
  }

  public SuitEnvelope envelope() {
    return envelope;
  }

  /// The keys whose signature holds, each once, in the order of their blocks.
  public List<CoseKey> signers() {
    return signers;
  }

  /// The manifest, parsed only now.
  public SuitOutcome<SuitManifest> manifest() {
    return envelope.inspect();
  }
}
