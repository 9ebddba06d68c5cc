// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.key.VerifyingKey;
import java.util.List;

/// An image that passed every check. Only [ImageVerifier] makes one: who holds it need not ask
/// again.
public final class VerifiedImage {
  private final Bytes file;
  private final Image image;
  private final Bytes digest;
  private final List<VerifyingKey> signers;

  VerifiedImage(Bytes file, Image image, Bytes digest, List<VerifyingKey> signers) {
    this.file = file;
    this.image = image;
    this.digest = digest;
    this.signers = List.copyOf(signers);
  }

  /// The bytes that were verified.
  public Bytes file() {
    return file;
  }

  public Image image() {
    return image;
  }

  /// Computed, and equal to the one the image carries.
  public Bytes digest() {
    return digest;
  }

  public ImageVersion version() {
    return image.version();
  }

  /// The trusted keys that signed it; none when trust was in the hash alone.
  public List<VerifyingKey> signers() {
    return signers;
  }

  @Override
  public String toString() {
    return "verified image %s %s".formatted(version(), digest);
  }
}
