// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.TlvType;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What stands in an image file, taken at its word: nothing is verified, not even the magic. Only
/// what runs over the end of the file is refused.
record Dump(Header header, Optional<Area> protectedArea, Area area, Optional<Trailer> trailer) {
  record Header(
      long magic,
      long loadAddress,
      int headerSize,
      int protectedSize,
      long imageSize,
      long flags,
      String version) {
    boolean isEncrypted() {
      long encrypted = ImageFlag.ENCRYPTED_AES128.mask() | ImageFlag.ENCRYPTED_AES256.mask();
      return (flags & encrypted) != 0;
    }
  }

  /// What the head of an area says, and the TLVs behind it.
  record Area(int magic, int total, List<Entry> entries) {
    Area {
      entries = List.copyOf(entries);
    }
  }

  record Entry(int type, String name, Bytes value) {}

  /// The last 16 bytes, and the cells before them where these are the magic.
  record Trailer(Bytes magic, Optional<Cells> cells) {}

  /// `keysSize` is what the two content keys of an encrypted image take.
  record Cells(
      int imageOk, int copyDone, int swapInfo, long swapSize, Optional<Integer> keysSize) {}

  private static final int HEADER_READ = 28;
  private static final int AREA_HEAD = 4;
  private static final Bytes BIG_ENDIAN_MAGIC =
      new ByteWriter(ByteOrder.BIG_ENDIAN).u32(ImageHeader.MAGIC).toBytes();

  static Dump read(Bytes file) throws MalformedException {
    return new Reading(
            file,
            file.startsWith(BIG_ENDIAN_MAGIC) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
        .dump();
  }

  private record Reading(Bytes file, ByteOrder order) {
    Dump dump() throws MalformedException {
      Header header = header();
      long at = header.headerSize() + header.imageSize();
      Optional<Area> protectedArea = Optional.empty();
      if (header.protectedSize() != 0) {
        Area area = area(at, "the protected TLV area");
        protectedArea = Optional.of(area);
        at += end(area);
      }
      Area area = area(at, "the TLV area");
      long end = at + area.total();
      Optional<Trailer> trailer =
          end == file.size() ? Optional.empty() : Optional.of(trailer(header));
      return new Dump(header, protectedArea, area, trailer);
    }

    private Header header() throws MalformedException {
      if (file.size() < HEADER_READ) {
        throw new MalformedException(
            "%d bytes are no image: the header alone has 32".formatted(file.size()), 0);
      }
      ByteReader in = new ByteReader(file, order);
      return new Header(
          in.u32("magic"),
          in.u32("load address"),
          in.u16("header size"),
          in.u16("protected size"),
          in.u32("image size"),
          in.u32("flags"),
          in.u8("major") + "." + in.u8("minor") + "." + in.u16("revision") + "+" + in.u32("build"));
    }

    /// The head and the entries, of which the last may pass the area's end.
    private static long end(Area area) {
      return AREA_HEAD
          + area.entries().stream().mapToLong(entry -> AREA_HEAD + entry.value().size()).sum();
    }

    private Area area(long start, String what) throws MalformedException {
      ByteReader head = at(start, what);
      int magic = head.u16("the magic of " + what);
      int total = head.u16("the size of " + what);
      List<Entry> entries = new ArrayList<>();
      long at = start + AREA_HEAD;
      while (at < start + total) {
        ByteReader in = at(at, "a TLV of " + what);
        int type = type(in.u16("type"));
        int length = in.u16("length");
        Bytes value = in.take(length, "the TLV at " + at);
        entries.add(new Entry(type, name(type), value));
        at += AREA_HEAD + length;
      }
      return new Area(magic, total, entries);
    }

    private ByteReader at(long offset, String what) throws MalformedException {
      if (offset > file.size() - AREA_HEAD) {
        throw new MalformedException(
            "%s should begin at %d, the file has %d bytes".formatted(what, offset, file.size()),
            file.size());
      }
      return new ByteReader(file.from((int) offset), order);
    }

    /// In big-endian images imgtool writes its own types as a byte and a zero.
    private int type(int stored) {
      boolean byteThenZero =
          order == ByteOrder.BIG_ENDIAN
              && (stored & 0xff) == 0
              && stored >>> 8 < TlvType.VENDOR_LOW_BYTE_MIN
              && TlvType.of(stored >>> 8).isPresent();
      return byteThenZero ? stored >>> 8 : stored;
    }

    private Trailer trailer(Header header) throws MalformedException {
      int magicAt = file.size() - SlotLayout.MAGIC_SIZE;
      Bytes magic = file.from(magicAt);
      int alignMax;
      if (magic.equals(SlotLayout.MAGIC)) {
        alignMax = 8;
      } else if (magic.from(2).equals(SlotLayout.magic(32, order).from(2))) {
        alignMax = new ByteReader(magic, order).u16("alignment");
      } else {
        return new Trailer(magic, Optional.empty());
      }
      return new Trailer(magic, Optional.of(cells(header, alignMax)));
    }

    private Cells cells(Header header, int alignMax) throws MalformedException {
      int magicCell = Math.max(SlotLayout.MAGIC_SIZE, alignMax);
      int swapSizeAt = file.size() - magicCell - 4 * alignMax;
      if (Integer.bitCount(alignMax) != 1 || swapSizeAt < 0) {
        throw new MalformedException(
            "the trailer says its cells have %d bytes".formatted(alignMax),
            file.size() - SlotLayout.MAGIC_SIZE);
      }
      int keyCell = Math.max(SlotLayout.MAGIC_SIZE, alignMax);
      return new Cells(
          file.at(swapSizeAt + 3 * alignMax),
          file.at(swapSizeAt + 2 * alignMax),
          file.at(swapSizeAt + alignMax),
          new ByteReader(file.from(swapSizeAt), order).u32("swap size"),
          header.isEncrypted() ? Optional.of(2 * keyCell) : Optional.empty());
    }
  }

  /// As imgtool calls the types that it knows.
  private static String name(int type) {
    Optional<TlvType> known = TlvType.of(type);
    if (known.isEmpty()) {
      return "UNKNOWN";
    }
    return switch (known.get()) {
      case ECDSA_SIG -> "ECDSASIG";
      case ENC_RSA2048 -> "ENCRSA2048";
      case ENC_KW -> "ENCKW";
      case ENC_EC256 -> "ENCEC256";
      case ENC_X25519 -> "ENCX25519";
      case ENC_X25519_SHA512 -> "ENCX25519_SHA512";
      case ECDSA224, SEQUENCE -> "UNKNOWN";
      case KEYHASH,
          PUBKEY,
          SHA256,
          SHA384,
          SHA512,
          RSA2048,
          RSA3072,
          ED25519,
          SIG_PURE,
          DEPENDENCY,
          SEC_CNT,
          BOOT_RECORD,
          DECOMP_SIZE,
          DECOMP_SHA,
          DECOMP_SIGNATURE,
          COMP_DEC_SIZE,
          UUID_VID,
          UUID_CID,
          MANIFEST ->
          known.get().name();
    };
  }
}
