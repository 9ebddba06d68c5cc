// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.dfu.DfuPackage;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.ReleaseMark;
import dev.sealift.permit.ReleaseSummary;
import dev.sealift.permit.Root;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.cose.KeyId;
import dev.sealift.update.UpdateMaterial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files that can be sent to a device: releases, DFU packages and bare images.
final class Releases {
  private static final Bytes IMAGE_MAGIC = Bytes.ofHex("3db8f396");

  private static final Bytes ZIP_MAGIC = Bytes.ofUtf8("PK");

  private Releases() {}

  /// A release file whose parts belong together, and by what it is named.
  record Named(ReleaseFile file, Release release, SuitDigest digest) {
    ReleaseMark mark() {
      return new ReleaseMark(release.sequence(), digest);
    }
  }

  static ReleaseFile read(Path file) {
    Bytes content = Files.read(file);
    if (content.startsWith(IMAGE_MAGIC)) {
      throw Failure.refused(file + " is an image, not a release")
          .hint("'sealift release make' makes a release of it");
    }
    try {
      return ReleaseFile.read(content);
    } catch (MalformedException e) {
      throw Failure.refused(file + " is no release: " + e.getMessage());
    }
  }

  /// A release that holds together by its own digests, whoever has signed it.
  static Named named(Path file) {
    ReleaseFile read = read(file);
    return switch (read.judge()) {
      case ReleaseFile.Judgement.Consistent(var release) ->
          new Named(read, release, digest(file, read));
      case ReleaseFile.Judgement.Inconsistent(var refusal, var detail) ->
          throw Failure.refused(
              "%s does not hold together: %s (%s)"
                  .formatted(file, refusal.sentence(detail), refusal));
    };
  }

  /// Whatever a device can be updated with, held together by its own digests before anything is
  /// sent.
  static UpdateMaterial material(Path file) {
    Bytes content = Files.readImage(file);
    if (content.startsWith(IMAGE_MAGIC)) {
      return UpdateMaterial.bare(content, hash(file, content));
    }
    if (content.startsWith(ZIP_MAGIC)) {
      try {
        return UpdateMaterial.of(DfuPackage.read(content));
      } catch (MalformedException e) {
        throw Failure.refused("cannot send %s: %s".formatted(file, e.getMessage()));
      }
    }
    Named named = named(file);
    return UpdateMaterial.of(named.file(), named.release(), named.digest());
  }

  private static SuitDigest digest(Path file, ReleaseFile release) {
    try {
      return switch (release.bundle().openEnvelope().digest()) {
        case SuitOutcome.Accepted<SuitDigest>(var digest) -> digest;
        case SuitOutcome.Refused<SuitDigest>(var refusal) ->
            throw Failure.refused(file + " is no release: " + refusal.detail());
      };
    } catch (MalformedException e) {
      throw Failure.refused(file + " is no release: " + e.getMessage());
    }
  }

  private static Bytes hash(Path file, Bytes image) {
    return image(file, image)
        .hash()
        .orElseThrow(() -> Failure.refused("the image in " + file + " has no digest"));
  }

  static Image image(Path file, Bytes content) {
    try {
      return Image.read(content);
    } catch (MalformedException e) {
      throw Failure.refused("%s holds no MCUboot image: %s".formatted(file, e.getMessage()));
    }
  }

  /// Puts another bundle into a release file; not a byte of an image moves.
  static ReleaseFile write(Path file, ReleaseFile release, Bundle bundle) {
    int size = bundle.encode().size();
    if (size > Bundle.BYTES_MAX) {
      throw Failure.refused(
              "not written: the permit of %s would have %d bytes, devices take %d"
                  .formatted(file, size, Bundle.BYTES_MAX))
          .hint("'sealift release attach --remove' takes out what is no longer needed");
    }
    ReleaseFile changed = release.withBundle(bundle);
    Files.write(file, changed.encode());
    return changed;
  }

  static ReleaseSummary summary(
      Path file, ReleaseFile release, Optional<Root> root, Map<KeyId, String> names) {
    try {
      return ReleaseSummary.of(release.bundle(), root, names);
    } catch (MalformedException e) {
      throw Failure.refused(file + " is no release: " + e.getMessage());
    }
  }

  /// What matters after a change; 'release show' says all.
  static Outcome brief(String headline, Path file, ReleaseFile release, List<String> remarks) {
    ReleaseSummary summary = summary(file, release, Optional.empty(), Map.of());
    Release made = summary.release();
    long size = made.parts().stream().mapToLong(Release.Part::size).sum();
    List<String> lines = new ArrayList<>();
    lines.add(headline);
    lines.add(
        "  version %s, sequence %s, %d bytes%s, %s"
            .formatted(
                made.version(),
                made.sequence(),
                size,
                made.parts().size() == 1 ? "" : " in %d images".formatted(made.parts().size()),
                count(summary.signatures().size(), "signature")));
    remarks.forEach(remark -> lines.add("  " + remark));
    return Outcome.done(lines, summary.toJson());
  }

  static String count(int number, String what) {
    return number == 1 ? "1 " + what : "%d %ss".formatted(number, what);
  }
}
