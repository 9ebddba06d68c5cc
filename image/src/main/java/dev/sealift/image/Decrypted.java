// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.Unwrapped;
import java.util.List;
import java.util.Optional;

/// What a device's keys make of the payload of an image. Nothing of it is checked against the hash:
/// a wrong key of the right kind may give an image of noise.
public sealed interface Decrypted {
  /// The image does not say that it is encrypted.
  record NotEncrypted() implements Decrypted {}

  /// The image with its payload as plaintext; all else is as it was, the flags too.
  record Opened(Image plain) implements Decrypted {}

  /// Closed to these keys.
  record Refused(RefusalReason reason, String sentence, int offset) implements Decrypted {}

  /// Tries the keys in their order. No key at all is a refusal of its own.
  static Decrypted of(Image image, List<DecryptionKey> keys) {
    if (!image.header().isEncrypted()) {
      return new NotEncrypted();
    }
    try {
      WrappedKey wrapped = WrappedKey.of(image);
      if (keys.isEmpty()) {
        return new Refused(
            RefusalReason.ENCRYPTED,
            "the image is encrypted (%s), and no key to open it is given".formatted(wrapped),
            wrapped.entry().offset());
      }
      return wrapped.open(image, keys);
    } catch (ImageFault fault) {
      return new Refused(fault.reason(), fault.sentence(), fault.offset());
    }
  }

  /// The one TLV of an encrypted image that carries its content key.
  record WrappedKey(Image.Entry entry, EncryptionScheme scheme, ContentKeySize size) {
    static WrappedKey of(Image image) throws ImageFault {
      Optional<ContentKeySize> size = ContentKeySize.of(image.header());
      if (size.isEmpty()) {
        throw new ImageFault(
            RefusalReason.BAD_FLAGS, 16, "the header announces content keys of both sizes");
      }
      List<Image.Entry> entries = entries(image);
      if (entries.isEmpty()) {
        throw new ImageFault(
            RefusalReason.ENC_KEY, 16, "the image says it is encrypted, but carries no key for it");
      }
      if (entries.size() > 1) {
        throw new ImageFault(
            RefusalReason.DUPLICATE_TLV,
            entries.get(1).offset(),
            "the image carries %d wrapped content keys, expected one".formatted(entries.size()));
      }
      Tlv tlv = entries.getFirst().tlv();
      EncryptionScheme scheme = EncryptionScheme.ofTlv(tlv.type()).orElseThrow();
      if (tlv.value().size() != scheme.size(size.get())) {
        throw new ImageFault(
            RefusalReason.ENC_KEY,
            entries.getFirst().offset(),
            "%s has %d bytes, with a content key of %d bits it has %d"
                .formatted(
                    tlv.name(), tlv.value().size(), size.get().bits(), scheme.size(size.get())));
      }
      return new WrappedKey(entries.getFirst(), scheme, size.get());
    }

    /// Of the unprotected area: a protected one would be refused anyway.
    static List<Image.Entry> entries(Image image) {
      return image.entries().stream()
          .filter(entry -> entry.area() == TlvArea.Kind.UNPROTECTED)
          .filter(entry -> EncryptionScheme.ofTlv(entry.tlv().type()).isPresent())
          .toList();
    }

    Decrypted open(Image image, List<DecryptionKey> keys) {
      Optional<Unwrapped.Refused> why = Optional.empty();
      for (DecryptionKey key : keys) {
        switch (key.unwrap(scheme, size, entry.tlv().value())) {
          case Unwrapped.Opened(var content) -> {
            return new Opened(image.withPayload(content.apply(image.payload(), 0)));
          }
          case Unwrapped.Refused refused -> {
            // Among several keys, the one of the right type has more to say.
            if (why.isEmpty() || why.get().fault() == Unwrapped.Fault.WRONG_KEY_TYPE) {
              why = Optional.of(refused);
            }
          }
        }
      }
      return new Refused(RefusalReason.ENC_KEY, why.orElseThrow().sentence(), entry.offset());
    }

    /// As in `ECIES-X25519, content key of 128 bits`.
    @Override
    public String toString() {
      return "%s, content key of %d bits".formatted(scheme, size.bits());
    }
  }
}
