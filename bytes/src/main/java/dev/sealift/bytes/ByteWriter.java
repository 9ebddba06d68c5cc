// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import java.nio.ByteOrder;
import java.util.Arrays;

/// Writes fields one after the other. A value that does not fit its field is an
/// [IllegalArgumentException]: whoever made the value should have checked it.
public final class ByteWriter {
  private final boolean bigEndian;
  private byte[] buffer = new byte[64];
  private int size;

  public ByteWriter(ByteOrder order) {
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
  }

  public int size() {
    return size;
  }

  public ByteWriter u8(int value) {
    return unsigned(value, 1);
  }

  public ByteWriter u16(int value) {
    return unsigned(value, 2);
  }

  public ByteWriter u32(long value) {
    return unsigned(value, 4);
  }

  public ByteWriter bytes(Bytes bytes) {
    ensure(bytes.size());
    bytes.copyTo(buffer, size);
    size += bytes.size();
    return this;
  }

  public ByteWriter fill(int count, int value) {
    ensure(count);
    Arrays.fill(buffer, size, size + count, (byte) value);
    size += count;
    return this;
  }

  public Bytes toBytes() {
    return Bytes.copyOf(buffer, 0, size);
  }

  private ByteWriter unsigned(long value, int width) {
    if (value < 0 || value >= 1L << (8 * width)) {
      throw new IllegalArgumentException(value + " does not fit " + width + " bytes");
    }
    ensure(width);
    for (int i = 0; i < width; i++) {
      int shift = 8 * (bigEndian ? width - 1 - i : i);
      buffer[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  private void ensure(int more) {
    int needed = Math.addExact(size, more);
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
    }
  }
}
