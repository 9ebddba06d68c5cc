// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.image.SignOptions;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.ContentKeySource;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.KeyEncryptionKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// For whom an image is encrypted, and how.
final class SecrecyOptions {
  private @Nullable Path encrypt;
  private String encryptKeylen = "";
  private String hmacSha = "";
  private boolean clear;

  void declare(Options options) {
    options.value(
        "-E --encrypt",
        "FILE",
        "encrypt for the device with this key: PEM of its public half, or the base64 of a key"
            + " encryption key",
        value -> encrypt = Path.of(value));
    options.value(
        "--encrypt-keylen",
        "BITS",
        "size of the content key: 128 (default) or 256",
        value -> encryptKeylen = value);
    options.value(
        "--hmac-sha",
        "BITS",
        "hash in the wrapping of the content key: 256 (default); 512 with x25519 only",
        value -> hmacSha = value);
    options.flag(
        "-c --clear",
        "an encrypted image for the primary slot: with key and flag, payload in clear",
        () -> clear = true);
  }

  boolean isClear() {
    return clear;
  }

  SignOptions.Secrecy secrecy() {
    if (encrypt == null) {
      if (clear || !encryptKeylen.isEmpty() || !hmacSha.isEmpty()) {
        throw Failure.usage("--clear, --encrypt-keylen and --hmac-sha go with --encrypt FILE");
      }
      return new SignOptions.Secrecy.Plain();
    }
    ContentKeySource contentKeys = contentKeys(Keys.readEncryption(encrypt));
    return clear
        ? new SignOptions.Secrecy.InClear(contentKeys)
        : new SignOptions.Secrecy.Encrypted(contentKeys);
  }

  /// A key encryption key wraps content keys of its own size, so that is what it gets.
  private ContentKeySource contentKeys(EncryptionKey encryption) {
    ContentKeySize size =
        switch (encryptKeylen) {
          case "" ->
              encryption instanceof KeyEncryptionKey kek ? kek.size() : ContentKeySize.AES_128;
          case "128" -> ContentKeySize.AES_128;
          case "256" -> ContentKeySize.AES_256;
          default ->
              throw Failure.usage("--encrypt-keylen is 128 or 256, not '" + encryptKeylen + "'");
        };
    EncryptionScheme scheme =
        switch (hmacSha) {
          case "", "auto", "256" -> encryption.schemes().getFirst();
          case "512" -> EncryptionScheme.ECIES_X25519_SHA512;
          default -> throw Failure.usage("--hmac-sha is 256 or 512, not '" + hmacSha + "'");
        };
    return encryption.contentKeys(scheme, size, new SecureRandom());
  }
}
