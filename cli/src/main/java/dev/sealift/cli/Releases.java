// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.update.UpdateMaterial;
import java.nio.file.Path;
import java.util.Optional;

/// Files that can be sent to a device: releases and bare images.
final class Releases {
  private static final Bytes IMAGE_MAGIC = Bytes.ofHex("3db8f396");

  private Releases() {}

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

  /// Whatever a device can be updated with, held together by its own digests before anything is
  /// sent.
  static UpdateMaterial material(Path file) {
    Bytes content = Files.readImage(file);
    if (content.startsWith(IMAGE_MAGIC)) {
      return new UpdateMaterial(content, hash(file, content), Optional.empty());
    }
    ReleaseFile release = read(file);
    switch (release.judge()) {
      case ReleaseFile.Judgement.Consistent _ -> {}
      case ReleaseFile.Judgement.Inconsistent(var refusal, var detail) ->
          throw Failure.refused(
              "%s does not hold together, nothing was sent: %s (%s)"
                  .formatted(file, refusal.sentence(detail), refusal));
    }
    return material(file, release);
  }

  static UpdateMaterial material(Path file, ReleaseFile release) {
    return UpdateMaterial.of(release, hash(file, release.image()), digest(file, release));
  }

  private static Bytes digest(Path file, ReleaseFile release) {
    try {
      return switch (release.bundle().openEnvelope().digest()) {
        case SuitOutcome.Accepted<SuitDigest>(var digest) -> digest.value();
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
}
