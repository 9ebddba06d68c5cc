// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.wire;

import dev.sealift.bytes.Bytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Writes packets as lines of a serial console, as one kind of writer does it.
///
/// ```
/// first line    06 09 | Base64 of a part | 0A
/// any further   04 14 | Base64 of a part | 0A
/// the parts     length (2) | packet | CRC-16 (2), big endian; CRC over the packet, 1021, from 0
/// ```
///
/// The parts are cut at multiples of three bytes, so that only the last one is padded; but where
/// Zephyr cuts, its writers differ. Each is described here as it was seen, to the byte.
public record SerialConsole(Dialect dialect, int lineMax) {
  /// Which writer.
  public enum Dialect {
    /// Full lines; what clients and MCUboot's recovery write.
    PLAIN,
    /// Zephyr today. Behind the first line it leaves the room of three bytes unused, and it never
    /// parts the CRC from the packet's last bytes: where both do not fit, some of the packet goes
    /// to the next line too.
    ZEPHYR,
    /// Zephyr 1.14. The length does not count the CRC; a packet that ends with its line has no CRC
    /// at all; a packet that has two bytes left for a line's last three makes the line four longer.
    ZEPHYR_1_14
  }

  /// The longest line that every server takes, its end included.
  public static final int LINE_MAX = 127;

  static final Bytes FIRST = Bytes.ofHex("0609");
  static final Bytes FURTHER = Bytes.ofHex("0414");
  static final int LENGTH = 2;
  static final int CRC = 2;

  private static final int MARKS = 3;
  private static final int LINES_SHORTEST = MARKS + 2 * 4;
  private static final Bytes NEWLINE = Bytes.ofHex("0a");

  /// What a client writes.
  public static final SerialConsole PLAIN = new SerialConsole(Dialect.PLAIN, LINE_MAX);

  public SerialConsole {
    if (lineMax < LINES_SHORTEST || lineMax > 0xffff) {
      throw new IllegalArgumentException("no line has at most %d bytes".formatted(lineMax));
    }
  }

  /// How much of the decoded stream a full line holds.
  static int lineBytes(int lineMax) {
    return (lineMax - MARKS) / 4 * 3;
  }

  /// The lines of one packet, each with its end.
  public List<Bytes> lines(Bytes packet) {
    if (packet.isEmpty() || packet.size() > 0xffff - CRC) {
      throw new IllegalArgumentException(
          "no packet of %d bytes goes over a console".formatted(packet.size()));
    }
    List<Bytes> parts =
        switch (dialect) {
          case PLAIN -> plain(packet);
          case ZEPHYR -> zephyr(packet);
          case ZEPHYR_1_14 -> zephyr114(packet);
        };
    List<Bytes> lines = new ArrayList<>();
    for (Bytes part : parts) {
      lines.add(
          Bytes.concat(
              lines.isEmpty() ? FIRST : FURTHER,
              Bytes.owning(Base64.getEncoder().encode(part.toArray())),
              NEWLINE));
    }
    return lines;
  }

  private List<Bytes> plain(Bytes packet) {
    Bytes stream = Bytes.concat(u16(packet.size() + CRC), packet, u16(crc(packet)));
    List<Bytes> parts = new ArrayList<>();
    int full = lineBytes(lineMax);
    for (int at = 0; at < stream.size(); at += full) {
      parts.add(stream.slice(at, Math.min(stream.size(), at + full)));
    }
    return parts;
  }

  private List<Bytes> zephyr(Bytes packet) {
    Bytes stream = u16(packet.size() + CRC).plus(packet);
    List<Bytes> parts = new ArrayList<>();
    int room = lineBytes(lineMax) - 3;
    int at = 0;
    while (at < stream.size()) {
      // The length and the packet's first byte come on top.
      int end = at == 0 ? 3 : at;
      int left = stream.size() - end;
      if (left + CRC <= room) {
        parts.add(stream.from(at).plus(u16(crc(packet))));
        return parts;
      }
      int taken = left <= room ? left - 1 : room;
      end += taken / 3 * 3;
      parts.add(stream.slice(at, end));
      at = end;
    }
    throw new IllegalStateException("the CRC found no line");
  }

  private List<Bytes> zephyr114(Bytes packet) {
    Bytes stream = u16(packet.size()).plus(packet);
    int full = lineBytes(lineMax);
    List<Bytes> parts = new ArrayList<>();
    for (int at = 0; at < stream.size(); at += full) {
      int left = stream.size() - at;
      if (left >= full) {
        parts.add(stream.slice(at, at + full));
      } else {
        parts.add(stream.from(at).plus(u16(crc(packet))));
      }
    }
    return parts;
  }

  static Bytes u16(int value) {
    return Bytes.ofInts(value >> 8, value & 0xff);
  }

  /// CRC-16 with the polynomial 0x1021, from zero, nothing reflected.
  static int crc(Bytes bytes) {
    int crc = 0;
    for (int i = 0; i < bytes.size(); i++) {
      crc ^= bytes.at(i) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc << 1 ^ ((crc & 0x8000) == 0 ? 0 : 0x1021);
      }
      crc &= 0xffff;
    }
    return crc;
  }
}
