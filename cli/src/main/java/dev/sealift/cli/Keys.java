// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.key.SealingKey;
import dev.sealift.image.key.SealingKeyType;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.keys.KeyFiles;
import dev.sealift.keys.KeyRefusedException;
import dev.sealift.keys.PasswordSource;
import dev.sealift.keys.PublicHalf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Key files that do not sign here: read for what they are asked for, with a sentence where they
/// are something else. For those that sign there is [SignerOptions].
final class Keys {
  /// Where only a public half is wanted, no password is asked for.
  static final PasswordSource NO_PASSWORD =
      purpose -> {
        throw Failure.refused(
                purpose + " is protected by a password, and only its public half is wanted")
            .hint("'sealift key public FILE -o FILE' writes it");
      };

  private Keys() {}

  /// The text of a key file, no longer under a password. `use` completes "cannot ….
  static String text(String use, Path file, PasswordSource passwords) {
    try {
      return KeyFiles.read(file, passwords);
    } catch (KeyRefusedException e) {
      throw Failure.refused("cannot " + use + ": " + e.getMessage());
    } catch (IOException e) {
      throw Failure.world("cannot read " + file + ": " + Files.reason(e));
    }
  }

  static PublicHalf readPublicHalf(Path file, PasswordSource passwords) {
    String use = "use " + file + " as a key";
    try {
      return PublicHalf.read(text(use, file, passwords));
    } catch (MalformedException e) {
      throw Failure.refused("cannot " + use + ": " + e.getMessage());
    }
  }

  /// A key that images are checked with.
  static VerifyingKey readPublic(Path file) {
    PublicHalf key = readPublicHalf(file, NO_PASSWORD);
    return key.forImages()
        .orElseThrow(
            () ->
                Failure.refused(
                    "%s holds a key of type %s, which signs no images"
                        .formatted(file, key.type())));
  }

  /// The key of a PEM with one that only encrypts; nothing when it holds anything else.
  static Optional<SealingKey> x25519(String pem) {
    try {
      return Optional.of(SealingKey.read(pem)).filter(key -> key.type() == SealingKeyType.X25519);
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  static DecryptionKey readDecryption(Path file, PasswordSource passwords) {
    String use = "decrypt with " + file;
    try {
      return DecryptionKey.read(text(use, file, passwords));
    } catch (MalformedException e) {
      throw Failure.refused("cannot " + use + ": " + e.getMessage());
    }
  }

  static EncryptionKey readEncryption(Path file) {
    String use = "encrypt for " + file;
    try {
      return EncryptionKey.read(text(use, file, NO_PASSWORD));
    } catch (MalformedException e) {
      throw Failure.refused("cannot " + use + ": " + e.getMessage());
    }
  }
}
