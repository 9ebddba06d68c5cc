// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.ReleaseMark;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.update.UpdateMaterial;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;

/// A release with its files and the signatures of those who made it, as one would put it on a web
/// page. The files stand in the order of the release's parts.
public record Edition(Release release, List<Bytes> files, Bundle bundle) {
  public Edition {
    files = List.copyOf(files);
  }

  static Edition of(Release release, List<Image> images, List<CoseKeyPair> signers) {
    return ofFiles(release, images.stream().map(Image::write).toList(), signers);
  }

  /// Whatever the files are.
  static Edition ofFiles(Release release, List<Bytes> files, List<CoseKeyPair> signers) {
    SuitEnvelope envelope = SuitEnvelope.unsigned(release.manifest());
    for (CoseKeyPair signer : signers) {
      envelope = envelope.signedBy(signer);
    }
    return new Edition(release, files, Bundle.of(envelope));
  }

  /// One image for image 0, of that build.
  static Edition of(Build build, SecureRandom random, List<CoseKeyPair> signers) {
    return of(build, build.image(random), signers);
  }

  /// That very image, released as that build.
  static Edition of(Build build, Image image, List<CoseKeyPair> signers) {
    return of(
        Release.of(
            new Release.Target(build.vendor(), build.deviceClass(), build.sequence()),
            build.suitVersion(),
            List.of(part(Place.ofImage(0), image, build.counter()))),
        List.of(image),
        signers);
  }

  static Release.Part part(Place place, Image image, long counter) {
    Bytes hash =
        image.hash().orElseThrow(() -> new IllegalStateException("a signed image has a hash"));
    return Release.Part.of(place, image.write(), SuitDigest.sha256(hash), counter);
  }

  /// The same release and images, otherwise signed.
  Edition signedBy(List<CoseKeyPair> signers) {
    return ofFiles(release, files, signers);
  }

  /// One part of it as a release of its own.
  Edition only(int part, List<CoseKeyPair> signers) {
    return ofFiles(
        Release.of(
            new Release.Target(release.vendor(), release.deviceClass(), release.sequence()),
            release.version(),
            List.of(release.parts().get(part))),
        List.of(files.get(part)),
        signers);
  }

  /// The same with other papers around the release.
  Edition with(Bundle other) {
    return new Edition(release, files, other);
  }

  SuitEnvelope envelope() {
    try {
      return bundle.openEnvelope();
    } catch (MalformedException e) {
      throw new IllegalStateException("an envelope of our own cannot be read", e);
    }
  }

  Image image() {
    return image(0);
  }

  Image image(int part) {
    try {
      return Image.read(files.get(part));
    } catch (MalformedException e) {
      throw new IllegalStateException("part %d is no image".formatted(part), e);
    }
  }

  List<Image> images() {
    return IntStream.range(0, files.size()).mapToObj(this::image).toList();
  }

  public Bytes file() {
    return file(0);
  }

  Bytes file(int part) {
    return files.get(part);
  }

  /// MCUboot's digest of the first image.
  public Bytes hash() {
    return hash(0);
  }

  Bytes hash(int part) {
    return release.parts().get(part).imageHash().value();
  }

  Bytes table() {
    return table(0);
  }

  Bytes table(int part) {
    return BlockTable.of(file(part)).digests();
  }

  SequenceNumber sequence() {
    return release.sequence();
  }

  /// By which the release is named everywhere.
  SuitDigest digest() {
    return SuitDigest.ofWrapped(release.manifest().encode());
  }

  ReleaseMark mark() {
    return new ReleaseMark(sequence(), digest());
  }

  UpdateMaterial material() {
    return UpdateMaterial.of(ReleaseFile.of(bundle, files), release, digest());
  }

  @Override
  public String toString() {
    return release.version().toString();
  }
}
