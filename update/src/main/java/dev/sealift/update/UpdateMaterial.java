// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.suit.SuitDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is sent in an update: images, and where there is one the release that permits them.
public record UpdateMaterial(List<Piece> pieces, Optional<Sealed> release) {
  /// One image: where it belongs, its bytes, MCUboot's digest of it, and its block table where a
  /// release names one.
  public record Piece(Place place, Bytes image, Bytes imageHash, Optional<Bytes> table) {}

  /// A release: its bundle as it travels, and the digest that names it.
  public record Sealed(Bytes bundle, Bytes digest) {}

  public UpdateMaterial {
    pieces = List.copyOf(pieces);
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("nothing to send");
    }
  }

  /// An image for image 0, without any release.
  public static UpdateMaterial bare(Bytes image, Bytes imageHash) {
    return new UpdateMaterial(
        List.of(new Piece(Place.ofImage(0), image, imageHash, Optional.empty())), Optional.empty());
  }

  /// What a release file holds; `release` is what its own check has found in it.
  public static UpdateMaterial of(ReleaseFile file, Release release, SuitDigest manifestDigest) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < release.parts().size(); i++) {
      Release.Part part = release.parts().get(i);
      ReleaseFile.Content content = file.contents().get(i);
      pieces.add(
          new Piece(
              part.place(),
              content.image(),
              part.imageHash().value(),
              Optional.of(content.table().digests())));
    }
    return new UpdateMaterial(
        pieces, Optional.of(new Sealed(file.bundle().encode(), manifestDigest.value())));
  }

  /// The image that runs the application, or the first of its variants.
  public Piece main() {
    return pieces.stream()
        .filter(piece -> piece.place().image() == 0)
        .findFirst()
        .orElse(pieces.getFirst());
  }

  public Bytes image() {
    return main().image();
  }

  public Bytes imageHash() {
    return main().imageHash();
  }

  public Wanted wanted(Wanted.Ending ending) {
    return new Wanted(
        pieces.stream().map(piece -> new Wanted.Target(piece.place(), piece.imageHash())).toList(),
        release.map(Sealed::digest),
        ending);
  }

  /// The piece whose image hash this is.
  Optional<Piece> piece(Bytes hash) {
    return pieces.stream().filter(piece -> piece.imageHash().equals(hash)).findFirst();
  }
}
