// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.NamedUuid;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.regex.Pattern;

/// Vendor and class identifiers. A person gives a UUID or a name; a name becomes a UUID of
/// version 5 (RFC 9562), vendors in the namespace of domain names, classes in that of their vendor.
public final class ImageUuid {
  private static final Pattern RAW =
      Pattern.compile("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  private ImageUuid() {}

  public static UUID vendor(String text) throws MalformedException {
    return isRaw(text) ? UUID.fromString(text) : named(NamedUuid.DOMAIN_NAMES, text);
  }

  public static UUID deviceClass(UUID vendor, String text) throws MalformedException {
    return isRaw(text) ? UUID.fromString(text) : named(write(vendor), text);
  }

  /// Whether the text is a UUID already; a class that is one needs no vendor.
  public static boolean isRaw(String text) {
    return RAW.matcher(text).matches();
  }

  private static UUID named(Bytes nameSpace, String name) throws MalformedException {
    if (name.isEmpty()) {
      throw new MalformedException("an identifier needs a UUID or a name, this is empty", 0);
    }
    return read(NamedUuid.of(nameSpace, name));
  }

  /// The 16 bytes that an image carries.
  public static Bytes write(UUID uuid) {
    ByteWriter out = new ByteWriter(ByteOrder.BIG_ENDIAN);
    for (long half : new long[] {uuid.getMostSignificantBits(), uuid.getLeastSignificantBits()}) {
      out.u32(half >>> 32).u32(half & 0xffff_ffffL);
    }
    return out.toBytes();
  }

  static UUID read(Bytes value) {
    return new UUID(
        Image.number(value.first(8), ByteOrder.BIG_ENDIAN),
        Image.number(value.slice(8, 16), ByteOrder.BIG_ENDIAN));
  }
}
