// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What an Intel HEX file says: at least one segment, in the order of addresses, with room between
/// any two. What [#write] writes is read back as the same value.
public record HexFile(List<Segment> segments, Optional<StartAddress> start) {
  /// All data together.
  public static final long DATA_MAX = 32L << 20;

  /// From the first address to the last, where the whole is wanted in one piece.
  public static final long SPAN_MAX = 64L << 20;

  /// How often a file may go on elsewhere than where the last record ended.
  public static final int JUMPS_MAX = 0x1_0000;

  public HexFile {
    segments = List.copyOf(segments);
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("a HEX file holds data");
    }
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i).address() <= segments.get(i - 1).end()) {
        throw new IllegalArgumentException(
            "the segment at 0x%08x does not lie apart from the one before"
                .formatted(segments.get(i).address()));
      }
    }
  }

  /// In any order; segments that touch become one. No byte may be there twice.
  public static HexFile of(List<Segment> parts, Optional<StartAddress> start) {
    List<Segment> sorted =
        parts.stream().sorted(Comparator.comparingLong(Segment::address)).toList();
    List<Segment> merged = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || sorted.get(i).address() > sorted.get(i - 1).end()) {
        merged.add(joined(sorted.subList(from, i)));
        from = i;
      } else if (sorted.get(i).address() < sorted.get(i - 1).end()) {
        throw new IllegalArgumentException(
            "there are two bytes for address 0x%08x".formatted(sorted.get(i).address()));
      }
    }
    return new HexFile(merged, start);
  }

  private static Segment joined(List<Segment> touching) {
    return touching.size() == 1
        ? touching.getFirst()
        : new Segment(
            touching.getFirst().address(),
            Bytes.concat(touching.stream().map(Segment::data).toArray(Bytes[]::new)));
  }

  public static HexFile of(Segment segment) {
    return new HexFile(List.of(segment), Optional.empty());
  }

  /// Refuses with the number of the line.
  public static HexFile read(Bytes text) throws MalformedException {
    return new HexReader(text, DATA_MAX, JUMPS_MAX).file();
  }

  /// As imgtool writes it: upper case, LF, 16 bytes a record, the upper bits of addresses only
  /// where they are needed.
  public Bytes write() {
    return HexWriter.write(this);
  }

  /// Of the first byte.
  public long address() {
    return segments.getFirst().address();
  }

  /// From the first byte to the last.
  public long span() {
    return segments.getLast().end() - address();
  }

  /// All in one piece from [#address] on, the room between the segments as erased flash reads.
  public Bytes flat(int erasedValue) throws MalformedException {
    if (span() > SPAN_MAX) {
      throw new MalformedException(
          "the data lies from 0x%08x to 0x%08x; at most %d MiB are taken in one piece"
              .formatted(address(), segments.getLast().end(), SPAN_MAX >> 20),
          0);
    }
    byte[] flat = new byte[(int) span()];
    Arrays.fill(flat, (byte) erasedValue);
    for (Segment segment : segments) {
      segment.data().copyTo(flat, (int) (segment.address() - address()));
    }
    return Bytes.owning(flat);
  }
}
