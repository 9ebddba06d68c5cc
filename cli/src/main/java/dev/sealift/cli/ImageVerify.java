// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.Expectation;
import dev.sealift.image.ImageVerdict;
import dev.sealift.image.ImageVerifier;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.Trust;
import dev.sealift.image.VerifiedImage;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.key.VerifyingKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says of each image whether it may be trusted, and why not.
@Command(
    name = "verify",
    description = "Check images as the bootloader does, and more carefully.",
    footer = {"", "Example: sealift image verify --key image.pub.pem app-1.1.0.bin"})
final class ImageVerify extends Verb {
  @Option(
      names = {"-k", "--key"},
      paramLabel = "FILE",
      description = "trusted key as PEM (public, or private for its public half); may be repeated")
  private List<Path> keys = new ArrayList<>();

  @Option(
      names = "--decrypt",
      paramLabel = "FILE",
      description = "the device's private key, to look into encrypted images; may be repeated")
  private List<Path> decryption = new ArrayList<>();

  @Option(names = "--hash-only", description = "no key: only say whether the file is whole")
  private boolean hashOnly;

  @Option(
      names = {"-S", "--slot-size"},
      paramLabel = "BYTES",
      defaultValue = "",
      description = "the image must fit a slot of that size, trailer included")
  private String slotSize = "";

  @Option(
      names = "--installed-version",
      paramLabel = "VERSION",
      defaultValue = "",
      description = "refuse what is older")
  private String installed = "";

  @Option(
      names = "--counter",
      paramLabel = "N",
      defaultValue = "",
      description = "refuse a lower or missing security counter")
  private String counter = "";

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "images")
  private List<Path> files = new ArrayList<>();

  ImageVerify(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Trust trust = trust();
    List<DecryptionKey> opening = decryption.stream().map(Keys::readDecryption).toList();
    List<Expectation> expectations = expectations();
    boolean all = true;
    for (int i = 0; i < files.size() - 1; i++) {
      Outcome one = judge(files.get(i), trust, opening, expectations);
      all &= one.exit() == Exit.DONE;
      console().end(one);
    }
    Outcome last = judge(files.getLast(), trust, opening, expectations);
    return all ? last : new Outcome(Exit.REFUSED, last.lines(), last.json());
  }

  private Trust trust() {
    if (hashOnly == !keys.isEmpty()) {
      throw Failure.usage("give --key FILE, or --hash-only to check without a signature");
    }
    List<VerifyingKey> trusted = keys.stream().map(Keys::readPublic).toList();
    return hashOnly ? new Trust.HashOnly() : new Trust.Keys(trusted);
  }

  private List<Expectation> expectations() {
    List<Expectation> expected = new ArrayList<>();
    if (!slotSize.isEmpty()) {
      expected.add(
          new Expectation.FitsSlot(
              SlotLayout.swap(Numbers.parse("--slot-size", slotSize, 1, SlotLayout.SIZE_MAX), 4)));
    }
    if (!installed.isEmpty()) {
      try {
        expected.add(new Expectation.VersionAtLeast(ImageVersion.parse(installed)));
      } catch (MalformedException e) {
        throw Failure.usage("--installed-version: " + e.getMessage());
      }
    }
    if (!counter.isEmpty()) {
      expected.add(
          new Expectation.CounterAtLeast(
              new SecurityCounter(Numbers.parse("--counter", counter, 0, 0xffff_ffffL))));
    }
    return expected;
  }

  private static Outcome judge(
      Path file, Trust trust, List<DecryptionKey> opening, List<Expectation> expectations) {
    Bytes content = Files.readImage(file);
    return switch (ImageVerifier.verify(content, trust, opening, expectations)) {
      case ImageVerdict.Verified(var image) -> accepted(file, image);
      case ImageVerdict.Refused(var reason, var sentence, var offset) ->
          new Outcome(
              Exit.REFUSED,
              List.of(
                  "%s: refused, %s".formatted(file, sentence),
                  "  reason %s, at offset %d".formatted(reason.code(), offset)),
              CborMap.builder()
                  .put("file", file.toString())
                  .put("verdict", "reject")
                  .put("reason", reason.code())
                  .put("sentence", sentence)
                  .put("offset", offset)
                  .build());
    };
  }

  private static Outcome accepted(Path file, VerifiedImage image) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: accepted, version %s".formatted(file, image.version()));
    lines.add("  digest " + image.digest().toHex());
    lines.add(
        image.signers().isEmpty()
            ? "  not signed: only the hash was checked"
            : "  signed by key " + image.signers().getFirst().hash().toHex());
    String secrecy =
        switch (image.secrecy()) {
          case PLAIN -> "plain";
          case ENCRYPTED -> {
            lines.add("  encrypted, and opened with the key given");
            yield "encrypted";
          }
          case ENCRYPTED_IN_CLEAR -> {
            lines.add("  flagged as encrypted, but in clear: only for the primary slot");
            yield "encrypted-in-clear";
          }
        };
    CborMap.Builder json =
        CborMap.builder()
            .put("file", file.toString())
            .put("verdict", "accept")
            .put("version", image.version().toString())
            .put("digest", image.digest().toHex())
            .put("payload", secrecy);
    if (image.image().header().isCompressed()) {
      lines.add(
          "  compressed, %d bytes become %d"
              .formatted(image.image().payload().size(), image.payload().size()));
      json.put("decompressed-size", image.payload().size());
    }
    return Outcome.done(lines, json.build());
  }
}
