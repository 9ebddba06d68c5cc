// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// An image file or slot content taken apart. What [#read] accepts, [#write] gives back byte for
/// byte; nothing is said about whether it may be trusted. `fill` is what follows the 32 bytes of
/// the header up to the header size, `rest` what follows the last TLV.
public record Image(
    ImageHeader header,
    Bytes fill,
    Bytes payload,
    Optional<TlvArea> protectedArea,
    TlvArea unprotectedArea,
    Bytes rest) {
  /// A TLV with its place: the offset is that of its head, from the start of the image.
  public record Entry(TlvArea.Kind area, int offset, Tlv tlv) {}

  public Image {
    if (header.headerSize() != ImageHeader.SIZE + fill.size()) {
      throw new IllegalArgumentException(
          "header says it has %d bytes, is 32 with %d bytes of fill"
              .formatted(header.headerSize(), fill.size()));
    }
    if (header.imageSize() != payload.size()) {
      throw new IllegalArgumentException(
          "header says the payload has %d bytes, it has %d"
              .formatted(header.imageSize(), payload.size()));
    }
    int protectedSize = protectedArea.map(TlvArea::size).orElse(0);
    if (header.protectedSize() != protectedSize) {
      throw new IllegalArgumentException(
          "header says the protected TLVs have %d bytes, they have %d"
              .formatted(header.protectedSize(), protectedSize));
    }
    // A big-endian 0x1000 and a one-byte 0x10 are the same bytes; only one of them is read back.
    for (TlvArea area : areas(protectedArea, unprotectedArea)) {
      for (Tlv tlv : area.tlvs()) {
        if (tlv.form() != Tlv.formOf(tlv.storedType(), header.order())) {
          throw new IllegalArgumentException(
              "type %s cannot be written as %s in a %s image"
                  .formatted(tlv.name(), tlv.form(), header.order()));
        }
      }
    }
  }

  private static List<TlvArea> areas(Optional<TlvArea> protectedArea, TlvArea unprotectedArea) {
    return protectedArea
        .map(area -> List.of(area, unprotectedArea))
        .orElseGet(() -> List.of(unprotectedArea));
  }

  public static Image read(Bytes file) throws MalformedException {
    try {
      return readOrFault(file);
    } catch (ImageFault fault) {
      throw fault.toMalformed();
    }
  }

  static Image readOrFault(Bytes file) throws ImageFault {
    ImageHeader header = ImageHeader.readOrFault(file);
    if (header.headerSize() < ImageHeader.SIZE) {
      throw new ImageFault(
          RefusalReason.BAD_HEADER,
          8,
          "the header says it has %d bytes, it always has at least 32"
              .formatted(header.headerSize()));
    }
    if (header.tlvOffset() + header.protectedSize() > 0xffff_ffffL) {
      throw new ImageFault(
          RefusalReason.BAD_HEADER,
          12,
          "header size %d and image size %d together pass 32 bits"
              .formatted(header.headerSize(), header.imageSize()));
    }
    if (header.headerSize() > file.size()) {
      throw new ImageFault(
          RefusalReason.TRUNCATED,
          file.size(),
          "the header says it has %d bytes, the file has %d"
              .formatted(header.headerSize(), file.size()));
    }
    if (header.tlvOffset() > file.size()) {
      throw new ImageFault(
          RefusalReason.TRUNCATED,
          file.size(),
          "the payload should have %d bytes, the file ends after %d of them"
              .formatted(header.imageSize(), file.size() - header.headerSize()));
    }
    int at = (int) header.tlvOffset();
    Optional<TlvArea> protectedArea = protectedArea(file, at, header);
    int unprotectedAt = at + header.protectedSize();
    TlvArea unprotectedArea =
        TlvArea.read(file, unprotectedAt, TlvArea.Kind.UNPROTECTED, header.order());
    return new Image(
        header,
        file.slice(ImageHeader.SIZE, header.headerSize()),
        file.slice(header.headerSize(), at),
        protectedArea,
        unprotectedArea,
        file.from(unprotectedAt + unprotectedArea.size()));
  }

  /// The header and the area must agree about the size: the header's decides what is hashed, the
  /// area's decides what is read.
  private static Optional<TlvArea> protectedArea(Bytes file, int at, ImageHeader header)
      throws ImageFault {
    int announced = header.protectedSize();
    boolean headThere = file.size() - at >= TlvArea.HEAD_SIZE;
    boolean areaThere =
        headThere && TlvArea.u16(file, at, header.order()) == TlvArea.Kind.PROTECTED.magic();
    if (announced == 0) {
      if (areaThere) {
        throw new ImageFault(
            RefusalReason.PROTECTED_SIZE_MISMATCH,
            at,
            "there is a protected TLV area at %d, the header says there is none".formatted(at));
      }
      return Optional.empty();
    }
    if (headThere && TlvArea.u16(file, at, header.order()) == TlvArea.Kind.UNPROTECTED.magic()) {
      throw new ImageFault(
          RefusalReason.PROTECTED_SIZE_MISMATCH,
          at,
          "the header says there are %d bytes of protected TLVs, there are none"
              .formatted(announced));
    }
    if (areaThere) {
      int total = TlvArea.u16(file, at + 2, header.order());
      if (total >= TlvArea.HEAD_SIZE && total != announced) {
        throw new ImageFault(
            RefusalReason.PROTECTED_SIZE_MISMATCH,
            at + 2,
            "the header says the protected TLVs have %d bytes, their area says %d"
                .formatted(announced, total));
      }
    }
    return Optional.of(TlvArea.read(file, at, TlvArea.Kind.PROTECTED, header.order()));
  }

  public Bytes write() {
    ByteWriter out = new ByteWriter(header.order());
    writeHashRegion(out);
    unprotectedArea.writeTo(out, TlvArea.Kind.UNPROTECTED);
    return out.bytes(rest).toBytes();
  }

  /// The same image around another payload of the same size.
  Image withPayload(Bytes other) {
    return new Image(header, fill, other, protectedArea, unprotectedArea, rest);
  }

  /// What the digest and the signature cover: all up to the unprotected TLVs.
  public Bytes hashRegion() {
    ByteWriter out = new ByteWriter(header.order());
    writeHashRegion(out);
    return out.toBytes();
  }

  private void writeHashRegion(ByteWriter out) {
    header.writeTo(out);
    out.bytes(fill).bytes(payload);
    protectedArea.ifPresent(area -> area.writeTo(out, TlvArea.Kind.PROTECTED));
  }

  public int hashRegionSize() {
    return header.headerSize() + payload.size() + header.protectedSize();
  }

  /// Up to the end of the TLVs, without the rest.
  public int size() {
    return hashRegionSize() + unprotectedArea.size();
  }

  public ImageVersion version() {
    return header.version();
  }

  public ByteOrder order() {
    return header.order();
  }

  /// All TLVs with their places, in the order of the file.
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    int at = header.headerSize() + payload.size();
    if (protectedArea.isPresent()) {
      addEntries(entries, TlvArea.Kind.PROTECTED, protectedArea.get(), at);
    }
    addEntries(entries, TlvArea.Kind.UNPROTECTED, unprotectedArea, hashRegionSize());
    return entries;
  }

  private static void addEntries(
      List<Entry> entries, TlvArea.Kind kind, TlvArea area, int areaOffset) {
    int at = areaOffset + TlvArea.HEAD_SIZE;
    for (Tlv tlv : area.tlvs()) {
      entries.add(new Entry(kind, at, tlv));
      at += tlv.size();
    }
  }

  /// The digest that the image names as its own (SHA-256, 384 or 512), unchecked.
  public Optional<Bytes> hash() {
    return unprotectedArea.tlvs().stream()
        .filter(tlv -> HashAlgorithm.ofTlv(tlv.type()).isPresent())
        .map(Tlv::value)
        .findFirst();
  }

  /// From the protected area only: anybody may add an unprotected one.
  public Optional<SecurityCounter> securityCounter() {
    return protectedValue(TlvType.SEC_CNT, 4)
        .map(value -> new SecurityCounter(number(value, order())));
  }

  /// The release's sequence number, 0 to 2^63-1, from the protected vendor TLV 0x00A0; empty when
  /// there is none of exactly 8 bytes (other makers use the type for other things).
  public OptionalLong sequence() {
    return protectedValue(TlvType.SEQUENCE, TlvType.SEQUENCE_SIZE)
        .map(value -> number(value, ByteOrder.LITTLE_ENDIAN))
        .filter(number -> number >= 0)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private Optional<Bytes> protectedValue(TlvType type, int size) {
    return protectedArea
        .flatMap(area -> area.first(type))
        .map(Tlv::value)
        .filter(value -> value.size() == size);
  }

  static long number(Bytes value, ByteOrder order) {
    long number = 0;
    for (int i = 0; i < value.size(); i++) {
      int at = order == ByteOrder.BIG_ENDIAN ? i : value.size() - 1 - i;
      number = number << 8 | value.at(at);
    }
    return number;
  }
}
