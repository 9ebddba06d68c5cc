// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

import dev.sealift.bytes.Bytes;

/// How a key is named in headers and lists: the first 8 bytes of its thumbprint (RFC 9679). It
/// helps to find a key and proves nothing.
public record KeyId(Bytes value) implements Comparable<KeyId> {
  public static final int SIZE = 8;

  public KeyId {
    if (value.size() != SIZE) {
      throw new IllegalArgumentException(
          "a key id has %d bytes, not %d".formatted(SIZE, value.size()));
    }
  }

  public static KeyId ofHex(String hex) {
    return new KeyId(Bytes.ofHex(hex));
  }

  @Override
  public int compareTo(KeyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toHex();
  }
}
