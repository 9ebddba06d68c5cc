// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.wire;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.smp.SmpHeader;
import java.util.ArrayList;
import java.util.List;

/// Puts packets together that arrive in pieces, by the length in their header. Never holds more
/// than one packet. Where no packet can begin, all that is pending is dropped, the piece at hand
/// included: on a wire without marks there is no telling where the next one begins, and the other
/// side asks again.
public final class PacketAssembler {
  /// Bits of the first byte that are zero in every version of the protocol.
  private static final int FIRST_BYTE_ZEROES = 0xe0;

  private final int packetMax;
  private final byte[] pending;
  private int size;

  /// `packetMax` is the largest packet that is put together, header and payload.
  public PacketAssembler(int packetMax) {
    if (packetMax < SmpHeader.SIZE || packetMax > SmpHeader.SIZE + 0xffff) {
      throw new IllegalArgumentException("no packet has %d bytes".formatted(packetMax));
    }
    this.packetMax = packetMax;
    this.pending = new byte[packetMax];
  }

  /// The packets that the piece completes, in their order.
  public List<Bytes> add(Bytes piece) {
    List<Bytes> packets = new ArrayList<>();
    int at = 0;
    while (at < piece.size()) {
      if (size < SmpHeader.SIZE) {
        at += take(piece, at, SmpHeader.SIZE);
        if (size < SmpHeader.SIZE) {
          return packets;
        }
      }
      SmpHeader header = header();
      if (!isPlausible(header)) {
        clear();
        return packets;
      }
      int whole = SmpHeader.SIZE + header.length();
      at += take(piece, at, whole);
      if (size == whole) {
        packets.add(Bytes.copyOf(pending, 0, whole));
        clear();
      }
    }
    return packets;
  }

  /// Takes as much of the piece as leads to a size of `upTo`; how much that was.
  private int take(Bytes piece, int from, int upTo) {
    int count = Math.min(upTo - size, piece.size() - from);
    piece.slice(from, from + count).copyTo(pending, size);
    size += count;
    return count;
  }

  private SmpHeader header() {
    try {
      return SmpHeader.read(Bytes.copyOf(pending, 0, SmpHeader.SIZE));
    } catch (MalformedException e) {
      throw new IllegalStateException("eight bytes are a header", e);
    }
  }

  /// Flags are zero in every packet that is known; a boot banner of text never looks like that.
  private boolean isPlausible(SmpHeader header) {
    return (pending[0] & FIRST_BYTE_ZEROES) == 0
        && header.flags() == 0
        && SmpHeader.SIZE + header.length() <= packetMax;
  }

  /// Forgets what is pending: the connection is a new one, or the rest did not come in time.
  public void clear() {
    size = 0;
  }

  /// How many bytes wait for the rest of their packet.
  public int pending() {
    return size;
  }
}
