// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.compression;

import dev.sealift.bytes.Bytes;

/// What came of decompressing a payload.
public sealed interface Decompressed {
  /// All of it, of the size that was announced.
  record Whole(Bytes payload) implements Decompressed {}

  /// Not so; the sentence says what was seen.
  record Broken(String sentence) implements Decompressed {}
}
