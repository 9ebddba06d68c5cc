// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/// Writes a file as Python's intelhex does, which imgtool uses: where to start comes first; the
/// upper 16 bits of addresses come in if any address has some, and then from the first byte on.
final class HexWriter {
  private static final int RECORD_SIZE = 16;
  private static final int PAGE = 0x1_0000;
  private static final HexFormat DIGITS = HexFormat.of().withUpperCase();

  private final StringBuilder out = new StringBuilder();

  private HexWriter() {}

  static Bytes write(HexFile file) {
    HexWriter writer = new HexWriter();
    writer.start(file.start());
    long page = file.segments().getLast().end() > PAGE ? -1 : 0;
    for (Segment segment : file.segments()) {
      page = writer.segment(segment, page);
    }
    writer.record(0x01, 0, Bytes.EMPTY);
    return Bytes.ofUtf8(writer.out.toString());
  }

  private void start(Optional<StartAddress> start) {
    if (start.isEmpty()) {
      return;
    }
    switch (start.get()) {
      case StartAddress.Segmented(var cs, var ip) ->
          record(0x03, 0, new ByteWriter(ByteOrder.BIG_ENDIAN).u16(cs).u16(ip).toBytes());
      case StartAddress.Linear(var address) ->
          record(0x05, 0, new ByteWriter(ByteOrder.BIG_ENDIAN).u32(address).toBytes());
    }
  }

  /// `page` is the one that the last record was in; the answer is the one of this segment's last.
  private long segment(Segment segment, long page) {
    long current = page;
    int at = 0;
    while (at < segment.data().size()) {
      long address = segment.address() + at;
      int offset = (int) (address % PAGE);
      if (address / PAGE != current) {
        current = address / PAGE;
        record(0x04, 0, new ByteWriter(ByteOrder.BIG_ENDIAN).u16((int) current).toBytes());
      }
      int count = Math.min(RECORD_SIZE, Math.min(PAGE - offset, segment.data().size() - at));
      record(0x00, offset, segment.data().slice(at, at + count));
      at += count;
    }
    return current;
  }

  private void record(int type, int address, Bytes data) {
    Bytes record =
        new ByteWriter(ByteOrder.BIG_ENDIAN)
            .u8(data.size())
            .u16(address)
            .u8(type)
            .bytes(data)
            .toBytes();
    int sum = 0;
    for (int i = 0; i < record.size(); i++) {
      sum += record.at(i);
    }
    out.append(':');
    DIGITS.formatHex(out, record.toArray());
    DIGITS.toHexDigits(out, (byte) -sum);
    out.append('\n');
  }
}
