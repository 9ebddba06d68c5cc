// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;

/// Another image of the same device, and the version it must at least have.
public record Dependency(int imageNumber, ImageVersion minimum) {
  /// Image number, three zero bytes, version.
  static final int SIZE = 12;

  public Dependency {
    if (imageNumber < 0 || imageNumber > 0xff) {
      throw new IllegalArgumentException("image number must be 0 to 255, is " + imageNumber);
    }
  }

  public static Dependency read(Bytes value, ByteOrder order) throws MalformedException {
    if (value.size() != SIZE) {
      throw new MalformedException(
          "a dependency has 12 bytes, this one %d".formatted(value.size()), 0);
    }
    ByteReader in = new ByteReader(value, order);
    int imageNumber = in.u8("image number");
    in.take(3, "padding");
    return new Dependency(
        imageNumber,
        new ImageVersion(in.u8("major"), in.u8("minor"), in.u16("revision"), in.u32("build")));
  }

  Bytes write(ByteOrder order) {
    return new ByteWriter(order)
        .u8(imageNumber)
        .fill(3, 0)
        .u8(minimum.major())
        .u8(minimum.minor())
        .u16(minimum.revision())
        .u32(minimum.build())
        .toBytes();
  }

  @Override
  public String toString() {
    return "image %d at %s".formatted(imageNumber, minimum.toShortString());
  }
}
