// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.compression;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.tukaani.xz.ARMThumbOptions;
import org.tukaani.xz.FinishableOutputStream;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.LZMA2Options;

/// The ways a payload can be compressed.
public enum Compression {
  LZMA2,
  /// With the targets of ARM Thumb's branches made absolute first, so that they repeat.
  LZMA2_ARM_THUMB;

  /// The largest payload that is decompressed, whatever the image announces.
  public static final int SIZE_MAX = 64 << 20;

  /// What the header announces; nothing when it is not compressed, or by LZMA1, whose form MCUboot
  /// names but no tool defines.
  public static Optional<Compression> of(ImageHeader header) {
    if (!header.has(ImageFlag.COMPRESSED_LZMA2) || header.has(ImageFlag.COMPRESSED_LZMA1)) {
      return Optional.empty();
    }
    return Optional.of(header.has(ImageFlag.COMPRESSED_ARM_THUMB) ? LZMA2_ARM_THUMB : LZMA2);
  }

  /// The flags of the header that announce it.
  public long flags() {
    return switch (this) {
      case LZMA2 -> ImageFlag.COMPRESSED_LZMA2.mask();
      case LZMA2_ARM_THUMB ->
          ImageFlag.COMPRESSED_LZMA2.mask() | ImageFlag.COMPRESSED_ARM_THUMB.mask();
    };
  }

  /// All of `stored`, head and stream, must give a payload of exactly `size` bytes.
  public Decompressed decompress(Bytes stored, long size) {
    if (size > SIZE_MAX) {
      return new Decompressed.Broken(
          "it should have %d bytes decompressed, at most %d are taken".formatted(size, SIZE_MAX));
    }
    try {
      Lzma2Head head = Lzma2Head.read(stored);
      ByteArrayInputStream in = new ByteArrayInputStream(stored.from(Lzma2Head.SIZE).toArray());
      byte[] payload;
      try (InputStream stream = stream(in, head, size)) {
        payload = stream.readNBytes((int) size + 1);
      }
      if (payload.length != size) {
        return new Decompressed.Broken(
            payload.length < size
                ? "it has %d bytes decompressed, %d are announced".formatted(payload.length, size)
                : "it has more bytes decompressed than the %d announced".formatted(size));
      }
      return in.available() == 0
          ? new Decompressed.Whole(Bytes.owning(payload))
          : new Decompressed.Broken(
              "%d bytes follow the end of the LZMA2 stream".formatted(in.available()));
    } catch (MalformedException e) {
      return new Decompressed.Broken(e.getMessage());
    } catch (EOFException _) {
      return new Decompressed.Broken("the LZMA2 stream is cut off");
    } catch (IOException _) {
      return new Decompressed.Broken("the LZMA2 stream is damaged");
    }
  }

  /// Head and stream that [#decompress] takes. Other encoders give other streams of about the same
  /// size.
  public Bytes compress(Bytes payload, Lzma2Settings settings) {
    if (payload.size() > SIZE_MAX) {
      throw new IllegalArgumentException(
          "%d bytes are too many to compress, at most %d are taken"
              .formatted(payload.size(), SIZE_MAX));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream stream = encoder(new FinishableWrapperOutputStream(out), settings)) {
      payload.writeTo(stream);
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    Bytes stored = settings.head().plus(Bytes.owning(out.toByteArray()));
    if (!decompress(stored, payload.size()).equals(new Decompressed.Whole(payload))) {
      throw new IllegalStateException("the compressed payload does not come back");
    }
    return stored;
  }

  private OutputStream encoder(FinishableOutputStream out, Lzma2Settings settings)
      throws IOException {
    FinishableOutputStream lzma2 = settings.options().getOutputStream(out);
    return switch (this) {
      case LZMA2 -> lzma2;
      case LZMA2_ARM_THUMB -> new ARMThumbOptions().getOutputStream(lzma2);
    };
  }

  /// No match reaches back further than the payload is long, so no dictionary need be larger.
  private InputStream stream(InputStream in, Lzma2Head head, long size) throws IOException {
    int dictionary = (int) Math.min(head.dictionarySize(), size);
    InputStream lzma2 = new LZMA2InputStream(in, Math.max(LZMA2Options.DICT_SIZE_MIN, dictionary));
    return switch (this) {
      case LZMA2 -> lzma2;
      case LZMA2_ARM_THUMB -> new ARMThumbOptions().getInputStream(lzma2);
    };
  }
}
