// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.key.SealingKey;
import java.security.SecureRandom;
import java.util.List;

/// What content keys are wrapped for: the public half of a device's key, or the key encryption key
/// it shares with its maker.
public sealed interface EncryptionKey permits EncryptionKey.Public, KeyEncryptionKey {
  /// The public half of a key pair.
  record Public(SealingKey key) implements EncryptionKey {}

  /// Reads a PEM file with a public or a private key, or the base64 of a key encryption key.
  static EncryptionKey read(String text) throws MalformedException {
    return text.contains("-----BEGIN")
        ? new Public(SealingKey.read(text))
        : KeyEncryptionKey.read(text);
  }

  /// The schemes that go with the key; the first is the usual one.
  default List<EncryptionScheme> schemes() {
    return switch (this) {
      case KeyEncryptionKey _ -> List.of(EncryptionScheme.AES_KW);
      case Public(var key) ->
          switch (key.type()) {
            case RSA_2048 -> List.of(EncryptionScheme.RSA_OAEP);
            case P256 -> List.of(EncryptionScheme.ECIES_P256);
            case X25519 ->
                List.of(EncryptionScheme.ECIES_X25519, EncryptionScheme.ECIES_X25519_SHA512);
          };
    };
  }

  /// The TLV value that carries the content key to the device. The randomness makes the ephemeral
  /// key or the padding; key wrap needs none.
  default Bytes wrap(EncryptionScheme scheme, ContentKey content, SecureRandom random) {
    if (!schemes().contains(scheme)) {
      throw new IllegalArgumentException("%s does not go with %s".formatted(scheme, this));
    }
    return switch (this) {
      case KeyEncryptionKey kek -> kek.wrap(content);
      case Public(var key) ->
          switch (scheme) {
            case RSA_OAEP -> key.encipher(content.secret(), random);
            case ECIES_P256 -> Ecies.P256.wrap(key, content, random);
            case ECIES_X25519 -> Ecies.X25519.wrap(key, content, random);
            case ECIES_X25519_SHA512 -> Ecies.X25519_SHA512.wrap(key, content, random);
            case AES_KW -> throw new IllegalStateException("key wrap takes no public key");
          };
    };
  }

  /// Fresh content keys of this size, wrapped by this scheme.
  default ContentKeySource contentKeys(
      EncryptionScheme scheme, ContentKeySize size, SecureRandom random) {
    if (!schemes().contains(scheme)) {
      throw new IllegalArgumentException("%s does not go with %s".formatted(scheme, this));
    }
    if (this instanceof KeyEncryptionKey kek && kek.size() != size) {
      throw new IllegalArgumentException(
          "a key encryption key of %d bits wraps no content key of %d"
              .formatted(kek.size().bits(), size.bits()));
    }
    return () -> {
      ContentKey key = ContentKey.generate(size, random);
      return new FreshContentKey(key, scheme, wrap(scheme, key, random));
    };
  }
}
