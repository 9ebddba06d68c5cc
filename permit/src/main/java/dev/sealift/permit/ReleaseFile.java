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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A release on disk and on the air, permit first: a CBOR sequence in which every image begins at a
/// multiple of 4096 bytes and stays there.
///
/// ```
/// Bundle  bstr(block table)+  null*  bstr(image)  (null*  bstr(image))*
///                                         ^ its content begins at imageOffset
/// ```
///
/// Tables and images stand in the order of the manifest's parts. A null is one byte (f6), so that
/// any room can be filled exactly; a longer bundle takes of those before the first image. Files are
/// written with room for the longest bundle, so that no newer part ever moves a byte of an image.
public record ReleaseFile(Bundle bundle, List<Content> contents, int imageOffset) {
  public static final int ALIGNMENT = 4096;

  /// The head (all before the first image) is no longer than this: a device need not look further.
  public static final int HEAD_BYTES_MAX = 1 << 20;

  private static final int BYTE_STRING = 2;
  private static final int NULL = 0xf6;

  /// One part's bytes.
  public record Content(BlockTable table, Bytes image) {
    public static Content of(Bytes image) {
      return new Content(BlockTable.of(image), image);
    }
  }

  public ReleaseFile {
    contents = List.copyOf(contents);
    requireCount(contents.size());
    if (imageOffset % ALIGNMENT != 0 || imageOffset > HEAD_BYTES_MAX) {
      throw new IllegalArgumentException("image at " + imageOffset);
    }
    if (imageOffset < headBytes(bundle.encode().size(), contents)) {
      throw new IllegalArgumentException(
          "bundle and tables do not fit before an image at " + imageOffset);
    }
  }

  /// A new file, with room for a bundle of [Bundle#BYTES_MAX] bytes.
  public static ReleaseFile of(Bundle bundle, List<Bytes> images) {
    requireCount(images.size());
    List<Content> contents = images.stream().map(Content::of).toList();
    int room = Math.max(Bundle.BYTES_MAX, bundle.encode().size());
    return new ReleaseFile(bundle, contents, roundUp(headBytes(room, contents)));
  }

  private static void requireCount(int images) {
    if (images < 1 || images > Release.PARTS_MAX) {
      throw new IllegalArgumentException(
          "%d images, not 1 to %d".formatted(images, Release.PARTS_MAX));
    }
  }

  /// The same file with another bundle for the same release: not a byte of an image moves.
  public ReleaseFile withBundle(Bundle other) {
    return new ReleaseFile(other, contents, imageOffset);
  }

  /// Where the content of each image begins.
  public List<Integer> imageOffsets() {
    List<Integer> offsets = new ArrayList<>();
    int offset = imageOffset;
    for (int i = 0; i < contents.size(); i++) {
      if (i > 0) {
        int end = offset + contents.get(i - 1).image().size();
        offset = roundUp(end + headSize(contents.get(i).image().size()));
      }
      offsets.add(offset);
    }
    return offsets;
  }

  public Bytes encode() {
    List<Integer> offsets = imageOffsets();
    List<Bytes> parts = new ArrayList<>();
    parts.add(bundle.encode());
    contents.forEach(content -> parts.add(byteString(content.table().digests())));
    int size = parts.stream().mapToInt(Bytes::size).sum();
    for (int i = 0; i < contents.size(); i++) {
      Bytes image = contents.get(i).image();
      parts.add(Bytes.filled(offsets.get(i) - headSize(image.size()) - size, NULL));
      parts.add(byteString(image));
      size = offsets.get(i) + image.size();
    }
    return Bytes.concat(parts.toArray(new Bytes[0]));
  }

  public static ReleaseFile read(Bytes bytes) throws MalformedException {
    Bytes head = bytes.first(Math.min(bytes.size(), HEAD_BYTES_MAX));
    Cbor.Prefix prefix = Cbor.lenientPrefix(head);
    Bundle bundle = Bundle.decode(bytes.first(prefix.size()));
    List<Bytes> strings = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    Bytes rest = bytes.from(prefix.size());
    while (!rest.isEmpty()) {
      ByteReader reader = new ByteReader(rest.from(nulls(rest)), ByteOrder.BIG_ENDIAN);
      strings.add(byteString(reader, "block table or image"));
      rest = reader.rest();
      offsets.add(bytes.size() - rest.size() - strings.getLast().size());
      if (strings.size() > 2 * Release.PARTS_MAX) {
        throw new MalformedException("more than %d parts".formatted(Release.PARTS_MAX), 0);
      }
    }
    int parts = strings.size() / 2;
    if (parts == 0 || strings.size() % 2 != 0) {
      throw new MalformedException(
          "%d block tables and images together".formatted(strings.size()), bytes.size());
    }
    return of(
        bundle,
        strings.subList(0, parts),
        strings.subList(parts, 2 * parts),
        offsets.get(parts),
        bytes);
  }

  private static ReleaseFile of(
      Bundle bundle, List<Bytes> tables, List<Bytes> images, int imageOffset, Bytes bytes)
      throws MalformedException {
    List<Content> contents = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Bytes digests = tables.get(i);
      Bytes image = images.get(i);
      if (digests.isEmpty() || digests.size() != BlockTable.size(image.size())) {
        throw new MalformedException(
            "block table of %d bytes for an image of %d".formatted(digests.size(), image.size()),
            0);
      }
      contents.add(new Content(new BlockTable(digests), image));
    }
    if (imageOffset % ALIGNMENT != 0 || imageOffset > HEAD_BYTES_MAX) {
      throw new MalformedException("image at " + imageOffset, imageOffset);
    }
    if (imageOffset < headBytes(bundle.encode().size(), contents)) {
      throw new MalformedException("a block table with a longer head than it needs", 0);
    }
    ReleaseFile file = new ReleaseFile(bundle, contents, imageOffset);
    // One way to write a file: nulls only where they are needed.
    if (!file.encode().equals(bytes)) {
      throw new MalformedException("an image is not where it belongs", imageOffset);
    }
    return file;
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
    if (release.parts().size() != contents.size()) {
      return new Judgement.Inconsistent(
          Refusal.R21,
          "%d images, the release has %d".formatted(contents.size(), release.parts().size()));
    }
    return IntStream.range(0, contents.size())
        .mapToObj(i -> judge(contents.get(i), release.parts().get(i)))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> new Judgement.Consistent(release));
  }

  private static Optional<Judgement> judge(Content content, Release.Part part) {
    Bytes image = content.image();
    if (image.size() != part.size()) {
      return inconsistent(
          Refusal.R19,
          "an image of %d bytes, the release has %d".formatted(image.size(), part.size()));
    }
    if (!part.tableDigest().fits(content.table().digests())
        || !content.table().equals(BlockTable.of(image))) {
      return inconsistent(
          Refusal.R20, "the block table is not the one of the image and the release");
    }
    return part.fileDigest().fits(image)
        ? Optional.empty()
        : inconsistent(Refusal.R21, "the image is not the one of the release");
  }

  private static Optional<Judgement> inconsistent(Refusal refusal, String detail) {
    return Optional.of(new Judgement.Inconsistent(refusal, detail));
  }

  /// All before the content of the first image, for a bundle of so many bytes.
  private static int headBytes(int bundleBytes, List<Content> contents) {
    return bundleBytes
        + contents.stream()
            .mapToInt(content -> byteStringSize(content.table().digests().size()))
            .sum()
        + headSize(contents.getFirst().image().size());
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

  private static int nulls(Bytes bytes) {
    int count = 0;
    while (count < bytes.size() && bytes.at(count) == NULL) {
      count++;
    }
    return count;
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
