// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.key.SigningKey;
import dev.sealift.keys.KeyPlace;
import dev.sealift.keys.KeyRefusedException;
import dev.sealift.keys.PasswordSource;
import dev.sealift.keys.PublicHalf;
import dev.sealift.keys.Signer;
import dev.sealift.keys.Signers;
import dev.sealift.suit.cose.CoseSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What goes with a key that signs, wherever it is: its password, and its public half where that is
/// not found beside it. The option that names the key is each command's own.
final class SignerOptions {
  @Mixin private Passwords passwords = new Passwords();

  @Option(
      names = "--public",
      paramLabel = "FILE",
      description = "public half of the key that signs, as PEM: cmd: needs it")
  private @Nullable Path publicFile;

  PasswordSource passwords(Console console) {
    return passwords.source(console);
  }

  boolean hasPublicHalf() {
    return publicFile != null;
  }

  Optional<PublicHalf> publicHalf() {
    return Optional.ofNullable(publicFile).map(file -> Keys.readPublicHalf(file, Keys.NO_PASSWORD));
  }

  /// For a command that signs and ends.
  Signer open(String key, Signers.Ecdsa ecdsa, Console console) {
    return open(
        place(key),
        publicHalf(),
        new Signers(
            passwords.source(console), new SecureRandom(), Signers.COMMAND_TIME_MAX, ecdsa));
  }

  static KeyPlace place(String key) {
    try {
      return KeyPlace.parse(key);
    } catch (MalformedException e) {
      throw Failure.usage("this names no key: " + e.getMessage());
    }
  }

  static Signer open(KeyPlace place, Optional<PublicHalf> publicHalf, PasswordSource passwords) {
    return open(place, publicHalf, Signers.of(passwords, new SecureRandom()));
  }

  private static Signer open(KeyPlace place, Optional<PublicHalf> publicHalf, Signers signers) {
    try {
      return signers.open(place, publicHalf);
    } catch (KeyRefusedException e) {
      throw Failure.refused("cannot use %s: %s".formatted(place, e.getMessage()));
    } catch (IOException e) {
      String verb = place instanceof KeyPlace.InFile ? "read" : "reach";
      throw Failure.world("cannot %s %s: %s".formatted(verb, place, Files.reason(e)));
    }
  }

  static CoseSigner forPermits(Signer signer) {
    try {
      return signer.forPermits();
    } catch (KeyRefusedException e) {
      throw refused(signer.toString(), e)
          .hint("make one with 'sealift key new --type ecdsa-p256 FILE'");
    }
  }

  static SigningKey forImages(Signer signer) {
    try {
      return signer.forImages();
    } catch (KeyRefusedException e) {
      throw refused(signer.toString(), e)
          .hint("make one with 'sealift key new --type ecdsa-p256 FILE'");
    }
  }

  private static Failure refused(String key, KeyRefusedException e) {
    return Failure.refused("cannot sign with %s: %s".formatted(key, e.getMessage()));
  }
}
