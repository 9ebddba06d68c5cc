// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.VerifyingKey;
import java.nio.file.Path;

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

  static DecryptionKey readDecryption(Path file) {
    try {
      return DecryptionKey.read(Files.readText(file));
    } catch (MalformedException e) {
      throw Failure.refused("cannot decrypt with " + file + ": " + e.getMessage());
    }
  }

  static VerifyingKey readPublic(Path file) {
    return read(file).publicKey();
  }
}
