// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitOutcome;
import java.nio.ByteOrder;

/// A release on disk and on the air, permit first: a CBOR sequence whose image begins at a
/// multiple of 4096 bytes and stays there.
///
/// ```
/// Bundle  bstr(block table)  null*  bstr(image)
///                                   ^ its content begins at imageOffset
/// ```
///
/// A null is one byte (f6), so that any room can be filled exactly; a longer bundle takes of them.
/// Files are written with room for the longest bundle, so that no newer part ever moves a byte of
/// the image.
public record ReleaseFile(Bundle bundle, BlockTable table, Bytes image, int imageOffset) {
  public static final int ALIGNMENT = 4096;

  /// The head (all before the image) is no longer than this: a device need not look further.
  public static final int HEAD_BYTES_MAX = 1 << 20;

  private static final int BYTE_STRING = 2;
  private static final int NULL = 0xf6;

  public ReleaseFile {
    if (imageOffset % ALIGNMENT != 0 || imageOffset > HEAD_BYTES_MAX) {
      throw new IllegalArgumentException("image at " + imageOffset);
    }
    if (padding(bundle, table, image, imageOffset) < 0) {
      throw new IllegalArgumentException(
          "bundle and table do not fit before an image at " + imageOffset);
    }
  }

  /// A new file, with room for a bundle of [Bundle#BYTES_MAX] bytes.
  public static ReleaseFile of(Bundle bundle, Bytes image) {
    BlockTable table = BlockTable.of(image);
    int head =
        Math.max(Bundle.BYTES_MAX, bundle.encode().size())
            + byteStringSize(table.digests().size())
            + headSize(image.size());
    return new ReleaseFile(bundle, table, image, roundUp(head));
  }

  /// The same file with another bundle for the same release: not a byte of the image moves.
  public ReleaseFile withBundle(Bundle other) {
    return new ReleaseFile(other, table, image, imageOffset);
  }

  public Bytes encode() {
    return Bytes.concat(
        bundle.encode(),
        byteString(table.digests()),
        Bytes.filled(padding(bundle, table, image, imageOffset), NULL),
        byteString(image));
  }

  public static ReleaseFile read(Bytes bytes) throws MalformedException {
    Bytes head = bytes.first(Math.min(bytes.size(), HEAD_BYTES_MAX));
    Cbor.Prefix prefix = Cbor.lenientPrefix(head);
    Bundle bundle = Bundle.decode(bytes.first(prefix.size()));
    ByteReader reader = new ByteReader(bytes.from(prefix.size()), ByteOrder.BIG_ENDIAN);
    Bytes digests = byteString(reader, "block table");
    Bytes rest = reader.rest();
    int nulls = 0;
    while (nulls < rest.size() && rest.at(nulls) == NULL) {
      nulls++;
    }
    ByteReader last = new ByteReader(rest.from(nulls), ByteOrder.BIG_ENDIAN);
    Bytes image = byteString(last, "image");
    if (!last.isAtEnd()) {
      throw new MalformedException(
          "%d bytes behind the image".formatted(last.remaining()), bytes.size());
    }
    int imageOffset = bytes.size() - image.size();
    if (digests.isEmpty() || digests.size() != BlockTable.size(image.size())) {
      throw new MalformedException(
          "block table of %d bytes for an image of %d".formatted(digests.size(), image.size()),
          prefix.size());
    }
    if (imageOffset % ALIGNMENT != 0 || imageOffset > HEAD_BYTES_MAX) {
      throw new MalformedException("image at " + imageOffset, imageOffset);
    }
    return new ReleaseFile(bundle, new BlockTable(digests), image, imageOffset);
  }

  /// Whether the parts belong together, whoever signed them.
  public sealed interface Judgement {
    record Consistent(Release release) implements Judgement {}

    record Inconsistent(Refusal refusal, String detail) implements Judgement {}
  }

  public Judgement judge() {
    Release release;
    try {
      switch (bundle.openEnvelope().inspect()) {
        case SuitOutcome.Refused<SuitManifest>(var refusal) -> {
          return new Judgement.Inconsistent(Refusal.R2, refusal.detail());
        }
        case SuitOutcome.Accepted<SuitManifest>(var manifest) -> {
          switch (ManifestProfile.match(manifest)) {
            case ManifestProfile.Match.Differs(var refusal, var detail) -> {
              return new Judgement.Inconsistent(refusal, detail);
            }
            case ManifestProfile.Match.Fits(var fits) -> release = fits;
          }
        }
      }
    } catch (MalformedException e) {
      return new Judgement.Inconsistent(Refusal.R1, e.getMessage());
    }
    if (image.size() != release.size()) {
      return new Judgement.Inconsistent(
          Refusal.R19,
          "an image of %d bytes, the release has %d".formatted(image.size(), release.size()));
    }
    if (!release.tableDigest().fits(table.digests()) || !table.equals(BlockTable.of(image))) {
      return new Judgement.Inconsistent(
          Refusal.R20, "the block table is not the one of the image and the release");
    }
    return release.fileDigest().fits(image)
        ? new Judgement.Consistent(release)
        : new Judgement.Inconsistent(Refusal.R21, "the image is not the one of the release");
  }

  /// How many nulls bring the image to its offset; negative if it would have to be further back.
  private static int padding(Bundle bundle, BlockTable table, Bytes image, int imageOffset) {
    return imageOffset
        - bundle.encode().size()
        - byteStringSize(table.digests().size())
        - headSize(image.size());
  }

  private static Bytes byteString(Bytes content) {
    return Cbor.encode(new CborBytes(content));
  }

  /// One byte string with its shortest head; what it says is checked before anything is taken.
  private static Bytes byteString(ByteReader reader, String what) throws MalformedException {
    int first = reader.u8(what);
    int detail = first & 0x1f;
    if (first >> 5 != BYTE_STRING || detail > 26) {
      throw new MalformedException(what + " is no byte string of definite size", 0);
    }
    long size =
        switch (detail) {
          case 24 -> reader.u8(what);
          case 25 -> reader.u16(what);
          case 26 -> reader.u32(what);
          default -> detail;
        };
    if (size > reader.remaining()) {
      throw new MalformedException(
          "%s of %d bytes, %d are left".formatted(what, size, reader.remaining()), 0);
    }
    int headSize =
        switch (detail) {
          case 24 -> 2;
          case 25 -> 3;
          case 26 -> 5;
          default -> 1;
        };
    if (headSize(size) != headSize) {
      throw new MalformedException(what + " has a longer head than it needs", 0);
    }
    return reader.take((int) size, what);
  }

  private static int byteStringSize(int content) {
    return headSize(content) + content;
  }

  private static int headSize(long content) {
    if (content < 24) {
      return 1;
    }
    if (content <= 0xff) {
      return 2;
    }
    return content <= 0xffff ? 3 : 5;
  }

  private static int roundUp(int size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
