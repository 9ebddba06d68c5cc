// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A ZIP archive of a few files, read so that there is one way to understand it.
///
/// ```
/// archive = (local-header data [descriptor])* directory end
/// ```
///
/// Some readers walk the local headers, others believe the directory at the end, and an archive can
/// be made to show each of them other files. So the members of the directory must fill the archive
/// from its first byte without a gap, and say the same in both places. Nothing is taken at its
/// word: what is unpacked is counted while it is unpacked.
final class Archive {
  private static final long LOCAL = 0x0403_4b50L;
  private static final long DIRECTORY = 0x0201_4b50L;
  private static final long END = 0x0605_4b50L;
  private static final long DESCRIPTOR = 0x0807_4b50L;
  private static final int END_SIZE = 22;

  private static final int ENCRYPTED = 0x0001;
  private static final int DESCRIBED = 0x0008;
  private static final int UTF8 = 0x0800;

  /// The two bits between only say how hard the packer tried.
  private static final int KNOWN_FLAGS = 0x0006 | DESCRIBED | UTF8;

  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private static final int UNIX = 3;
  private static final int UNIX_LINK = 0xa;

  private static final int EXTRA_ZIP64 = 0x0001;
  private static final int EXTRA_OTHER_NAME = 0x7075;

  /// Not the earliest time there is: that one stands for "unknown", and is written by the JDK with
  /// the time zone of the machine beside it.
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Bytes zip;
  private int unpacked;

  private Archive(Bytes zip) {
    this.zip = zip;
  }

  /// What both places say of a member.
  private record Head(
      int flags, int method, long crc, long packedSize, long size, Bytes name, Bytes extra) {}

  private record Entry(String name, Head head, long offset) {}

  static List<Member> read(Bytes zip) throws MalformedException {
    return new Archive(zip).members();
  }

  private List<Member> members() throws MalformedException {
    int endAt = zip.size() - END_SIZE;
    if (endAt < 0 || number(endAt) != END) {
      throw new MalformedException(
          zip.startsWith(Bytes.ofUtf8("PK"))
              ? "the archive does not end as it should: it is cut off, or has a comment"
              : "this is no ZIP archive",
          Math.max(0, endAt));
    }
    ByteReader end = at(endAt + 4);
    int disk = end.u16("disk");
    int directoryDisk = end.u16("disk of the directory");
    int here = end.u16("count");
    int count = end.u16("count");
    long size = end.u32("size of the directory");
    long offset = end.u32("offset of the directory");
    int comment = end.u16("size of the comment");
    if (count == 0xffff || size == 0xffff_ffffL || offset == 0xffff_ffffL) {
      throw new MalformedException("the archive is in the ZIP64 form, which is not read", endAt);
    }
    if (disk != 0 || directoryDisk != 0 || here != count) {
      throw new MalformedException("the archive is in several parts", endAt);
    }
    if (comment != 0 || offset + size != endAt) {
      throw new MalformedException("the archive's directory is not where it is said to be", endAt);
    }
    if (count > DfuPackage.MEMBERS_MAX) {
      throw new MalformedException(
          "the archive has %d files, at most %d are taken".formatted(count, DfuPackage.MEMBERS_MAX),
          endAt);
    }
    List<Entry> entries = directory((int) offset, endAt, count);
    checkTiled(entries, offset);
    List<Member> members = new ArrayList<>();
    for (Entry entry : entries) {
      members.add(new Member(entry.name(), content(entry)));
    }
    check(members);
    return members;
  }

  private ByteReader at(long offset) {
    return new ByteReader(zip.from((int) offset), ByteOrder.LITTLE_ENDIAN);
  }

  private long number(int offset) throws MalformedException {
    return at(offset).u32("signature");
  }

