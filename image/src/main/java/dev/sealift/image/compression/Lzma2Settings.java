// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.compression;

import dev.sealift.bytes.Bytes;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.UnsupportedOptionsException;

/// How a payload is compressed by LZMA2: what the decoder on the device must have room for, in its
/// own words (`dictionarySize` in bytes, `lc`, `lp`, `pb`), and the effort, 0 to 9.
public record Lzma2Settings(int dictionarySize, int lc, int lp, int pb, int preset) {
  /// As imgtool compresses unless told otherwise, and as decoders on devices are built.
  public static final Lzma2Settings USUAL = new Lzma2Settings(128 << 10, 3, 1, 2, 9);

  public static final int DICTIONARY_SIZE_MIN = 4096;
  public static final int DICTIONARY_SIZE_MAX = Lzma2Head.DICTIONARY_SIZE_MAX;

  public Lzma2Settings {
    if (dictionarySize < DICTIONARY_SIZE_MIN || dictionarySize > DICTIONARY_SIZE_MAX) {
      throw new IllegalArgumentException(
          "the dictionary of LZMA2 has %d to %d bytes, not %d"
              .formatted(DICTIONARY_SIZE_MIN, DICTIONARY_SIZE_MAX, dictionarySize));
    }
    if (lc < 0 || lp < 0 || lc + lp > Lzma2Head.LC_AND_LP_MAX) {
      throw new IllegalArgumentException(
          "lc and lp of LZMA2 are together 0 to 4, not %d and %d".formatted(lc, lp));
    }
    if (pb < 0 || pb > 4) {
      throw new IllegalArgumentException("pb of LZMA2 is 0 to 4, not " + pb);
    }
    if (preset < LZMA2Options.PRESET_MIN || preset > LZMA2Options.PRESET_MAX) {
      throw new IllegalArgumentException("a preset of LZMA2 is 0 to 9, not " + preset);
    }
  }

  /// The two bytes before the stream. Sizes of dictionaries have one or two bits set there, so that
  /// one is announced that is as large or larger.
  Bytes head() {
    int code = 0;
    while (Lzma2Head.dictionarySize(code) < dictionarySize) {
      code++;
    }
    return Bytes.ofInts(code, (pb * 5 + lp) * 9 + lc);
  }

  LZMA2Options options() throws UnsupportedOptionsException {
    LZMA2Options options = new LZMA2Options(preset);
    options.setDictSize(dictionarySize);
    options.setLcLp(lc, lp);
    options.setPb(pb);
    return options;
  }
}
