// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.dfu.DfuFile;
import dev.sealift.image.dfu.DfuPackage;
import dev.sealift.image.dfu.DfuTarget;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.suit.SuitDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /// The images of a DFU package, each where the package says: a slot counts only where there are
  /// two images for one, each linked for its own.
  public static UpdateMaterial of(DfuPackage dfu) throws MalformedException {
    Map<DfuTarget, DfuFile> targets = dfu.targets();
    if (targets.isEmpty()) {
      throw new MalformedException("the package holds no image that goes into a slot", 0);
    }
    List<Piece> pieces = new ArrayList<>();
    for (Map.Entry<DfuTarget, DfuFile> entry : targets.entrySet()) {
      int image = entry.getKey().image();
      long rivals = targets.keySet().stream().filter(other -> other.image() == image).count();
      Bytes content = entry.getValue().content();
      pieces.add(
          new Piece(
              rivals > 1 ? Place.ofSlot(image, entry.getKey().slot()) : Place.ofImage(image),
              content,
              hash(entry.getValue().name(), content),
              Optional.empty()));
    }
    return new UpdateMaterial(pieces, Optional.empty());
  }

  private static Bytes hash(String name, Bytes content) throws MalformedException {
    try {
      return Image.read(content)
          .hash()
          .orElseThrow(() -> new MalformedException("it has no digest", content.size()));
    } catch (MalformedException e) {
      throw new MalformedException(
          "%s holds no MCUboot image: %s".formatted(name, e.getMessage()), e.offset(), e);
    }
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
