// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.image.ImageSummary;
import dev.sealift.image.encryption.DecryptionKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says what an image says of itself.
@Command(
    name = "show",
    description = "Show what an image says of itself. Nothing of it is checked.",
    footer = {"", "Example: sealift image show app-1.1.0.bin"})
final class ImageShow extends Verb {
  private final List<Path> decryption = new ArrayList<>();
  @Mixin private Passwords passwords = new Passwords();
  private @Nullable Path file;

  ImageShow(Console console) {
    super(console);
  }

  @Override
  void declare(Options options) {
    options.values(
        "--decrypt",
        "FILE",
        "the device's private key, to name the digest of an encrypted payload",
        value -> decryption.add(Path.of(value)));
    options.operand("FILE", "an image", value -> file = Path.of(value));
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    List<DecryptionKey> keys =
        decryption.stream()
            .map(key -> Keys.readDecryption(key, passwords.source(console())))
            .toList();
    ImageSummary summary = new ImageSummary(ImageFile.readParsed(source), keys);
    return Outcome.done(summary.lines(), summary.toMap());
  }
}
