// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;

/// UUIDs of version 5 (RFC 9562): the same text always gives the same id, here, in imgtool and in
/// any SUIT tool.
final class Uuid {
  static final int SIZE = 16;

  /// The name space of domain names.
  static final Bytes DNS = parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

  private Uuid() {}

  static Bytes version5(Bytes nameSpace, String name) {
    byte[] hash = nameSpace.plus(Bytes.ofUtf8(name)).digest("SHA-1").first(SIZE).toArray();
    hash[6] = (byte) ((hash[6] & 0x0f) | 0x50);
    hash[8] = (byte) ((hash[8] & 0x3f) | 0x80);
    return Bytes.owning(hash);
  }

  static Bytes requireSize(Bytes bytes) {
    if (bytes.size() != SIZE) {
      throw new IllegalArgumentException("an id has 16 bytes, not " + bytes.size());
    }
    return bytes;
  }

  /// As people write it, with or without its dashes.
  static Bytes parse(String text) {
    return requireSize(Bytes.ofHex(text.replace("-", "")));
  }

  static String format(Bytes bytes) {
    String hex = bytes.toHex();
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }
}
