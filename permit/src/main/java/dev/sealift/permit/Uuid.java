// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.NamedUuid;

/// UUIDs of version 5 (RFC 9562): the same text always gives the same id, here, in imgtool and in
/// any SUIT tool.
final class Uuid {
  static final int SIZE = NamedUuid.BYTES;

  private Uuid() {}

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
