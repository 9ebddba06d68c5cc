// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.wire;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.smp.SmpHeader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Finds packets on a serial console, by whomever they were written and whatever else is on the
/// line: log messages, a shell's prompt, the rest of a line that was cut. Never holds more than one
/// line and one packet.
///
/// How long a packet is, its own header says: the length before it counts the CRC or does not, as
/// the writer likes. The CRC must be right, and may be missing only where Zephyr 1.14 leaves it
/// out: when the packet ends exactly with its line.
public final class SerialReader {
  private static final int NEWLINE = '\n';

  /// Longer lines than any server is built for.
  private static final int LINE_MAX = 8192;

  private final int packetMax;
  private final byte[] line = new byte[LINE_MAX];
  private int lineSize;
  private State state = State.OUTSIDE;
  private int before;
  private Bytes stream = Bytes.EMPTY;

  /// Where on the line the next byte is.
  private enum State {
    /// In text that is none of ours.
    OUTSIDE,
    FIRST,
    FURTHER
  }

  /// `packetMax` is the largest packet that is put together, header and payload.
  public SerialReader(int packetMax) {
    if (packetMax < SmpHeader.SIZE || packetMax > 0xffff) {
      throw new IllegalArgumentException("no packet has %d bytes".formatted(packetMax));
    }
    this.packetMax = packetMax;
  }

  /// The packets whose last line ends in these bytes, in their order.
  public List<Bytes> add(Bytes bytes) {
    List<Bytes> packets = new ArrayList<>();
    for (int i = 0; i < bytes.size(); i++) {
      add(bytes.at(i)).ifPresent(packets::add);
    }
    return packets;
  }

  /// Forgets the line and the packet that have begun.
  public void clear() {
    state = State.OUTSIDE;
    stream = Bytes.EMPTY;
    before = 0;
  }

  private Optional<Bytes> add(int now) {
    int last = before;
    before = now;
    if (isMark(SerialConsole.FIRST, last, now)) {
      begin(State.FIRST);
      return Optional.empty();
    }
    if (isMark(SerialConsole.FURTHER, last, now)) {
      begin(State.FURTHER);
      return Optional.empty();
    }
    if (state == State.OUTSIDE) {
      return Optional.empty();
    }
    if (now == NEWLINE) {
      State ended = state;
      state = State.OUTSIDE;
      return end(ended);
    }
    if (lineSize == LINE_MAX) {
      clear();
      return Optional.empty();
    }
    line[lineSize++] = (byte) now;
    return Optional.empty();
  }

  private static boolean isMark(Bytes mark, int last, int now) {
    return mark.at(0) == last && mark.at(1) == now;
  }

  private void begin(State begun) {
    state = begun;
    lineSize = 0;
  }

  private Optional<Bytes> end(State ended) {
    Bytes part = decoded();
    if (ended == State.FIRST) {
      stream = part;
    } else if (stream.isEmpty()) {
      // Its first line was lost, or the packet is complete already.
      return Optional.empty();
    } else {
      stream = stream.plus(part);
    }
    if (stream.size() < SerialConsole.LENGTH + SmpHeader.SIZE) {
      return Optional.empty();
    }
    return judge();
  }

  /// Four characters at a time, each for itself: padding may come anywhere. Ends where something
  /// else begins.
  private Bytes decoded() {
    byte[] out = new byte[lineSize / 4 * 3];
    int size = 0;
    for (int at = 0; at + 4 <= lineSize; at += 4) {
      try {
        byte[] unit = Base64.getDecoder().decode(Bytes.copyOf(line, at, at + 4).toArray());
        System.arraycopy(unit, 0, out, size, unit.length);
        size += unit.length;
      } catch (IllegalArgumentException _) {
        break;
      }
    }
    return Bytes.copyOf(out, 0, size);
  }

  private Optional<Bytes> judge() {
    int told = stream.at(0) << 8 | stream.at(1);
    Bytes behind = stream.from(SerialConsole.LENGTH);
    int size = SmpHeader.SIZE + header(behind).length();
    boolean countsCrc = told == size + SerialConsole.CRC;
    if (size > packetMax || !(countsCrc || told == size)) {
      stream = Bytes.EMPTY;
      return Optional.empty();
    }
    if (behind.size() >= size + SerialConsole.CRC) {
      stream = Bytes.EMPTY;
      Bytes packet = behind.first(size);
      Bytes crc = behind.slice(size, size + SerialConsole.CRC);
      return crc.equals(SerialConsole.u16(SerialConsole.crc(packet)))
          ? Optional.of(packet)
          : Optional.empty();
    }
    if (!countsCrc && behind.size() == size && endsItsLine(size)) {
      stream = Bytes.EMPTY;
      return Optional.of(behind);
    }
    return Optional.empty();
  }

  /// Whether the CRC of such a packet would have to begin a line of its own.
  private static boolean endsItsLine(int size) {
    return (SerialConsole.LENGTH + size) % SerialConsole.lineBytes(SerialConsole.LINE_MAX) == 0;
  }

  private static SmpHeader header(Bytes packet) {
    try {
      return SmpHeader.read(packet);
    } catch (MalformedException e) {
      throw new IllegalStateException("eight bytes are a header", e);
    }
  }
}
