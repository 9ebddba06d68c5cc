// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitVersion;

/// What a release is: for whose devices, which place, which bytes. The same facts in either form,
/// value or manifest; [#manifest] writes the one manifest there is for them.
public record Release(
    VendorId vendor,
    ClassId deviceClass,
    SequenceNumber sequence,
    SuitVersion version,
    int component,
    long size,
    SuitDigest fileDigest,
    SuitDigest imageHash,
    long securityCounter,
    SuitDigest tableDigest) {

  public static final int COMPONENT_MAX = 0xff;
  public static final long SIZE_MAX = 0xffff_ffffL;
  public static final long SECURITY_COUNTER_MAX = 0xffff_ffffL;

  public Release {
    requireRange("component", component, 0, COMPONENT_MAX);
    requireRange("size", size, 1, SIZE_MAX);
    requireRange("security counter", securityCounter, 0, SECURITY_COUNTER_MAX);
    requireSha256("file digest", fileDigest);
    requireSha256("table digest", tableDigest);
  }

  /// Whose devices, which of them, which place on them, and where the release stands among others.
  public record Target(
      VendorId vendor, ClassId deviceClass, int component, SequenceNumber sequence) {}

  /// What the MCUboot image says of itself.
  public record ImageFacts(SuitDigest hash, long securityCounter, SuitVersion version) {}

  /// The release of exactly these bytes.
  public static Release of(Bytes image, ImageFacts facts, Target target) {
    return new Release(
        target.vendor(),
        target.deviceClass(),
        target.sequence(),
        facts.version(),
        target.component(),
        image.size(),
        SuitDigest.of(image),
        facts.hash(),
        facts.securityCounter(),
        SuitDigest.of(BlockTable.of(image).digests()));
  }

  public long tableSize() {
    return BlockTable.size(size);
  }

  public SuitManifest manifest() {
    return ManifestProfile.manifest(this);
  }

  /// The agent computes these two; the image hash is the bootloader's, by the algorithm it uses.
  private static void requireSha256(String what, SuitDigest digest) {
    if (digest.algorithm() != SuitDigest.Algorithm.SHA_256) {
      throw new IllegalArgumentException(
          "%s by %s, not SHA-256".formatted(what, digest.algorithm()));
    }
  }

  private static void requireRange(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException("%s is %d, not %d to %d".formatted(what, value, min, max));
    }
  }
}
