// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Reads one file, record by record. Records that follow each other are gathered into runs, so
/// that memory goes with the data and not with the number of records.
final class HexReader {
  private static final int MARK = ':';

  /// Count, two of address, type, checksum.
  private static final int FRAME = 5;

  private final Bytes text;
  private final long dataMax;
  private final int jumpsMax;

  private final List<Run> runs = new ArrayList<>();
  private long dataSize;
  private long base;
  private Addressing addressing = Addressing.LINEAR;
  private Optional<StartAddress> start = Optional.empty();
  private boolean ended;
  private int line;
  private int lineAt;

  private enum Addressing {
    /// The base is the upper 16 bits; a record may run on beyond them.
    LINEAR,
    /// Addresses turn round at the end of a 64 KiB segment, or do not, depending on whom one asks.
    SEGMENTED
  }

  /// Bytes without a gap, as they came, and the line they began in.
  private record Run(long address, ByteWriter data, int line, int lineAt) {
    long end() {
      return address + data.size();
    }

    Segment segment() {
      return new Segment(address, data.toBytes());
    }
  }

  HexReader(Bytes text, long dataMax, int jumpsMax) {
    this.text = text;
    this.dataMax = dataMax;
    this.jumpsMax = jumpsMax;
  }

  HexFile file() throws MalformedException {
    int at = 0;
    while (at < text.size()) {
      int end = lineEnd(at);
      line++;
      lineAt = at;
      int last = end > at && text.at(end - 1) == '\r' ? end - 1 : end;
      if (last > at) {
        record(text.slice(at, last));
      }
      at = end + 1;
    }
    if (!ended) {
      line++;
      lineAt = text.size();
      throw fault("the end record is missing, the file may be cut off");
    }
    if (runs.isEmpty()) {
      throw fault("the file holds no data");
    }
    checkApart();
    return HexFile.of(runs.stream().map(Run::segment).toList(), start);
  }

  private int lineEnd(int from) {
    int at = from;
    while (at < text.size() && text.at(at) != '\n') {
      at++;
    }
    return at;
  }

  private void record(Bytes characters) throws MalformedException {
    if (ended) {
      throw fault("there is more behind the end record");
    }
    Bytes record = decoded(characters);
    int count = record.at(0);
    if (record.size() != FRAME + count) {
      throw fault(
          "the record says it has %d bytes of data, it has %d"
              .formatted(count, record.size() - FRAME));
    }
    int sum = 0;
    for (int i = 0; i < record.size(); i++) {
      sum += record.at(i);
    }
    if ((sum & 0xff) != 0) {
      int found = record.at(record.size() - 1);
      throw fault("the checksum is %02X, expected %02X".formatted(found, (found - sum) & 0xff));
    }
    int address = record.at(1) << 8 | record.at(2);
    Bytes data = record.slice(4, 4 + count);
    switch (record.at(3)) {
      case 0x00 -> data(address, data);
      case 0x01 -> {
        expectSize(data, 0, "an end record");
        ended = true;
      }
      case 0x02 -> base(Addressing.SEGMENTED, address, data, 4);
      case 0x03 -> {
        long value = start(address, data);
        begin(new StartAddress.Segmented((int) (value >>> 16), (int) (value & 0xffff)));
      }
      case 0x04 -> base(Addressing.LINEAR, address, data, 16);
      case 0x05 -> begin(new StartAddress.Linear(start(address, data)));
      default -> throw fault("there is no record of type %02X".formatted(record.at(3)));
    }
  }

  private Bytes decoded(Bytes characters) throws MalformedException {
    if (characters.at(0) != MARK) {
      throw fault("a record begins with a colon, not with " + shown(characters.at(0)));
    }
    int digits = characters.size() - 1;
    if (digits < 2 * FRAME || digits > 2 * (FRAME + 0xff) || digits % 2 != 0) {
      throw fault("a record has an even number of 10 to 520 digits, not %d".formatted(digits));
    }
    byte[] record = new byte[digits / 2];
    for (int i = 0; i < record.length; i++) {
      record[i] = (byte) (digit(characters.at(1 + 2 * i)) << 4 | digit(characters.at(2 + 2 * i)));
    }
    return Bytes.owning(record);
  }

  private int digit(int character) throws MalformedException {
    int digit = character < 0x80 ? Character.digit(character, 16) : -1;
    if (digit < 0) {
      throw fault("%s is no hexadecimal digit".formatted(shown(character)));
    }
    return digit;
  }

  private static String shown(int character) {
    return character > ' ' && character < 0x7f
        ? "'%c'".formatted(character)
        : "the byte %02x".formatted(character);
  }

  private void data(int offset, Bytes data) throws MalformedException {
    if (data.isEmpty()) {
      return;
    }
    long address = base + offset;
    if (addressing == Addressing.SEGMENTED && offset + data.size() > 0x1_0000) {
      throw fault("the data passes the end of its segment of 64 KiB");
    }
    if (address + data.size() > Segment.ADDRESS_END) {
      throw fault("the data passes 32 bits of address");
    }
    dataSize += data.size();
    if (dataSize > dataMax) {
      throw fault("there are more than the %d bytes that are taken".formatted(dataMax));
    }
    if (runs.isEmpty() || runs.getLast().end() != address) {
      if (runs.size() > jumpsMax) {
        throw fault("the addresses jump more often than %d times".formatted(jumpsMax));
      }
      runs.add(new Run(address, new ByteWriter(ByteOrder.BIG_ENDIAN), line, lineAt));
    }
    runs.getLast().data().bytes(data);
  }

  private void base(Addressing next, int address, Bytes data, int shift) throws MalformedException {
    expectSize(data, 2, "a record with the base of addresses");
    expectNoAddress(address);
    addressing = next;
    base = number(data) << shift;
  }

  private long start(int address, Bytes data) throws MalformedException {
    expectSize(data, 4, "a start record");
    expectNoAddress(address);
    return number(data);
  }

  private void begin(StartAddress address) throws MalformedException {
    if (start.isPresent()) {
      throw fault("there is a second start record");
    }
    start = Optional.of(address);
  }

  private static long number(Bytes data) {
    long number = 0;
    for (int i = 0; i < data.size(); i++) {
      number = number << 8 | data.at(i);
    }
    return number;
  }

  private void expectSize(Bytes data, int size, String what) throws MalformedException {
    if (data.size() != size) {
      throw fault("%s has %d bytes of data, not %d".formatted(what, size, data.size()));
    }
  }

  private void expectNoAddress(int address) throws MalformedException {
    if (address != 0) {
      throw fault("the record has no address of its own, yet it says %04X".formatted(address));
    }
  }

  private void checkApart() throws MalformedException {
    runs.sort(Comparator.comparingLong(Run::address));
    for (int i = 1; i < runs.size(); i++) {
      Run before = runs.get(i - 1);
      Run run = runs.get(i);
      if (run.address() < before.end()) {
        boolean inOrder = before.line() < run.line();
        Run first = inOrder ? before : run;
        Run second = inOrder ? run : before;
        line = second.line();
        lineAt = second.lineAt();
        throw fault(
            "the data from here on overlaps that from line %d on, at 0x%08X"
                .formatted(first.line(), run.address()));
      }
    }
  }

  private MalformedException fault(String sentence) {
    return new MalformedException("line %d: %s".formatted(line, sentence), lineAt);
  }
}
