// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.LockedPem;
import dev.sealift.image.key.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Key files, read so that a password is no longer in the way.
public final class KeyFiles {
  private KeyFiles() {}

  /// The text of a key file; of one under a password, the PEM inside. Whether it is a key is for
  /// its reader to say.
  public static String read(Path file, PasswordSource passwords)
      throws IOException, KeyRefusedException {
    String text = text(file);
    try {
      Optional<LockedPem> locked = LockedPem.find(text);
      return locked.isEmpty() ? text : unlocked(file, locked.get(), passwords);
    } catch (MalformedException e) {
      throw new KeyRefusedException(e.getMessage(), e);
    }
  }

  private static String unlocked(Path file, LockedPem locked, PasswordSource passwords)
      throws IOException, KeyRefusedException {
    Optional<Secret> password = passwords.password(file.toString());
    if (password.isEmpty()) {
      throw new KeyRefusedException("the key is protected by a password, and none was given");
    }
    return switch (locked.unlock(password.get())) {
      case LockedPem.Unlocking.Unlocked(var pem) -> pem;
      case LockedPem.Unlocking.WrongPassword _ -> throw new KeyRefusedException("wrong password");
    };
  }

  private static String text(Path file) throws IOException, KeyRefusedException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Pem.SIZE_MAX + 1);
      if (bytes.length > Pem.SIZE_MAX) {
        throw new KeyRefusedException("more than %d bytes are no key".formatted(Pem.SIZE_MAX));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
