// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import java.nio.ByteOrder;

/// Reads fields one after the other; reading past the end is a [MalformedException] that names the
/// field, never an index error.
public final class ByteReader {
  private final Bytes bytes;
  private final boolean bigEndian;
  private int position;

  public ByteReader(Bytes bytes, ByteOrder order) {
    this.bytes = bytes;
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return bytes.size() - position;
  }

  public boolean isAtEnd() {
    return remaining() == 0;
  }

  public int u8(String field) throws MalformedException {
    return (int) unsigned(1, field);
  }

  public int u16(String field) throws MalformedException {
    return (int) unsigned(2, field);
  }

  public long u32(String field) throws MalformedException {
    return unsigned(4, field);
  }

  public Bytes take(int count, String field) throws MalformedException {
    if (count < 0 || count > remaining()) {
      throw new MalformedException(
          "%s needs %d bytes, %d are left".formatted(field, count, remaining()), position);
    }
    Bytes taken = bytes.slice(position, position + count);
    position += count;
    return taken;
  }

  public Bytes rest() {
    Bytes rest = bytes.from(position);
    position = bytes.size();
    return rest;
  }

  private long unsigned(int width, String field) throws MalformedException {
    Bytes raw = take(width, field);
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | raw.at(bigEndian ? i : width - 1 - i);
    }
    return value;
  }
}
