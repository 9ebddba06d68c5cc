// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.TlvArea;
import dev.sealift.image.TlvType;
import dev.sealift.image.TlvWalk;
import java.nio.ByteOrder;
import java.util.Optional;

/// What a slot holds, read as MCUboot reads it: a header first, and TLVs where the header says. The
/// header may come from another place than the slot's beginning while a swap moves it. `header` is
/// empty where the magic is not right.
record SlotImage(AreaAccess area, Bytes head, Optional<ImageHeader> header) {
  private static final int MAGIC_SIZE = 4;
  private static final int FLAGS_OFFSET = 16;
  private static final int VERSION_OFFSET = 20;
  private static final int FLAG_NON_BOOTABLE = 0x10;

  static SlotImage at(AreaAccess area, int offset) {
    Bytes head = area.read(offset, ImageHeader.SIZE);
    try {
      ImageHeader header = ImageHeader.read(head);
      return new SlotImage(
          area,
          head,
          header.order() == ByteOrder.LITTLE_ENDIAN ? Optional.of(header) : Optional.empty());
    } catch (MalformedException _) {
      return new SlotImage(area, head, Optional.empty());
    }
  }

  boolean headerIsErased() {
    return head.first(MAGIC_SIZE).isFilledWith(area.flash().geometry().erasedValue());
  }

  boolean hasMagic() {
    return header.isPresent();
  }

  /// Asked before the magic is looked at.
  boolean isNonBootable() {
    return (head.at(FLAGS_OFFSET) & FLAG_NON_BOOTABLE) != 0;
  }

  /// As it stands there, whatever the magic is.
  ImageVersion version() {
    ByteReader in = new ByteReader(head.from(VERSION_OFFSET), ByteOrder.LITTLE_ENDIAN);
    try {
      return new ImageVersion(in.u8("major"), in.u8("minor"), in.u16("revision"), in.u32("build"));
    } catch (MalformedException e) {
      throw new IllegalStateException("32 bytes hold a header", e);
    }
  }

  Bytes slot() {
    return area.read(0, area.area().size());
  }

  /// Header, body and both TLV areas, as their heads have it; empty where those make no sense.
  Optional<Long> totalSize() {
    return header.map(known -> TlvWalk.of(slot(), known).end()).filter(end -> end > 0);
  }

  /// The security counter in the protected area.
  Optional<SecurityCounter> counter() {
    return header.flatMap(
        known -> {
          Bytes slot = slot();
          return TlvWalk.of(slot, known).entries().stream()
              .filter(tlv -> tlv.area() == TlvArea.Kind.PROTECTED && tlv.is(TlvType.SEC_CNT))
              .findFirst()
              .flatMap(tlv -> counter(tlv.value(slot)));
        });
  }

  static Optional<SecurityCounter> counter(Bytes value) {
    try {
      ByteReader in = new ByteReader(value, ByteOrder.LITTLE_ENDIAN);
      SecurityCounter counter = new SecurityCounter(in.u32("security counter"));
      return in.isAtEnd() ? Optional.of(counter) : Optional.empty();
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }
}
