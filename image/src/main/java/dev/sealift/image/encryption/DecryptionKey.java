// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKeyType;
import java.util.Optional;

/// A device's secret by which it opens the content keys of its images.
public sealed interface DecryptionKey permits DecryptionKey.Private, KeyEncryptionKey {
  /// The private half of a key pair.
  record Private(OpeningKey key) implements DecryptionKey {}

  /// Reads a PEM file with a private key, or the base64 of a key encryption key.
  static DecryptionKey read(String text) throws MalformedException {
    return text.contains("-----BEGIN")
        ? new Private(OpeningKey.read(text))
        : KeyEncryptionKey.read(text);
  }

  /// The content key in a TLV value of this scheme, of the size that the image's header announces.
  default Unwrapped unwrap(EncryptionScheme scheme, ContentKeySize size, Bytes value) {
    if (value.size() != scheme.size(size)) {
      return new Unwrapped.Refused(
          Unwrapped.Fault.WRONG_SIZE,
          "a content key of %d bits wrapped by %s takes %d bytes, these are %d"
              .formatted(size.bits(), scheme, scheme.size(size), value.size()));
    }
    return switch (scheme) {
      case AES_KW ->
          this instanceof KeyEncryptionKey kek ? kek.unwrap(value, size) : wrongKeyType(scheme);
      case RSA_OAEP ->
          opening(SealingKeyType.RSA_2048)
              .map(key -> ofRsa(key, value, size))
              .orElseGet(() -> wrongKeyType(scheme));
      case ECIES_P256 -> ofEcies(Ecies.P256, scheme, value, size);
      case ECIES_X25519 -> ofEcies(Ecies.X25519, scheme, value, size);
      case ECIES_X25519_SHA512 -> ofEcies(Ecies.X25519_SHA512, scheme, value, size);
    };
  }

  private Unwrapped wrongKeyType(EncryptionScheme scheme) {
    String own =
        switch (this) {
          case Private(var key) -> key.type().toString();
          case KeyEncryptionKey kek -> kek.toString();
        };
    return new Unwrapped.Refused(
        Unwrapped.Fault.WRONG_KEY_TYPE,
        "the content key is wrapped by %s, which %s does not open".formatted(scheme, own));
  }

  private Optional<OpeningKey> opening(SealingKeyType type) {
    return this instanceof Private(var key) && key.type() == type
        ? Optional.of(key)
        : Optional.empty();
  }

  private Unwrapped ofEcies(
      Ecies ecies, EncryptionScheme scheme, Bytes value, ContentKeySize size) {
    return opening(ecies.keyType())
        .map(key -> ecies.unwrap(key, value, size))
        .orElseGet(() -> wrongKeyType(scheme));
  }

  private static Unwrapped ofRsa(OpeningKey key, Bytes value, ContentKeySize size) {
    Optional<Secret> opened = key.decipher(value);
    if (opened.isEmpty()) {
      return new Unwrapped.Refused(
          Unwrapped.Fault.NOT_FOR_THIS_KEY,
          "the wrapped content key was changed, or is for another key than " + key.publicKey());
    }
    if (opened.get().size() != size.bytes()) {
      return new Unwrapped.Refused(
          Unwrapped.Fault.WRONG_SIZE,
          "the content key has %d bits, the header announces %d"
              .formatted(8 * opened.get().size(), size.bits()));
    }
    return new Unwrapped.Opened(ContentKey.of(opened.get()));
  }
}
