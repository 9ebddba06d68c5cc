// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.Image;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.keys.KeyPlace;
import dev.sealift.keys.Signer;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Checks;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.permit.PermitCheck;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.ReleaseMark;
import dev.sealift.permit.ReleaseSummary;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.Verdict;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitVersion;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Releases: an image, and who agrees that it may be installed where.
@Command(
    name = "release",
    description = "Make, sign, check and show releases.",
    subcommands = {
      ReleaseCommand.Make.class,
      ReleaseCommand.Sign.class,
      ReleaseCommand.Check.class,
      ReleaseCommand.Show.class
    })
final class ReleaseCommand extends Noun {

  /// Makes a release of an image; nobody has signed it yet.
  @Command(
      name = "make",
      description = "Make a release of a signed image. Nobody has signed the release yet.",
      footer = {
        "",
        "Example: sealift release make app-1.1.0.bin --vendor acme.example",
        "           --class sensor-1 --sequence 2 -o app-1.1.0.sealift"
      })
  static final class Make extends Verb {
    @Mixin private Identity identity = new Identity();

    @Option(
        names = "--sequence",
        paramLabel = "[EPOCH:]N",
        defaultValue = "",
        description = "place in the order of releases; taken from the image when it says one")
    private String sequence = "";

    @Option(
        names = "--no-image-sequence",
        description = "take an image that does not carry the sequence number itself")
    private boolean withoutImageSequence;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        required = true,
        description = "where the release goes")
    private @Nullable Path output;

    @Parameters(paramLabel = "IMAGE", description = "a signed MCUboot image")
    private @Nullable Path image;

    Make(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      Path source = Given.required(image);
      Path target = Given.required(output);
      Bytes content = Files.readImage(source);
      Image read = Releases.image(source, content);
      SequenceNumber number = sequence(source, read);
      Release release =
          Release.of(
              content,
              new Release.ImageFacts(
                  digest(source, read),
                  read.securityCounter().map(SecurityCounter::value).orElse(0L),
                  version(read.version())),
              new Release.Target(identity.vendor(), identity.deviceClass(), 0, number));
      ReleaseFile file = ReleaseFile.of(Bundle.of(release), content);
      Files.write(target, file.encode());
      return brief("wrote %s: release of %s, not signed yet".formatted(target, source), file);
    }

    private SequenceNumber sequence(Path source, Image read) {
      Optional<SequenceNumber> inImage =
          read.sequence().isPresent()
              ? Optional.of(SequenceNumber.of(BigInteger.valueOf(read.sequence().getAsLong())))
              : Optional.empty();
      if (inImage.isEmpty() && !withoutImageSequence) {
        throw Failure.refused(
                "%s does not carry a sequence number; a device whose storage is erased could then be set back"
                    .formatted(source))
            .hint("sign it with --sequence N, or say --no-image-sequence");
      }
      if (sequence.isEmpty()) {
        return inImage.orElseThrow(
            () -> Failure.usage("--sequence is needed, the image does not say one"));
      }
      SequenceNumber given = Sequences.parse("--sequence", sequence);
      if (inImage.isPresent() && !inImage.get().equals(given)) {
        throw Failure.refused(
            "--sequence is %s, %s says %s".formatted(given, source, inImage.get()));
      }
      return given;
    }

    private static SuitDigest digest(Path source, Image image) {
      Bytes hash =
          image
              .hash()
              .orElseThrow(() -> Failure.refused("the image in " + source + " has no digest"));
      if (hash.size() != 32) {
        throw Failure.refused(
            "the digest of %s has %d bytes; releases are made of images with SHA-256"
                .formatted(source, hash.size()));
      }
      return SuitDigest.sha256(hash);
    }

