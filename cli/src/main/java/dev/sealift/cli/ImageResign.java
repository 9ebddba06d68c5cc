// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.Image;
import dev.sealift.image.ImageResigner;
import dev.sealift.image.SigningException;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.hex.Segment;
import dev.sealift.keys.KeyPlace;
import dev.sealift.keys.Signer;
import dev.sealift.keys.Signers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Signs an image that is there already with another key.
@Command(
    name = "resign",
    description = "Sign an image again with another key, without its build.",
    footer = {
      "",
      "Header, payload and protected TLVs stay as they are.",
      "",
      "Example: sealift image resign --key production.pem dev.bin production.bin"
    })
final class ImageResign extends Verb {
  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      required = true,
      description = KeyPlace.FORMS)
  private String key = "";

  @Mixin private SignerOptions signers = new SignerOptions();

  @Option(
      names = "--keep",
      description = "keep the signatures that are there: a bootloader may trust either key")
  private boolean keep;

  @Option(
      names = "--decrypt",
      paramLabel = "FILE",
      description = "the device's private key, for an encrypted image; may be repeated")
  private List<Path> decryption = new ArrayList<>();

  @Parameters(index = "0", paramLabel = "INPUT", description = "an image")
  private @Nullable Path input;

  @Parameters(index = "1", paramLabel = "OUTPUT", description = "the image with its new signature")
  private @Nullable Path output;

  ImageResign(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(input);
    Path target = Given.required(output);
    OptionalLong address = address(source, target);
    List<DecryptionKey> keys =
        decryption.stream()
            .map(file -> Keys.readDecryption(file, signers.passwords(console())))
            .toList();
    try (Signer signer = signers.open(key, Signers.Ecdsa.AT_ONCE, console())) {
      Image image =
          ImageResigner.resign(
              ImageFile.readParsed(source),
              SignerOptions.forImages(signer),
              keep ? ImageResigner.Others.KEPT : ImageResigner.Others.REPLACED,
              keys);
      Bytes binary = image.write();
      Bytes file =
          address.isPresent()
              ? HexFile.of(List.of(new Segment(address.getAsLong(), binary)), Optional.empty())
                  .write()
              : binary;
      Files.write(target, file);
      String digest = image.hash().map(Bytes::toHex).orElse("");
      return Outcome.done(
          List.of(
              "wrote %s: version %s, %d bytes".formatted(target, image.version(), file.size()),
              "digest " + digest),
          CborMap.builder()
              .put("file", target.toString())
              .put("version", image.version().toString())
              .put("size", file.size())
              .put("digest", digest)
              .build());
    } catch (SigningException e) {
      throw Failure.refused("cannot sign %s: %s".formatted(source, e.getMessage()));
    }
  }

  /// Where an output in Intel HEX begins: where the input did, asked before anybody signs.
  private static OptionalLong address(Path source, Path target) {
    if (!ImageFile.isHex(target)) {
      return OptionalLong.empty();
    }
    OptionalLong address = ImageFile.readOrRefuse(source, ImageFile.ERASED).address();
    if (address.isEmpty()) {
      throw Failure.usage("Intel HEX needs to know where the image lies: the input does not say")
          .hint("give INPUT in Intel HEX too, or OUTPUT another name");
    }
    return address;
  }
}
