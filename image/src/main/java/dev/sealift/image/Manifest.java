// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Which images belong together, by their digests: Nordic's bootloader takes the others only with
/// the one that carries this.
///
/// ```
/// u32 format = 1 | u32 count | count digests
/// ```
public record Manifest(List<Bytes> digests) {
  private static final long FORMAT = 1;
  private static final int HEAD_SIZE = 8;

  /// The most images a bootloader can have.
  public static final int DIGESTS_MAX = 16;

  public Manifest {
    digests = List.copyOf(digests);
    if (digests.size() > DIGESTS_MAX) {
      throw new IllegalArgumentException(
          "a manifest names at most %d images, not %d".formatted(DIGESTS_MAX, digests.size()));
    }
    for (Bytes digest : digests) {
      if (digest.size() != digests.getFirst().size()) {
        throw new IllegalArgumentException("the digests of a manifest are all of one hash");
      }
    }
  }

  /// The value of a [TlvType#MANIFEST] TLV. All digests are of the hash that the image itself has.
  public static Manifest read(Bytes value, HashAlgorithm hash, ByteOrder order)
      throws MalformedException {
    ByteReader in = new ByteReader(value, order);
    long format = in.u32("format");
    if (format != FORMAT) {
      throw new MalformedException("a manifest of format %d, known is 1".formatted(format), 0);
    }
    long count = in.u32("count");
    if (count > DIGESTS_MAX || value.size() != HEAD_SIZE + count * hash.size()) {
      throw new MalformedException(
          "a manifest of %d digests in %d bytes".formatted(count, value.size()), 4);
    }
    List<Bytes> digests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      digests.add(in.take(hash.size(), "digest"));
    }
    return new Manifest(digests);
  }

  public Bytes write(ByteOrder order) {
    ByteWriter out = new ByteWriter(order).u32(FORMAT).u32(digests.size());
    digests.forEach(out::bytes);
    return out.toBytes();
  }
}
