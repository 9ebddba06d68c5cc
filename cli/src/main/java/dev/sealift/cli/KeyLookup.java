// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.key.SealingKey;
import dev.sealift.keys.KeyPlace;
import dev.sealift.keys.PasswordSource;
import dev.sealift.keys.PublicHalf;
import dev.sealift.keys.Signer;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/// Finds the public half of a key, wherever the key is. A command does not tell it.
final class KeyLookup {
  @Mixin private Passwords passwords = new Passwords();

  sealed interface Found {
    /// As PEM.
    String pem();

    /// `half` says which half lies there: private or public.
    record Signing(String place, String half, PublicHalf key) implements Found {
      @Override
      public String pem() {
        return key.pem();
      }
    }

    record Encrypting(String place, SealingKey key) implements Found {
      @Override
      public String pem() {
        return key.toPem();
      }
    }
  }

  Found find(String key, Console console) {
    PasswordSource source = passwords.source(console);
    KeyPlace place = SignerOptions.place(key);
    return switch (place) {
      case KeyPlace.InFile(var file) -> inFile(file, source);
      case KeyPlace.InToken _ -> {
        try (Signer signer = SignerOptions.open(place, Optional.empty(), source)) {
          yield new Found.Signing(place.toString(), "private", signer.publicHalf());
        }
      }
      case KeyPlace.BehindCommand _ ->
          throw Failure.usage("a command signs and does not tell its public key: " + place);
    };
  }

  private static Found inFile(Path file, PasswordSource source) {
    String use = "use " + file + " as a key";
    String pem = Keys.text(use, file, source);
    Optional<SealingKey> encrypting = Keys.x25519(pem);
    if (encrypting.isPresent()) {
      return new Found.Encrypting(file.toString(), encrypting.get());
    }
    try {
      return new Found.Signing(
          file.toString(),
          pem.contains("PRIVATE KEY") ? "private" : "public",
          PublicHalf.read(pem));
    } catch (MalformedException e) {
      throw Failure.refused("cannot " + use + ": " + e.getMessage());
    }
  }
}
