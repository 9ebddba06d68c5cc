// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.Image;
import java.util.Arrays;
import java.util.List;

/// What a second signer finds before signing: whether a release is what they have built themselves
/// from the same sources (T06). Signatures differ from one build to the next, so images are
/// compared by what the bootloader hashes: header, payload and protected TLVs. That hash is
/// computed here; what an image says of itself counts for nothing.
public final class OwnBuild {
  private OwnBuild() {}

  /// What came of the comparison.
  public sealed interface Judgement {
    record Same() implements Judgement {}

    /// Not to be signed.
    record Refused(Refusal refusal, String detail) implements Judgement {}
  }

  /// `images` are the signer's own files, one for each part of the release and in its order.
  public static Judgement judge(Release release, List<Bytes> images) {
    if (images.size() != release.parts().size()) {
      return new Judgement.Refused(
          Refusal.R21,
          "the release has %d images, %d were built"
              .formatted(release.parts().size(), images.size()));
    }
    for (int i = 0; i < images.size(); i++) {
      Judgement judgement = judge(release.parts().get(i), images.get(i));
      if (!(judgement instanceof Judgement.Same)) {
        return judgement;
      }
    }
    return new Judgement.Same();
  }

  private static Judgement judge(Release.Part part, Bytes built) {
    Bytes hashed;
    try {
      hashed = Image.read(built).hashRegion();
    } catch (MalformedException e) {
      return new Judgement.Refused(
          Refusal.R22, "your build for %s is no image: %s".formatted(part.place(), e.getMessage()));
    }
    Bytes named = part.imageHash().value();
    Bytes own = algorithm(named).digest(hashed);
    return own.equals(named)
        ? new Judgement.Same()
        : new Judgement.Refused(
            Refusal.R21,
            "for %s the release names %s, your build has %s"
                .formatted(part.place(), named.toHex(), own.toHex()));
  }

  /// A digest's size tells which it is, here as in the image's own TLVs.
  private static HashAlgorithm algorithm(Bytes digest) {
    return Arrays.stream(HashAlgorithm.values())
        .filter(known -> known.size() == digest.size())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no digest has this size: " + digest.size()));
  }
}
