// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/// How a packet is split into writes. A write takes three bytes of the MTU for itself, and no
/// attribute has more than 512 bytes, however large the MTU (Core Vol 3 Part F 3.2.9).
///
/// On the air a write with four bytes of L2CAP is cut into packets of 251. A packet that needs
/// several writes is therefore split where such packets end, after 244 or 495 bytes: a write of 512
/// would cost a third, nearly empty one.
record Writes(int mtu) {
  /// What every device has.
  static final int MTU_MIN = 23;

  private static final int MTU_MAX = 517;
  private static final int OVERHEAD = 3;
  private static final int VALUE_MAX = 512;
  private static final int AIR_MAX = 251;
  private static final int L2CAP = 4;

  Writes {
    mtu = Math.clamp(mtu, MTU_MIN, MTU_MAX);
  }

  /// The largest packet that needs no putting together at the other end.
  int wholeMax() {
    return Math.min(mtu - OVERHEAD, VALUE_MAX);
  }

  private int pieceMax() {
    int full = (mtu + L2CAP) / AIR_MAX;
    return full == 0 ? wholeMax() : full * AIR_MAX - L2CAP - OVERHEAD;
  }

  List<Bytes> of(Bytes packet) {
    if (packet.size() <= wholeMax()) {
      return List.of(packet);
    }
    List<Bytes> pieces = new ArrayList<>();
    for (int at = 0; at < packet.size(); at += pieceMax()) {
      pieces.add(packet.slice(at, Math.min(at + pieceMax(), packet.size())));
    }
    return pieces;
  }
}
