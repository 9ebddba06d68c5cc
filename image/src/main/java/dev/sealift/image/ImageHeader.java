// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.Set;

/// The 32 bytes an image begins with, every field as it stands there. The fields may contradict
/// each other or the bytes that follow: [Image] and the verifier look at that.
///
/// ```
///  0 magic   4 load address   8 header size   10 protected size   12 image size
/// 16 flags  20 version       28 reserved, zero
/// ```
public record ImageHeader(
    ByteOrder order,
    long loadAddress,
    int headerSize,
    int protectedSize,
    long imageSize,
    long flags,
    ImageVersion version,
    long reserved) {
  public static final int SIZE = 32;
  public static final long MAGIC = 0x96f3_b83dL;

  private static final long MAGIC_V1 = 0x96f3_b83cL;
  private static final long U32_MAX = 0xffff_ffffL;

  public ImageHeader {
    check(loadAddress, U32_MAX, "load address");
    check(headerSize, 0xffff, "header size");
    check(protectedSize, 0xffff, "protected size");
    check(imageSize, U32_MAX, "image size");
    check(flags, U32_MAX, "flags");
    check(reserved, U32_MAX, "reserved word");
  }

  private static void check(long value, long max, String field) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException("%s must be 0 to %d, is %d".formatted(field, max, value));
    }
  }

  /// Needs the first 32 bytes; more may follow.
  public static ImageHeader read(Bytes bytes) throws MalformedException {
    try {
      return readOrFault(bytes);
    } catch (ImageFault fault) {
      throw fault.toMalformed();
    }
  }

  static ImageHeader readOrFault(Bytes bytes) throws ImageFault {
    if (bytes.size() < 4) {
      throw new ImageFault(
          RefusalReason.TRUNCATED,
          bytes.size(),
          "%d bytes are no image: the header alone has 32".formatted(bytes.size()));
    }
    ByteOrder order = order(bytes.first(4));
    if (bytes.size() < SIZE) {
      throw new ImageFault(
          RefusalReason.TRUNCATED,
          bytes.size(),
          "the header is cut off after %d of 32 bytes".formatted(bytes.size()));
    }
    try {
      ByteReader in = new ByteReader(bytes.slice(4, SIZE), order);
      return new ImageHeader(
          order,
          in.u32("load address"),
          in.u16("header size"),
          in.u16("protected size"),
          in.u32("image size"),
          in.u32("flags"),
          new ImageVersion(in.u8("major"), in.u8("minor"), in.u16("revision"), in.u32("build")),
          in.u32("reserved word"));
    } catch (MalformedException e) {
      throw new IllegalStateException("32 bytes hold a header", e);
    }
  }

  private static ByteOrder order(Bytes magic) throws ImageFault {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      if (magic.equals(new ByteWriter(order).u32(MAGIC).toBytes())) {
        return order;
      }
      if (magic.equals(new ByteWriter(order).u32(MAGIC_V1).toBytes())) {
        throw new ImageFault(
            RefusalReason.BAD_MAGIC,
            0,
            "an image of MCUboot's obsolete first format (magic 96f3b83c)");
      }
    }
    String hint =
        magic.at(0) == ':'
            ? ": this looks like Intel HEX"
            : magic.equals(Bytes.ofHex("7f454c46"))
                ? ": this is an ELF file"
                : magic.isFilledWith(0xff) ? ": this is erased flash" : "";
    throw new ImageFault(
        RefusalReason.BAD_MAGIC,
        0,
        "no MCUboot image: it begins with %s, expected 3db8f396%s".formatted(magic.toHex(), hint));
  }

  void writeTo(ByteWriter out) {
    out.u32(MAGIC)
        .u32(loadAddress)
        .u16(headerSize)
        .u16(protectedSize)
        .u32(imageSize)
        .u32(flags)
        .u8(version.major())
        .u8(version.minor())
        .u16(version.revision())
        .u32(version.build())
        .u32(reserved);
  }

  public Bytes write() {
    ByteWriter out = new ByteWriter(order);
    writeTo(out);
    return out.toBytes();
  }

  public boolean has(ImageFlag flag) {
    return (flags & flag.mask()) != 0;
  }

  public Set<ImageFlag> flagSet() {
    return ImageFlag.in(flags);
  }

  public boolean isEncrypted() {
    return has(ImageFlag.ENCRYPTED_AES128) || has(ImageFlag.ENCRYPTED_AES256);
  }

  public boolean isCompressed() {
    return has(ImageFlag.COMPRESSED_LZMA1) || has(ImageFlag.COMPRESSED_LZMA2);
  }

  /// Where the first TLV area begins, as the header has it: beyond any file for a hostile header.
  public long tlvOffset() {
    return headerSize + imageSize;
  }
}
