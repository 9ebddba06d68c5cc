// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/// An immutable run of bytes that compares by content and prints as hex. Slices share their
/// storage, so cutting a file into its parts copies nothing.
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] storage;
  private final int offset;
  private final int size;
  private int hash;

  private Bytes(byte[] storage, int offset, int size) {
    this.storage = storage;
    this.offset = offset;
    this.size = size;
  }

  /// Copies the array.
  public static Bytes of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone(), 0, bytes.length);
  }

  /// Each value must fit a byte, signed or not (-128 to 255).
  public static Bytes ofInts(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      if (values[i] < Byte.MIN_VALUE || values[i] > 0xff) {
        throw new IllegalArgumentException("not a byte: " + values[i]);
      }
      bytes[i] = (byte) values[i];
    }
    return new Bytes(bytes, 0, bytes.length);
  }

  /// Takes the array over without a copy: the caller made it and forgets it with this call.
  public static Bytes owning(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes, 0, bytes.length);
  }

  /// Copies a part of the array.
  public static Bytes copyOf(byte[] bytes, int from, int to) {
    return owning(Arrays.copyOfRange(bytes, from, to));
  }

  public static Bytes ofUtf8(String text) {
    return owning(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Two hexadecimal digits a byte, either case, nothing between.
  public static Bytes ofHex(String hex) {
    return owning(HEX.parseHex(hex));
  }

  public static Bytes filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return owning(bytes);
  }

  public static Bytes concat(Bytes... parts) {
    int size = 0;
    for (Bytes part : parts) {
      size = Math.addExact(size, part.size);
    }
    byte[] all = new byte[size];
    int at = 0;
    for (Bytes part : parts) {
      part.copyTo(all, at);
      at += part.size;
    }
    return owning(all);
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The byte at `index` as 0 to 255.
  public int at(int index) {
    Objects.checkIndex(index, size);
    return storage[offset + index] & 0xff;
  }

  /// From `from` (inclusive) to `to` (exclusive).
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size);
    return from == to ? EMPTY : new Bytes(storage, offset + from, to - from);
  }

  public Bytes from(int from) {
    return slice(from, size);
  }

  public Bytes first(int count) {
    return slice(0, count);
  }

  public Bytes plus(Bytes other) {
    return concat(this, other);
  }

  public boolean startsWith(Bytes prefix) {
    return prefix.size <= size && first(prefix.size).equals(prefix);
  }

  /// Whether every byte is `value`; true of no bytes at all.
  public boolean isFilledWith(int value) {
    byte wanted = (byte) value;
    for (int i = 0; i < size; i++) {
      if (storage[offset + i] != wanted) {
        return false;
      }
    }
    return true;
  }

  public byte[] toArray() {
    return Arrays.copyOfRange(storage, offset, offset + size);
  }

  public void copyTo(byte[] target, int at) {
    System.arraycopy(storage, offset, target, at, size);
  }

  /// A read-only view.
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(storage, offset, size).slice().asReadOnlyBuffer();
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(storage, offset, size);
  }

  /// Feeds the bytes to a digest without a copy.
  public void updateInto(MessageDigest digest) {
    digest.update(storage, offset, size);
  }

  public Bytes sha256() {
    return digest("SHA-256");
  }

  /// `algorithm` is a name that every JDK has, such as SHA-256, SHA-384, SHA-512.
  public Bytes digest(String algorithm) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      updateInto(digest);
      byte[] result = new byte[digest.getDigestLength()];
      digest.digest(result, 0, result.length);
      return owning(result);
    } catch (java.security.NoSuchAlgorithmException | DigestException e) {
      throw new IllegalStateException("this JDK lacks " + algorithm, e);
    }
  }

  public String toUtf8() {
    return new String(storage, offset, size, StandardCharsets.UTF_8);
  }

  public String toHex() {
    return HEX.formatHex(storage, offset, offset + size);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            storage, offset, offset + size, that.storage, that.offset, that.offset + that.size);
  }

  @Override
  public int hashCode() {
    if (hash == 0 && size > 0) {
      int h = 1;
      for (int i = 0; i < size; i++) {
        h = 31 * h + storage[offset + i];
      }
      hash = h;
    }
    return hash;
  }

  /// Bytewise, unsigned, the shorter first: the order of deterministic CBOR.
  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(
        storage, offset, offset + size, other.storage, other.offset, other.offset + other.size);
  }

  /// Hex, cut after 32 bytes so that a log line stays one.
  @Override
  public String toString() {
    return size <= 32 ? toHex() : first(32).toHex() + "… (" + size + " bytes)";
  }
}