    private static SuitVersion version(ImageVersion version) {
      return version.build() == 0
          ? SuitVersion.of(version.major(), version.minor(), version.revision())
          : SuitVersion.of(version.major(), version.minor(), version.revision(), version.build());
    }
  }

  /// Adds one signature to a release.
  @Command(
      name = "sign",
      description = "Add your signature to a release, in the file itself.",
      footer = {
        "",
        "Example: sealift release sign app-1.1.0.sealift --key alice.pem",
        "         sealift release sign app-1.1.0.sealift \\",
        "           --key 'pkcs11:token=T;object=K?module-path=/usr/lib/library.so'",
        "         sealift release sign app-1.1.0.sealift \\",
        "           --key 'cmd:our-signer --slot 3' --public bob.pub.pem"
      })
  static final class Sign extends Verb {
    @Option(
        names = {"-k", "--key"},
        paramLabel = "KEY",
        required = true,
        description = {"your release key:", KeyPlace.FORMS})
    private @Nullable String key;

    @Mixin private SignerOptions signers = new SignerOptions();

    @Parameters(paramLabel = "FILE", description = "a release")
    private @Nullable Path file;

    Sign(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      Path target = Given.required(file);
      ReleaseFile release = Releases.read(target);
      requireConsistent(target, release);
      try (Signer opened = signers.open(Given.required(key), console())) {
        return signed(target, release, SignerOptions.forPermits(opened));
      }
    }

    private static Outcome signed(Path target, ReleaseFile release, CoseSigner signer) {
      if (hasSigned(target, release, signer.keyId())) {
        throw Failure.refused(
            "key %s has signed %s already; a key counts once".formatted(signer.keyId(), target));
      }
      try {
        ReleaseFile signed = release.withBundle(release.bundle().signedBy(signer));
        Files.write(target, signed.encode());
        return brief("signed %s with key %s".formatted(target, signer.keyId()), signed);
      } catch (MalformedException e) {
        throw Failure.refused("cannot sign " + target + ": " + e.getMessage());
      }
    }

    private static boolean hasSigned(Path file, ReleaseFile release, KeyId id) {
      return summary(file.toString(), release, Optional.empty(), Map.of()).signatures().stream()
          .anyMatch(signature -> signature.keyId().equals(Optional.of(id)));
    }
  }

  /// Says what a release says.
  @Command(
      name = "show",
      description = "Show a release: what it is for, who has signed, what is missing.",
      footer = {"", "Example: sealift release show app-1.1.0.sealift --root root.cbor"})
  static final class Show extends Verb {
    @Option(
        names = "--root",
        paramLabel = "FILE",
        description = "the root of the devices it is for")
    private @Nullable Path root;

    @Option(
        names = "--name",
        paramLabel = "NAME=FILE",
        description = "what people call the holder of a public key; may be repeated")
    private Map<String, Path> named = new HashMap<>();

    @Parameters(paramLabel = "FILE", description = "a release")
    private @Nullable Path file;

    Show(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      Path source = Given.required(file);
      Map<KeyId, String> names = new HashMap<>();
      named.forEach((name, key) -> names.put(CoseKeys.readPublic(key).id(), name));
      return shown(
          source.toString(),
          Releases.read(source),
          Optional.ofNullable(root).map(TrustCommand::readRoot),
          names);
    }
  }

  /// Says what a device would answer.
  @Command(
      name = "check",
      description = "Say what a device would answer to a release, and why.",
      footer = {
        "",
        "Example: sealift release check app-1.1.0.sealift --root root.cbor",
        "           --vendor acme.example --class sensor-1 --installed 1"
      })
  static final class Check extends Verb {
    @Mixin private Identity identity = new Identity();

    @Option(
        names = "--root",
        paramLabel = "FILE",
        required = true,
        description = "the device's root of trust")
    private @Nullable Path root;

    @Option(
        names = "--installed",
        paramLabel = "[EPOCH:]N",
        defaultValue = "",
        description = "sequence number of what the device runs")
    private String installed = "";

    @Option(
        names = "--slot-size",
        paramLabel = "BYTES",
        defaultValue = "0x60000",
        description = "room for an image in the device, default 0x60000")
    private String slotSize = "";

    @Option(
        names = "--counter",
        paramLabel = "N",
        defaultValue = "0",
        description = "the device's security counter, default 0")
    private String counter = "";

    @Parameters(paramLabel = "FILE", description = "a release")
    private @Nullable Path file;

    Check(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      Path source = Given.required(file);
      ReleaseFile release = Releases.read(source);
      requireConsistent(source, release);
      Root trusted = TrustCommand.readRoot(Given.required(root));
      DeviceFacts facts =
          DeviceFacts.of(
              identity.vendor(),
              identity.deviceClass(),
              Numbers.parse("--slot-size", slotSize, 1, 0x4000_0000L),
              Numbers.parse("--counter", counter, 0, 0xffff_ffffL));
      return switch (PermitCheck.decide(
          release.bundle().encode(), facts, state(trusted), trusted, Checks.all())) {
        case Verdict.Install(var permit) ->
            Outcome.done(
                List.of(
                    "%s: the device would install it".formatted(source),
                    "  version %s, sequence %s, signed by %d of its keys"
                        .formatted(
                            permit.release().version(),
                            permit.release().sequence(),
                            permit.signers().size())),
                CborMap.builder()
                    .put("file", source.toString())
                    .put("verdict", "install")
                    .put("sequence", permit.release().sequence().toString())
                    .build());
        case Verdict.Carry(_, var detail) ->
            Outcome.done(
                "%s: the device would only carry it: %s".formatted(source, detail),
                CborMap.builder().put("file", source.toString()).put("verdict", "carry").build());
        case Verdict.Refuse refuse ->
            new Outcome(
                Exit.REFUSED,
                List.of(
                    "%s: the device would refuse it".formatted(source),
                    "  %s %s".formatted(refuse.refusal(), refuse.sentence())),
                CborMap.builder()
                    .put("file", source.toString())
                    .put("verdict", "refuse")
                    .put("refusal", refuse.refusal().name())
                    .put("reason", refuse.refusal().code())
                    .put("sentence", refuse.sentence())
                    .build());
      };
    }

    private TrustState state(Root trusted) {
      if (installed.isEmpty()) {
        return TrustState.fresh(trusted.epoch());
      }
      // The digest of what is installed is not known here: none of ours equals it.
      ReleaseMark mark =
          new ReleaseMark(Sequences.parse("--installed", installed), SuitDigest.of(Bytes.EMPTY));
      return new TrustState(
          trusted.epoch(), Optional.of(mark), Optional.of(mark), Optional.empty());
    }
  }

  private static void requireConsistent(Path file, ReleaseFile release) {
    switch (release.judge()) {
      case ReleaseFile.Judgement.Consistent _ -> {}
      case ReleaseFile.Judgement.Inconsistent(var refusal, var detail) ->
          throw Failure.refused(
              "%s does not hold together: %s (%s)"
                  .formatted(file, refusal.sentence(detail), refusal));
    }
  }

  private static ReleaseSummary summary(
      String file, ReleaseFile release, Optional<Root> root, Map<KeyId, String> names) {
    try {
      return ReleaseSummary.of(release.bundle(), root, names);
    } catch (MalformedException e) {
      throw Failure.refused(file + " is no release: " + e.getMessage());
    }
  }

  /// What matters after a change; 'release show' says all.
  private static Outcome brief(String headline, ReleaseFile file) {
    ReleaseSummary summary = summary(headline, file, Optional.empty(), Map.of());
    Release release = summary.release();
    return Outcome.done(
        List.of(
            headline,
            "  version %s, sequence %s, %d bytes, %d signature%s"
                .formatted(
                    release.version(),
                    release.sequence(),
                    release.size(),
                    summary.signatures().size(),
                    summary.signatures().size() == 1 ? "" : "s")),
        summary.toJson());
  }

  private static Outcome shown(
      String headline, ReleaseFile release, Optional<Root> root, Map<KeyId, String> names) {
    ReleaseSummary summary = summary(headline, release, root, names);
    List<String> lines = new ArrayList<>();
    lines.add(headline);
    summary.lines().forEach(line -> lines.add("  " + line));
    return Outcome.done(lines, summary.toJson());
  }
}