  private List<Entry> directory(int offset, int endAt, int count) throws MalformedException {
    ByteReader in = new ByteReader(zip.slice(offset, endAt), ByteOrder.LITTLE_ENDIAN);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (in.u32("entry of the directory") != DIRECTORY) {
        throw new MalformedException(
            "entry %d of the directory is none".formatted(i), offset + in.position());
      }
      int madeBy = in.u16("maker");
      in.take(2, "version");
      int flags = in.u16("flags");
      int method = in.u16("method");
      in.take(4, "time");
      long crc = in.u32("checksum");
      long packedSize = in.u32("packed size");
      long size = in.u32("size");
      int nameSize = in.u16("size of the name");
      int extraSize = in.u16("size of the extra fields");
      int commentSize = in.u16("size of the comment");
      int disk = in.u16("disk");
      in.take(2, "attributes");
      long attributes = in.u32("attributes");
      long localAt = in.u32("offset");
      Head head =
          new Head(
              flags,
              method,
              crc,
              packedSize,
              size,
              in.take(nameSize, "name"),
              in.take(extraSize, "extra fields"));
      in.take(commentSize, "comment");
      String name = name(head);
      checkFeatures(name, head);
      if (disk != 0) {
        throw new MalformedException(name + " is on another disk", offset);
      }
      if (madeBy >>> 8 == UNIX && attributes >>> 28 == UNIX_LINK) {
        throw new MalformedException(name + " is a link, not a file", offset);
      }
      entries.add(new Entry(name, head, localAt));
    }
    if (!in.isAtEnd()) {
      throw new MalformedException("the directory has more than it says", offset + in.position());
    }
    return entries;
  }

  private static String name(Head head) throws MalformedException {
    boolean ascii = true;
    for (int i = 0; i < head.name().size(); i++) {
      ascii &= head.name().at(i) < 0x80;
    }
    if (!ascii && (head.flags() & UTF8) == 0) {
      throw new MalformedException("a file's name is neither ASCII nor said to be UTF-8", 0);
    }
    String name = head.name().toUtf8();
    if (!Bytes.ofUtf8(name).equals(head.name())) {
      throw new MalformedException("a file's name is no UTF-8", 0);
    }
    MemberName.check(name);
    return name;
  }

  private static void checkFeatures(String name, Head head) throws MalformedException {
    if ((head.flags() & ENCRYPTED) != 0) {
      throw new MalformedException(name + " is encrypted by a ZIP password", 0);
    }
    if ((head.flags() & ~KNOWN_FLAGS) != 0) {
      throw new MalformedException(
          "%s is packed in a way that is not read (flags 0x%04x)".formatted(name, head.flags()), 0);
    }
    if (head.method() != STORED && head.method() != DEFLATED) {
      throw new MalformedException(
          "%s is packed by method %d, only stored and deflated files are read"
              .formatted(name, head.method()),
          0);
    }
    if (head.method() == STORED
        && (head.packedSize() != head.size() || (head.flags() & DESCRIBED) != 0)) {
      throw new MalformedException(name + " is stored, but not with the size it has", 0);
    }
    ByteReader extra = new ByteReader(head.extra(), ByteOrder.LITTLE_ENDIAN);
    while (extra.remaining() >= 4) {
      int id = extra.u16("extra field");
      int size = extra.u16("size of an extra field");
      if (id == EXTRA_ZIP64 || id == EXTRA_OTHER_NAME) {
        throw new MalformedException(
            "%s says other things in an extra field (0x%04x)".formatted(name, id), 0);
      }
      extra.take(Math.min(size, extra.remaining()), "extra field");
    }
  }

  /// From the first byte to the directory, each member right behind the one before.
  private void checkTiled(List<Entry> entries, long directoryAt) throws MalformedException {
    long at = 0;
    for (Entry entry : entries.stream().sorted(Comparator.comparingLong(Entry::offset)).toList()) {
      if (entry.offset() != at) {
        throw new MalformedException(
            "%s does not follow what is before it: the archive hides something"
                .formatted(entry.name()),
            (int) Math.min(at, zip.size()));
      }
      at = descriptorEnd(entry, dataAt(entry) + entry.head().packedSize());
      if (at > directoryAt) {
        throw new MalformedException(
            entry.name() + " runs into the directory", (int) entry.offset());
      }
    }
    if (at != directoryAt) {
      throw new MalformedException("the archive hides something before its directory", (int) at);
    }
  }

  /// Reads the local header, which must say what the directory says, or that it comes later.
  private long dataAt(Entry entry) throws MalformedException {
    ByteReader in = at(entry.offset());
    if (in.u32("header of a file") != LOCAL) {
      throw new MalformedException(entry.name() + " has no header", (int) entry.offset());
    }
    in.take(2, "version");
    int flags = in.u16("flags");
    int method = in.u16("method");
    in.take(4, "time");
    long crc = in.u32("checksum");
    long packedSize = in.u32("packed size");
    long size = in.u32("size");
    int nameSize = in.u16("size of the name");
    int extraSize = in.u16("size of the extra fields");
    Head local =
        new Head(
            flags,
            method,
            crc,
            packedSize,
            size,
            in.take(nameSize, "name"),
            in.take(extraSize, "extra fields"));
    Head head = entry.head();
    boolean described = (flags & DESCRIBED) != 0;
    Head expected =
        new Head(
            head.flags(),
            head.method(),
            described && crc == 0 ? 0 : head.crc(),
            described && packedSize == 0 ? 0 : head.packedSize(),
            described && size == 0 ? 0 : head.size(),
            head.name(),
            local.extra());
    if (!local.equals(expected)) {
      throw new MalformedException(
          entry.name() + " is another file by its header than by the directory",
          (int) entry.offset());
    }
    checkFeatures(
        entry.name(),
        new Head(
            flags, method, head.crc(), head.packedSize(), head.size(), head.name(), local.extra()));
    return entry.offset() + in.position();
  }

  private long descriptorEnd(Entry entry, long dataEnd) throws MalformedException {
    Head head = entry.head();
    if (dataEnd > zip.size()) {
      throw new MalformedException(entry.name() + " is cut off", zip.size());
    }
    if ((head.flags() & DESCRIBED) == 0) {
      return dataEnd;
    }
    ByteReader in = at(dataEnd);
    long first = in.u32("checksum behind a file");
    long crc = first == DESCRIPTOR ? in.u32("checksum behind a file") : first;
    if (crc != head.crc()
        || in.u32("packed size behind a file") != head.packedSize()
        || in.u32("size behind a file") != head.size()) {
      throw new MalformedException(
          entry.name() + " is another file by what follows it than by the directory",
          (int) dataEnd);
    }
    return dataEnd + in.position();
  }

  private Bytes content(Entry entry) throws MalformedException {
    Head head = entry.head();
    int max = Math.min(DfuPackage.MEMBER_SIZE_MAX, DfuPackage.SIZE_MAX - unpacked);
    int from = (int) dataAt(entry);
    Bytes packed = zip.slice(from, (int) (from + head.packedSize()));
    Bytes content = head.method() == STORED ? packed : Inflated.of(entry.name(), packed, max);
    if (content.size() > max) {
      throw Inflated.tooMuch(entry.name());
    }
    CRC32 crc = new CRC32();
    crc.update(content.toBuffer());
    if (content.size() != head.size() || crc.getValue() != head.crc()) {
      throw new MalformedException(
          entry.name() + " is damaged: its size or checksum is not what the archive says", from);
    }
    unpacked += content.size();
    return content;
  }

  /// What holds for every archive, read or to be written.
  static void check(List<Member> members) throws MalformedException {
    Set<String> names = new HashSet<>();
    long size = 0;
    for (Member member : members) {
      MemberName.check(member.name());
      if (!names.add(member.name().toLowerCase(Locale.ROOT))) {
        throw new MalformedException(member.name() + " is there twice", 0);
      }
      size += member.content().size();
      if (member.content().size() > DfuPackage.MEMBER_SIZE_MAX || size > DfuPackage.SIZE_MAX) {
        throw Inflated.tooMuch(member.name());
      }
    }
    if (members.size() > DfuPackage.MEMBERS_MAX) {
      throw new MalformedException(
          "%d files are too many, at most %d are taken"
              .formatted(members.size(), DfuPackage.MEMBERS_MAX),
          0);
    }
  }

  /// Not deflated: images hardly shrink, and the bytes of a deflater are those of its version.
  static Bytes write(List<Member> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Member member : members) {
        CRC32 crc = new CRC32();
        crc.update(member.content().toBuffer());
        ZipEntry entry = new ZipEntry(member.name());
        entry.setTimeLocal(TIME);
        entry.setSize(member.content().size());
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        member.content().writeTo(out);
        out.closeEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes what is written", e);
    }
    return Bytes.owning(bytes.toByteArray());
  }
}
