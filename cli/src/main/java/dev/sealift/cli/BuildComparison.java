// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.OwnBuild;
import dev.sealift.permit.Place;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Release;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a second signer has built, file by file, held against what a release names (T06). Images
/// are compared by [OwnBuild]; only what stands behind them may differ. A bare binary has no header
/// of its own; it is held against the payload.
final class BuildComparison {
  private static final String HINT =
      "same source, same tools, same version? sign only what you can explain";

  private final Path releaseFile;
  private final Releases.Named release;

  BuildComparison(Path releaseFile, Releases.Named release) {
    this.releaseFile = releaseFile;
    this.release = release;
  }

  /// What was found the same, in lines; anything else is refused. `builds` are files, each with its
  /// place before it unless it is image 0.
  List<String> compare(List<String> builds) {
    List<String> lines = new ArrayList<>();
    List<Place> compared = new ArrayList<>();
    for (String build : builds) {
      int equals = build.indexOf('=');
      boolean hasPlace = equals > 0 && build.substring(0, equals).matches("[0-9]+(:[0-9]+)?");
      Place place =
          hasPlace ? Places.parse("--image", build.substring(0, equals)) : Place.ofImage(0);
      lines.add(compare(place, Path.of(hasPlace ? build.substring(equals + 1) : build)));
      compared.add(place);
    }
    for (Release.Part part : release.release().parts()) {
      if (!compared.contains(part.place())) {
        lines.add("%s: not compared, no build of it was given".formatted(part.place()));
      }
    }
    return lines;
  }

  private String compare(Place place, Path file) {
    int index = release.release().parts().stream().map(Release.Part::place).toList().indexOf(place);
    if (index < 0) {
      throw Failure.refused(
          "%s has nothing for %s; it has %s"
              .formatted(
                  releaseFile,
                  place,
                  String.join(
                      " and ",
                      release.release().parts().stream()
                          .map(part -> part.place().toString())
                          .toList())));
    }
    Bytes own = Files.readImage(file);
    Bytes theirs = release.file().contents().get(index).image();
    if (own.equals(theirs)) {
      return "%s: %s, byte for byte".formatted(place, file);
    }
    Image image = Releases.image(releaseFile, theirs);
    if (image.header().isEncrypted()) {
      // Nobody but the devices can look into it.
      throw differs(place, file, "file", own.sha256(), theirs.sha256());
    }
    Release.Part part = release.release().parts().get(index);
    // What was compared must be what the bootloader will verify.
    require(part, theirs, "%s carries another image than it names: ".formatted(releaseFile));
    if (looksLikeImage(own)) {
      require(part, own, "%s: ".formatted(file));
      return "%s: the image of %s; only what stands behind it differs".formatted(place, file);
    }
    if (image.header().isCompressed()) {
      throw Failure.refused(
          "nothing was signed: %s is compressed in %s, and %s is no image to hold against it"
              .formatted(place, releaseFile, file));
    }
    Bytes payload = withoutRoom(own, image.header().headerSize());
    if (!own.equals(image.payload()) && !payload.equals(image.payload())) {
      throw differs(place, file, "binary", own.sha256(), image.payload().sha256());
    }
    return "%s: the binary of %s; its header was not compared".formatted(place, file);
  }

  private void require(Release.Part part, Bytes image, String whose) {
    Release.Target target =
        new Release.Target(
            release.release().vendor(),
            release.release().deviceClass(),
            release.release().sequence());
    Release alone = Release.of(target, release.release().version(), List.of(part));
    if (OwnBuild.judge(alone, List.of(image))
        instanceof OwnBuild.Judgement.Refused(var refusal, var detail)) {
      throw Failure.refused(
              "nothing was signed: %s%s (%s)".formatted(whose, refusal.sentence(detail), refusal))
          .hint(HINT);
    }
  }

  private Failure differs(Place place, Path file, String what, Bytes own, Bytes theirs) {
    return Failure.refused(
            "nothing was signed: %s (%s)\n  yours    %s\n  release  %s"
                .formatted(
                    Refusal.R21.sentence("%s is another %s for %s".formatted(file, what, place)),
                    Refusal.R21,
                    own.toHex(),
                    theirs.toHex()))
        .hint(HINT);
  }

  private static boolean looksLikeImage(Bytes file) {
    return file.startsWith(Bytes.ofHex("3db8f396")) || file.startsWith(Bytes.ofHex("96f3b83d"));
  }

  /// Zephyr leaves room for the header at the start of a binary.
  private static Bytes withoutRoom(Bytes binary, int headerSize) {
    return binary.size() > headerSize && binary.first(headerSize).isFilledWith(0)
        ? binary.from(headerSize)
        : binary;
  }
}
