// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.TlvType;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Place;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitVersion;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a release of images; nobody has signed it yet.
@Command(
    name = "make",
    description = "Make a release of signed images. Nobody has signed the release yet.",
    footer = {
      "",
      "Example: sealift release make app-1.1.0.bin --vendor acme.example",
      "           --class sensor-1 --sequence 2 -o app-1.1.0.sealift",
      "         sealift release make app.bin --image 1=net.bin --vendor acme.example",
      "           --class gateway-1 -o both.sealift"
    })
final class ReleaseMake extends Verb {
  @Mixin private Identity identity = new Identity();

  @Option(
      names = "--sequence",
      paramLabel = "[EPOCH:]N",
      defaultValue = "",
      description = "place in the order of releases; taken from the image when it says one")
  private String sequence = "";

  @Option(
      names = "--no-image-sequence",
      description = "take images that do not carry the sequence number themselves")
  private boolean withoutImageSequence;

  @Option(
      names = "--image",
      paramLabel = "N=FILE",
      description = "the file for a further image of the device; may be repeated")
  private List<String> images = new ArrayList<>();

  @Option(
      names = "--slot",
      paramLabel = "N:SLOT=FILE",
      description =
          "the variant of image N that runs in that slot (direct-XIP); give one for each slot")
  private List<String> variants = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "where the release goes")
  private @Nullable Path output;

  @Parameters(arity = "0..1", paramLabel = "IMAGE", description = "a signed MCUboot image")
  private @Nullable Path main;

  ReleaseMake(Console console) {
    super(console);
  }

  /// One file of the release to be.
  private record Piece(Place place, Path file, Bytes content, Image image) {
    Release.Part part() {
      return Release.Part.of(
          place, content, hash(), image.securityCounter().map(SecurityCounter::value).orElse(0L));
    }

    private SuitDigest hash() {
      Bytes hash =
          image
              .hash()
              .orElseThrow(() -> Failure.refused("the image in " + file + " has no digest"));
      if (hash.size() != 32) {
        throw Failure.refused(
            "the digest of %s has %d bytes; releases are made of images with SHA-256"
                .formatted(file, hash.size()));
      }
      return SuitDigest.sha256(hash);
    }

    Optional<SequenceNumber> sequence() {
      return image.sequence().isPresent()
          ? Optional.of(SequenceNumber.of(BigInteger.valueOf(image.sequence().getAsLong())))
          : Optional.empty();
    }
  }

  @Override
  Outcome carryOut() {
    Path target = Given.required(output);
    List<Piece> pieces = pieces();
    pieces.forEach(this::requireOwn);
    Release release;
    try {
      release =
          Release.of(
              new Release.Target(identity.vendor(), identity.deviceClass(), sequence(pieces)),
              version(pieces.getFirst().image().version()),
              pieces.stream().map(Piece::part).toList());
    } catch (IllegalArgumentException e) {
      throw Failure.usage("no release can be made of that: " + e.getMessage());
    }
    ReleaseFile file =
        ReleaseFile.of(Bundle.of(release), pieces.stream().map(Piece::content).toList());
    Files.write(target, file.encode());
    List<String> names = pieces.stream().map(piece -> piece.file().toString()).toList();
    return Releases.brief(
        "wrote %s: release of %s, not signed yet".formatted(target, String.join(", ", names)),
        target,
        file,
        remarks(pieces));
  }

  private List<Piece> pieces() {
    Map<Place, Path> files = new TreeMap<>();
    if (main != null) {
      files.put(Place.ofImage(0), main);
    }
    images.forEach(text -> put(files, "--image", text));
    variants.forEach(text -> put(files, "--slot", text));
    if (files.isEmpty()) {
      throw Failure.usage("give an IMAGE to make a release of");
    }
    return files.entrySet().stream().map(entry -> piece(entry.getKey(), entry.getValue())).toList();
  }

  private static void put(Map<Place, Path> files, String option, String text) {
    int equals = text.indexOf('=');
    Place place = Places.parse(option, equals < 0 ? text : text.substring(0, equals));
    boolean wantsSlot = option.equals("--slot");
    if (equals < 0 || place.slot().isPresent() != wantsSlot) {
      throw Failure.usage(
          "%s must be like %s, is '%s'".formatted(option, wantsSlot ? "0:1=FILE" : "1=FILE", text));
    }
    if (files.put(place, Path.of(text.substring(equals + 1))) != null) {
      throw Failure.usage("two files for " + place);
    }
  }

  /// R22: what is no MCUboot image is found here, not in the first block at a device (T12).
  private static Piece piece(Place place, Path file) {
    Bytes content = Files.readImage(file);
    try {
      return new Piece(place, file, content, Image.read(content));
    } catch (MalformedException e) {
      throw Failure.refused(
              "%s: %s (%s)".formatted(file, Refusal.R22.sentence(e.getMessage()), Refusal.R22))
          .hint("'sealift image sign' makes an image of a binary");
    }
  }

  /// R8, R9: an image that says whose it is must be theirs (T10, T69).
  private void requireOwn(Piece piece) {
    require(piece, TlvType.UUID_VID, identity.vendor().bytes(), Refusal.R8);
    require(piece, TlvType.UUID_CID, identity.deviceClass().bytes(), Refusal.R9);
  }

  private static void require(Piece piece, TlvType type, Bytes expected, Refusal refusal) {
    piece
        .image()
        .protectedArea()
        .flatMap(area -> area.first(type))
        .filter(tlv -> !tlv.value().equals(expected))
        .ifPresent(
            tlv -> {
              throw Failure.refused(
                  "%s: %s (%s)"
                      .formatted(
                          piece.file(),
                          refusal.sentence(
                              "the image says %s, the release %s"
                                  .formatted(tlv.value().toHex(), expected.toHex())),
                          refusal));
            });
  }

  /// All that say one say the same. The application's own image has to say it (T36).
  private SequenceNumber sequence(List<Piece> pieces) {
    Optional<SequenceNumber> given =
        sequence.isEmpty()
            ? Optional.empty()
            : Optional.of(Sequences.parse("--sequence", sequence));
    Optional<SequenceNumber> found = given;
    for (Piece piece : pieces) {
      Optional<SequenceNumber> own = piece.sequence();
      if (own.isEmpty() && piece.place().image() == 0 && !withoutImageSequence) {
        throw Failure.refused(
                "%s does not carry a sequence number; a device whose storage is erased could then be set back"
                    .formatted(piece.file()))
            .hint("sign it with --sequence N, or say --no-image-sequence");
      }
      if (own.isPresent() && found.isPresent() && !own.equals(found)) {
        throw Failure.refused(
            "%s is %s, %s says %s"
                .formatted(
                    given.isPresent() ? "--sequence" : "the sequence of the image before",
                    found.get(),
                    piece.file(),
                    own.get()));
      }
      found = found.or(() -> own);
    }
    return found.orElseThrow(
        () -> Failure.usage("--sequence is needed, the image does not say one"));
  }

  private static SuitVersion version(ImageVersion version) {
    return version.build() == 0
        ? SuitVersion.of(version.major(), version.minor(), version.revision())
        : SuitVersion.of(version.major(), version.minor(), version.revision(), version.build());
  }

  /// What devices can do with the release is worth knowing before anybody signs it (T63, T64).
  private static List<String> remarks(List<Piece> pieces) {
    List<String> remarks = new ArrayList<>();
    for (Piece piece : pieces) {
      var header = piece.image().header();
      if (header.isEncrypted()) {
        remarks.add(
            "note: %s is encrypted; devices cannot pass it on to each other"
                .formatted(piece.file()));
      } else if (header.isCompressed()) {
        remarks.add(
            "note: %s is compressed; devices cannot pass it on to each other"
                .formatted(piece.file()));
      }
      if (header.has(ImageFlag.ROM_FIXED) && piece.place().slot().isEmpty()) {
        remarks.add(
            "note: %s is linked for one address; --slot says for which slot"
                .formatted(piece.file()));
      }
    }
    return remarks;
  }
}
