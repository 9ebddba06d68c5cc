// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;

/// Bytes as people write them.
final class Hex {
  private Hex() {}

  static Bytes parse(String what, String text) {
    try {
      return Bytes.ofHex(text.strip());
    } catch (IllegalArgumentException _) {
      throw Failure.usage("%s must be hexadecimal digits, is '%s'".formatted(what, text));
    }
  }

  static Bytes parse(String what, String text, int size) {
    if (!text.strip().matches("[0-9a-fA-F]{" + 2 * size + "}")) {
      throw Failure.usage(
          "%s must be %d hexadecimal digits, is '%s'".formatted(what, 2 * size, text));
    }
    return Bytes.ofHex(text.strip());
  }
}
