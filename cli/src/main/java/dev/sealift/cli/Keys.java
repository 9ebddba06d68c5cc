// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SealingKey;
import dev.sealift.image.key.SealingKeyType;
import dev.sealift.image.key.VerifyingKey;
import java.nio.file.Path;
import java.util.Optional;

/// Keys as files: read for what they are asked for, with a sentence where they are something else.
final class Keys {
  private Keys() {}

  static KeyFile read(Path file) {
    try {
      return KeyFile.read(Files.readText(file));
    } catch (MalformedException e) {
      throw Failure.refused("cannot use " + file + " as a key: " + e.getMessage());
    }
  }

  static LocalKey readPrivate(Path file) {
    try {
      return KeyFile.readPrivate(Files.readText(file));
    } catch (MalformedException e) {
      throw Failure.refused("cannot sign with " + file + ": " + e.getMessage());
    }
  }

  /// The key of a file with one that only encrypts; nothing when the file holds anything else.
  static Optional<SealingKey> readX25519(Path file) {
    try {
      return Optional.of(SealingKey.read(Files.readText(file)))
          .filter(key -> key.type() == SealingKeyType.X25519);
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  static DecryptionKey readDecryption(Path file) {
    try {
      return DecryptionKey.read(Files.readText(file));
    } catch (MalformedException e) {
      throw Failure.refused("cannot decrypt with " + file + ": " + e.getMessage());
    }
  }

  static EncryptionKey readEncryption(Path file) {
    try {
      return EncryptionKey.read(Files.readText(file));
    } catch (MalformedException e) {
      throw Failure.refused("cannot encrypt for " + file + ": " + e.getMessage());
    }
  }

  static VerifyingKey readPublic(Path file) {
    return read(file).publicKey();
  }
}
