// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/// Bytes that must not be seen: prints nothing, compares in constant time, and hands itself out
/// only through [#expose].
public final class Secret implements AutoCloseable {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies the array; the caller clears its own.
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /// The one way to the bytes, by a name that is easy to search for. The array is cleared when
  /// `use` returns.
  public <R> R expose(Function<byte[], R> use) {
    byte[] copy = bytes.clone();
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  public int size() {
    return bytes.length;
  }

  /// Clears the secret; what is exposed later is zeroes.
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  /// The same for all secrets of a length: a hash would say something about the content.
  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "secret of " + bytes.length + " bytes";
  }
}
