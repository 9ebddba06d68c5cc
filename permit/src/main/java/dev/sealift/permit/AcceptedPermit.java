// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.KeyId;
import java.util.List;

/// A permit that passed every check. Only [PermitCheck] makes one, so that whoever holds one need
/// not ask again; every byte of an image is judged against it.
public final class AcceptedPermit {
  private final Release release;
  private final SuitDigest manifestDigest;
  private final Bytes bundle;
  private final List<KeyId> signers;

  AcceptedPermit(Release release, SuitDigest manifestDigest, Bytes bundle, List<KeyId> signers) {
    this.release = release;
    this.manifestDigest = manifestDigest;
    this.bundle = bundle;
    this.signers = List.copyOf(signers);
  }

  public Release release() {
    return release;
  }

  /// By which the release is named everywhere.
  public SuitDigest manifestDigest() {
    return manifestDigest;
  }

  /// As it came, to be stored and passed on.
  public Bytes bundle() {
    return bundle;
  }

  public List<KeyId> signers() {
    return signers;
  }

  public ReleaseMark mark() {
    return new ReleaseMark(release.sequence(), manifestDigest);
  }

  @Override
  public String toString() {
    return "permit for %s, sequence %s, component %d"
        .formatted(release.version(), release.sequence(), release.component());
  }
}
