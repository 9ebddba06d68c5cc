// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;

/// One short digest for each page of an image, one after the other, so that a wrong page is known
/// before it is written (T03). The last page is as long as the image leaves it.
public record BlockTable(Bytes digests) {
  public static final int PAGE_BYTES = 4096;

  /// The first half of SHA-256: nobody gains from finding two pages with one digest, and for a
  /// given one 16 bytes are plenty.
  public static final int DIGEST_BYTES = 16;

  public BlockTable {
    if (digests.isEmpty() || digests.size() % DIGEST_BYTES != 0) {
      throw new IllegalArgumentException("a block table of %d bytes".formatted(digests.size()));
    }
  }

  public static BlockTable of(Bytes image) {
    if (image.isEmpty()) {
      throw new IllegalArgumentException("an image of no bytes");
    }
    Bytes[] digests = new Bytes[Math.toIntExact(pages(image.size()))];
    for (int page = 0; page < digests.length; page++) {
      int from = page * PAGE_BYTES;
      digests[page] = digest(image.slice(from, Math.min(from + PAGE_BYTES, image.size())));
    }
    return new BlockTable(Bytes.concat(digests));
  }

  /// What a table brought by somebody is worth.
  public sealed interface Judgement {
    record Good(BlockTable table) implements Judgement {}

    record Refused(Refusal refusal, String detail) implements Judgement {}
  }

  /// The table, if it is the one that a part of a permit names.
  public static Judgement judge(Bytes digests, Release.Part part) {
    if (digests.size() != part.tableSize()) {
      return new Judgement.Refused(
          Refusal.R19,
          "block table of %d bytes, expected %d".formatted(digests.size(), part.tableSize()));
    }
    return part.tableDigest().fits(digests)
        ? new Judgement.Good(new BlockTable(digests))
        : new Judgement.Refused(Refusal.R20, "the block table is not the one of the release");
  }

  /// What a page is worth.
  public sealed interface PageJudgement {
    record Good() implements PageJudgement {}

    record Refused(Refusal refusal, String detail) implements PageJudgement {}
  }

  public PageJudgement judge(int page, Bytes bytes) {
    if (page < 0 || page >= pages()) {
      return new PageJudgement.Refused(
          Refusal.R19, "page %d of an image of %d".formatted(page, pages()));
    }
    Bytes expected = digests.slice(page * DIGEST_BYTES, (page + 1) * DIGEST_BYTES);
    return digest(bytes).equals(expected)
        ? new PageJudgement.Good()
        : new PageJudgement.Refused(Refusal.R20, "page %d is another one".formatted(page));
  }

  public int pages() {
    return digests.size() / DIGEST_BYTES;
  }

  /// The size of the table for an image of so many bytes.
  public static long size(long imageBytes) {
    return pages(imageBytes) * DIGEST_BYTES;
  }

  private static long pages(long imageBytes) {
    return (imageBytes + PAGE_BYTES - 1) / PAGE_BYTES;
  }

  private static Bytes digest(Bytes page) {
    return page.sha256().first(DIGEST_BYTES);
  }
}
