// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The TLVs of raw slot bytes in the order the bootloader meets them, with the bounds it knows and
/// no others: a value may run over the end of the protected area here, and the header size may be
/// any number. When the walk breaks, `fault` says where, and `entries` holds what was met before.
///
/// `end` is the end of the TLVs as the area heads have it, and 0 when the walk could not start.
public record TlvWalk(List<Entry> entries, long end, Optional<Fault> fault) {
  /// A TLV in the slot. `offset` is that of its head, `type` the number that a reader of the
  /// image's byte order sees.
  public record Entry(TlvArea.Kind area, int type, int offset, int length) {
    public int valueOffset() {
      return offset + Tlv.HEAD_SIZE;
    }

    public boolean is(TlvType wanted) {
      return type == wanted.code();
    }

    /// The value in the slot that was walked.
    public Bytes value(Bytes slot) {
      return slot.slice(valueOffset(), valueOffset() + length);
    }
  }

  /// Where and why the walk could not go on.
  public record Fault(String sentence, long offset) {}

  public TlvWalk {
    entries = List.copyOf(entries);
  }

  /// Walks from where the header says the TLVs begin.
  public static TlvWalk of(Bytes slot, ImageHeader header) {
    long start = header.tlvOffset();
    int protectedSize = header.protectedSize();
    if (!hasHead(slot, start)) {
      return broken("the TLV area would begin behind the slot", start);
    }
    int magic = u16(slot, start, header);
    if (magic == TlvArea.Kind.PROTECTED.magic()) {
      int total = u16(slot, start + 2, header);
      if (total != protectedSize) {
        return broken(
            "the header says %d bytes of protected TLVs, their area says %d"
                .formatted(protectedSize, total),
            start);
      }
      if (!hasHead(slot, start + total)) {
        return broken("the unprotected TLV area would begin behind the slot", start + total);
      }
    } else if (protectedSize != 0) {
      return broken(
          "the header says %d bytes of protected TLVs, there are none".formatted(protectedSize),
          start);
    }
    long unprotected = start + protectedSize;
    if (u16(slot, unprotected, header) != TlvArea.Kind.UNPROTECTED.magic()) {
      return broken(
          "the TLV area begins with magic %04x, expected 6907"
              .formatted(u16(slot, unprotected, header)),
          unprotected);
    }
    long end = unprotected + u16(slot, unprotected + 2, header);
    return walk(slot, header, start, unprotected, end);
  }

  private static TlvWalk walk(
      Bytes slot, ImageHeader header, long start, long unprotected, long end) {
    List<Entry> entries = new ArrayList<>();
    long at = start + TlvArea.HEAD_SIZE;
    while (at < end) {
      // Only a TLV that ends exactly here lets the walk see the second head as a head.
      if (header.protectedSize() > 0 && at == unprotected) {
        at += TlvArea.HEAD_SIZE;
        if (at >= end) {
          break;
        }
      }
      if (!hasHead(slot, at) || at + Tlv.HEAD_SIZE > end) {
        return new TlvWalk(
            entries, end, Optional.of(new Fault("the TLVs end inside the head of one", at)));
      }
      int length = u16(slot, at + 2, header);
      long next = at + Tlv.HEAD_SIZE + length;
      if (next > end || next > slot.size()) {
        String sentence =
            "a TLV of %d bytes passes the end of the TLVs at %d".formatted(length, end);
        return new TlvWalk(entries, end, Optional.of(new Fault(sentence, at)));
      }
      TlvArea.Kind area = at < unprotected ? TlvArea.Kind.PROTECTED : TlvArea.Kind.UNPROTECTED;
      entries.add(new Entry(area, u16(slot, at, header), (int) at, length));
      at = next;
    }
    return new TlvWalk(entries, end, Optional.empty());
  }

  private static TlvWalk broken(String sentence, long offset) {
    return new TlvWalk(List.of(), 0, Optional.of(new Fault(sentence, offset)));
  }

  private static boolean hasHead(Bytes slot, long at) {
    return at >= 0 && at + TlvArea.HEAD_SIZE <= slot.size();
  }

  private static int u16(Bytes slot, long at, ImageHeader header) {
    return TlvArea.u16(slot, (int) at, header.order());
  }
}
