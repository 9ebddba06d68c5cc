// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.ReleaseFile;
import java.util.Optional;

/// What is sent in an update: an image, and where there is one the release that permits it.
public record UpdateMaterial(Bytes image, Bytes imageHash, Optional<Sealed> release) {
  /// A release: its bundle as it travels, the block table, and the digest that names it.
  public record Sealed(Bytes bundle, Bytes table, Bytes digest) {}

  public static UpdateMaterial of(ReleaseFile file, Bytes imageHash, Bytes manifestDigest) {
    return new UpdateMaterial(
        file.image(),
        imageHash,
        Optional.of(new Sealed(file.bundle().encode(), file.table().digests(), manifestDigest)));
  }

  public Wanted wanted(Wanted.Ending ending) {
    return new Wanted(imageHash, release.map(Sealed::digest), ending);
  }
}
