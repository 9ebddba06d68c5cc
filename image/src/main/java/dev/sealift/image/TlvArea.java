// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The TLVs between one area head and the area's end, in their order.
public record TlvArea(List<Tlv> tlvs) {
  /// Magic and total.
  public static final int HEAD_SIZE = 4;

  /// The total is 16 bits and counts the head.
  public static final int SIZE_MAX = 0xffff;

  /// The two areas an image can have. What is protected is part of the hash region.
  public enum Kind {
    PROTECTED(0x6908),
    UNPROTECTED(0x6907);

    private final int magic;

    Kind(int magic) {
      this.magic = magic;
    }

    public int magic() {
      return magic;
    }

    public String word() {
      return this == PROTECTED ? "protected" : "unprotected";
    }
  }

  public TlvArea {
    tlvs = List.copyOf(tlvs);
    long size = HEAD_SIZE + tlvs.stream().mapToLong(Tlv::size).sum();
    if (size > SIZE_MAX) {
      throw new IllegalArgumentException(
          "TLVs of %d bytes do not fit one area, at most 65535 do".formatted(size));
    }
  }

  public static TlvArea of(Tlv... tlvs) {
    return new TlvArea(List.of(tlvs));
  }

  /// With the head.
  public int size() {
    return HEAD_SIZE + tlvs.stream().mapToInt(Tlv::size).sum();
  }

  public List<Tlv> all(TlvType type) {
    return tlvs.stream().filter(tlv -> tlv.is(type)).toList();
  }

  public Optional<Tlv> first(TlvType type) {
    return tlvs.stream().filter(tlv -> tlv.is(type)).findFirst();
  }

  void writeTo(ByteWriter out, Kind kind) {
    out.u16(kind.magic()).u16(size());
    for (Tlv tlv : tlvs) {
      out.u16(tlv.storedType()).u16(tlv.value().size()).bytes(tlv.value());
    }
  }

  /// Reads the area at `offset`, which must be of this kind and end with its last TLV.
  static TlvArea read(Bytes file, int offset, Kind kind, ByteOrder order) throws ImageFault {
    String area = "the " + kind.word() + " TLV area";
    if (file.size() - offset < HEAD_SIZE) {
      throw new ImageFault(
          RefusalReason.TRUNCATED,
          file.size(),
          "the file ends after %d bytes, %s should begin at %d"
              .formatted(file.size(), area, offset));
    }
    int magic = u16(file, offset, order);
    if (magic != kind.magic()) {
      throw new ImageFault(
          RefusalReason.BAD_TLV,
          offset,
          "%s should begin at %d with magic %04x, found %04x"
              .formatted(area, offset, kind.magic(), magic));
    }
    int total = u16(file, offset + 2, order);
    if (total < HEAD_SIZE) {
      throw new ImageFault(
          RefusalReason.BAD_TLV,
          offset,
          "%s says it has %d bytes, its head alone has 4".formatted(area, total));
    }
    if (total > file.size() - offset) {
      throw new ImageFault(
          RefusalReason.TRUNCATED,
          file.size(),
          "%s says it has %d bytes, the file ends after %d of them"
              .formatted(area, total, file.size() - offset));
    }
    int end = offset + total;
    int at = offset + HEAD_SIZE;
    List<Tlv> tlvs = new ArrayList<>();
    while (at < end) {
      if (end - at < Tlv.HEAD_SIZE) {
        throw new ImageFault(
            RefusalReason.BAD_TLV,
            at,
            "%s ends with %d stray bytes that are no TLV".formatted(area, end - at));
      }
      int type = u16(file, at, order);
      int length = u16(file, at + 2, order);
      int value = at + Tlv.HEAD_SIZE;
      if (length > end - value) {
        throw new ImageFault(
            RefusalReason.BAD_TLV,
            at,
            "%s at %d says it has %d bytes, %s ends after %d of them"
                .formatted(TlvType.name(type), at, length, area, end - value));
      }
      tlvs.add(Tlv.ofStored(type, file.slice(value, value + length), order));
      at = value + length;
    }
    return new TlvArea(tlvs);
  }

  static int u16(Bytes file, int offset, ByteOrder order) {
    int first = file.at(offset);
    int second = file.at(offset + 1);
    return order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
  }
}
