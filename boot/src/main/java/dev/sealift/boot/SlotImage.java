// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Dependency;
import dev.sealift.image.Image;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.TlvArea;
import dev.sealift.image.TlvType;
import dev.sealift.image.TlvWalk;
import dev.sealift.image.Unpacked;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a slot holds, read as MCUboot reads it: a header first, and TLVs where the header says. The
/// image begins `base` bytes into its area, which offset mode and a swap that moves it need.
/// `header` is empty where the magic is not right. `slot` is where the image belongs, and the area
/// is where it is.
record SlotImage(AreaAccess area, Slot slot, int base, Bytes head, Optional<ImageHeader> header) {
  private static final int MAGIC_SIZE = 4;
  private static final int FLAGS_OFFSET = 16;
  private static final int VERSION_OFFSET = 20;
  private static final int FLAG_NON_BOOTABLE = 0x10;

  static SlotImage at(AreaAccess area, Slot slot, int base) {
    Bytes head = area.read(base, ImageHeader.SIZE);
    try {
      ImageHeader header = ImageHeader.read(head);
      return new SlotImage(
          area,
          slot,
          base,
          head,
          header.order() == ByteOrder.LITTLE_ENDIAN ? Optional.of(header) : Optional.empty());
    } catch (MalformedException _) {
      return new SlotImage(area, slot, base, head, Optional.empty());
    }
  }

  /// The same header, its TLVs read elsewhere.
  SlotImage in(AreaAccess other) {
    return new SlotImage(other, slot, 0, head, header);
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

  /// All bytes from where the image begins, as long as nothing is written: nobody keeps them.
  Bytes content() {
    return area.look(base, area.area().size() - base);
  }

  /// What a compressed image becomes; the keys open it first where it is encrypted.
  Unpacked unpacked(ContentKeys keys) {
    Bytes content = content();
    ImageHeader known = header.orElseThrow();
    if (known.isEncrypted() && slot == Slot.SECONDARY) {
      content = new Copier.Cipher(keys.of(slot).orElseThrow(), known).apply(content, 0);
    }
    try {
      return Unpacked.of(Image.read(content));
    } catch (MalformedException e) {
      return new Unpacked.Refused(e.getMessage());
    }
  }

  /// Header, body and both TLV areas, as their heads have it; empty where those make no sense.
  Optional<Long> totalSize() {
    return header.map(known -> TlvWalk.of(content(), known).end()).filter(end -> end > 0);
  }

  /// The unprotected TLV area with its head; 0 where there is none.
  int unprotectedTlvSize() {
    return header
        .flatMap(
            known ->
                totalSize().map(total -> (int) (total - known.tlvOffset() - known.protectedSize())))
        .orElse(0);
  }

  /// The security counter in the protected area.
  Optional<SecurityCounter> counter() {
    return header.flatMap(
        known -> {
          Bytes content = content();
          return TlvWalk.of(content, known).entries().stream()
              .filter(tlv -> tlv.area() == TlvArea.Kind.PROTECTED && tlv.is(TlvType.SEC_CNT))
              .findFirst()
              .flatMap(tlv -> counter(tlv.value(content)));
        });
  }

  boolean isEncrypted() {
    return header.filter(ImageHeader::isEncrypted).isPresent();
  }

  /// Those in the protected area; one that cannot be read counts as one that nothing serves.
  List<Dependency> dependencies() {
    List<Dependency> dependencies = new ArrayList<>();
    Bytes content = content();
    for (TlvWalk.Entry tlv :
        header.map(known -> TlvWalk.of(content, known).entries()).orElse(List.of())) {
      if (tlv.area() == TlvArea.Kind.PROTECTED && tlv.is(TlvType.DEPENDENCY)) {
        try {
          dependencies.add(Dependency.read(tlv.value(content), ByteOrder.LITTLE_ENDIAN));
        } catch (MalformedException _) {
          dependencies.add(new Dependency(0xff, ImageVersion.of(0, 0, 0)));
        }
      }
    }
    return dependencies;
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
