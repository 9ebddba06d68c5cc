// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitVersion;
import java.util.List;

/// What a release is: for whose devices, and which bytes in which places. The same facts in either
/// form, value or manifest; [#manifest] writes the one manifest there is for them.
public record Release(
    VendorId vendor,
    ClassId deviceClass,
    SequenceNumber sequence,
    SuitVersion version,
    List<Part> parts) {

  /// A device with more cores or variants than this has no permit.
  public static final int PARTS_MAX = 8;

  public static final long SIZE_MAX = 0xffff_ffffL;
  public static final long SECURITY_COUNTER_MAX = 0xffff_ffffL;

  /// One file of the release, as it is carried, and the place it belongs to. `size` is in bytes;
  /// the image hash is MCUboot's, over header, payload and protected TLVs.
  public record Part(
      Place place,
      long size,
      SuitDigest fileDigest,
      SuitDigest imageHash,
      long securityCounter,
      SuitDigest tableDigest) {
    public Part {
      requireRange("size", size, 1, SIZE_MAX);
      requireRange("security counter", securityCounter, 0, SECURITY_COUNTER_MAX);
      requireSha256("file digest", fileDigest);
      requireSha256("table digest", tableDigest);
    }

    /// The part that is exactly these bytes.
    public static Part of(Place place, Bytes image, SuitDigest imageHash, long securityCounter) {
      return new Part(
          place,
          image.size(),
          SuitDigest.of(image),
          imageHash,
          securityCounter,
          SuitDigest.of(BlockTable.of(image).digests()));
    }

    public long tableSize() {
      return BlockTable.size(size);
    }
  }

  public Release {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.size() > PARTS_MAX) {
      throw new IllegalArgumentException(
          "a release of %d parts, not 1 to %d".formatted(parts.size(), PARTS_MAX));
    }
    for (Part one : parts) {
      long rivals =
          parts.stream()
              .filter(other -> other.place().image() == one.place().image())
              .filter(
                  other ->
                      other.place().equals(one.place())
                          || other.place().slot().isEmpty()
                          || one.place().slot().isEmpty())
              .count();
      if (rivals > 1) {
        throw new IllegalArgumentException("two parts for " + one.place());
      }
    }
  }

  /// Whose devices, which of them, and where the release stands among others.
  public record Target(VendorId vendor, ClassId deviceClass, SequenceNumber sequence) {}

  public static Release of(Target target, SuitVersion version, List<Part> parts) {
    return new Release(target.vendor(), target.deviceClass(), target.sequence(), version, parts);
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
