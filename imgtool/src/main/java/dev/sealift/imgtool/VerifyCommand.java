// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.ImageVerdict;
import dev.sealift.image.ImageVerifier;
import dev.sealift.image.RefusalReason;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.TlvType;
import dev.sealift.image.Trust;
import dev.sealift.image.key.VerifyingKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// `verify`: whether an image is whole and, with a key, genuine; judged by the verifier of images,
/// which is stricter than imgtool and says why.
final class VerifyCommand {
  private VerifyCommand() {}

  static Command verify() {
    return new Command(
        "verify",
        "Check that an image is whole and, with a key, signed by it.",
        List.of(Option.text("FILE", "the key, public or private, in PEM", "--key", "-k")),
        List.of("IMGFILE"),
        VerifyCommand::judge);
  }

  private static void judge(Given given, Io io) throws RefusedException, IOException {
    String name = given.operand(0);
    Folder folder = new Folder(io);
    Optional<String> keyName = given.text("--key");
    Optional<VerifyingKey> key =
        keyName.isPresent() ? Optional.of(key(keyName.get(), io)) : Optional.empty();
    if (!folder.has(name)) {
      throw RefusedException.usage("there is no file " + name);
    }
    Bytes file = ImageFile.read(name, folder).content();
    Trust trust = key.<Trust>map(Trust::in).orElseGet(Trust.HashOnly::new);
    switch (ImageVerifier.verify(file, trust, List.of(), List.of())) {
      case ImageVerdict.Verified(var verified) -> report(verified.image(), key, io);
      case ImageVerdict.Refused(var reason, var sentence, var offset) -> {
        // The last of the checks: all others passed, and to imgtool's verify this one is none.
        if (reason != RefusalReason.NON_BOOTABLE) {
          throw RefusedException.failed(
              "%s is refused: %s (%s, at byte %d)"
                  .formatted(name, sentence, reason.code(), offset));
        }
        report(image(file), key, io);
      }
    }
  }

  private static VerifyingKey key(String name, Io io) throws RefusedException, IOException {
    return switch (Key.read(name, io)) {
      case Key.Signing(var publicKey, _) -> publicKey;
      case Key.Agreeing _ ->
          throw RefusedException.failed(name + " holds an x25519 key, which signs no images");
    };
  }

  private static Image image(Bytes file) {
    try {
      return Image.read(file);
    } catch (MalformedException e) {
      throw new IllegalStateException("it was read before", e);
    }
  }

  private static void report(Image image, Optional<VerifyingKey> key, Io io) {
    io.out().println("Image was correctly validated");
    io.out().println("Image version: " + image.version());
    boolean pure = image.unprotectedArea().first(TlvType.SIG_PURE).isPresent();
    if (pure && key.isPresent()) {
      TlvType type = SignatureScheme.of(key.get().type()).tlv();
      Bytes signature = image.unprotectedArea().first(type).orElseThrow().value();
      io.out().println("Image signature over image: " + signature.toHex());
    } else {
      io.out().println("Image digest: " + image.hash().orElseThrow().toHex());
    }
  }
}
