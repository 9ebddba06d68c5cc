// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.compression;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;

/// The two bytes before the LZMA2 stream: what the decoder on the device must have room for. The
/// dictionary counts bytes; `lc`, `lp` and `pb` are LZMA's own names of its three properties.
record Lzma2Head(int dictionarySize, int lc, int lp, int pb) {
  static final int SIZE = 2;

  /// More than a microcontroller has memory; imgtool's own is 128 KiB.
  static final int DICTIONARY_SIZE_MAX = 4 << 20;

  /// LZMA2 narrows LZMA here.
  static final int LC_AND_LP_MAX = 4;

  private static final int PROPERTIES_MAX = (4 * 5 + 4) * 9 + 8;

  static Lzma2Head read(Bytes stored) throws MalformedException {
    if (stored.size() < SIZE) {
      throw new MalformedException(
          "%d bytes are no compressed payload".formatted(stored.size()), 0);
    }
    long dictionary = dictionarySize(stored.at(0));
    if (dictionary > DICTIONARY_SIZE_MAX) {
      throw new MalformedException(
          "the stream needs a dictionary of %d bytes, at most %d are given"
              .formatted(dictionary, DICTIONARY_SIZE_MAX),
          0);
    }
    int properties = stored.at(1);
    int lc = properties % 9;
    int lp = properties / 9 % 5;
    if (properties > PROPERTIES_MAX || lc + lp > LC_AND_LP_MAX) {
      throw new MalformedException(
          "%02x are no properties of an LZMA2 stream".formatted(properties), 1);
    }
    return new Lzma2Head((int) dictionary, lc, lp, properties / 45);
  }

  static long dictionarySize(int code) {
    return code > 63 ? Long.MAX_VALUE : (2L | (code & 1)) << (code / 2 + 11);
  }
}
