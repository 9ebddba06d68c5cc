// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.TlvWalk;
import dev.sealift.image.encryption.ContentKey;
import dev.sealift.image.encryption.Unwrapped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The content keys of the two images of one pair while the bootloader runs: opened once from an
/// image's TLV, or taken from the trailer of an interrupted swap.
final class ContentKeys {
  /// `kept` is what the trailer holds of the key.
  private record Known(ContentKey key, Bytes kept) {}

  private final Decryption decryption;
  private final Map<Slot, Known> known = new EnumMap<>(Slot.class);

  ContentKeys(Decryption decryption) {
    this.decryption = decryption;
  }

  Optional<ContentKey> of(Slot slot) {
    return Optional.ofNullable(known.get(slot)).map(Known::key);
  }

  /// Whether the key of an encrypted image can be had; asked again, the first answer stands.
  Optional<ImageRefusal> load(SlotImage image) {
    if (known.containsKey(image.slot())) {
      return Optional.empty();
    }
    return switch (decryption) {
      case Decryption.None _ -> Optional.of(ImageRefusal.ENCRYPTED);
      case Decryption.With with -> open(with, image);
    };
  }

  private Optional<ImageRefusal> open(Decryption.With with, SlotImage image) {
    Bytes content = image.content();
    Optional<Bytes> sealed =
        image.header().stream()
            .flatMap(header -> TlvWalk.of(content, header).entries().stream())
            .filter(tlv -> tlv.is(with.scheme().tlv()))
            .findFirst()
            // The content changes with the flash, and this is kept.
            .map(tlv -> Bytes.owning(tlv.value(content).toArray()));
    if (sealed.isEmpty() || sealed.get().size() != with.sealedSize()) {
      return Optional.of(ImageRefusal.KEY_MISSING);
    }
    return switch (with.key().unwrap(with.scheme(), with.size(), sealed.get())) {
      case Unwrapped.Opened(ContentKey key) -> {
        keep(image.slot(), with, key, sealed.get());
        yield Optional.empty();
      }
      case Unwrapped.Refused _ -> Optional.of(ImageRefusal.KEY_WRONG);
    };
  }

  private void keep(Slot slot, Decryption.With with, ContentKey key, Bytes sealed) {
    Bytes kept =
        switch (with.kept()) {
          case CONTENT_KEY -> key.exposeRaw();
          case TLV -> sealed;
        };
    known.put(slot, new Known(key, kept));
  }

  /// What the trailer is to hold for a slot: erased bytes where there is no key.
  Bytes kept(Slot slot, Decryption.With with) {
    Known found = known.get(slot);
    return found == null ? Bytes.filled(with.keptSize(), 0xff) : found.kept();
  }

  /// Takes the keys from the trailer of an interrupted swap. One that does not open is left out, as
  /// the real code goes on without it.
  void restore(Trailer trailer) {
    known.clear();
    if (decryption instanceof Decryption.With with) {
      for (Slot slot : Slot.values()) {
        Optional<Bytes> cell = trailer.key(slot).map(kept -> kept.first(with.keptSize()));
        if (cell.isPresent()) {
          restore(slot, with, cell.get());
        }
      }
    }
  }

  private void restore(Slot slot, Decryption.With with, Bytes kept) {
    switch (with.kept()) {
      case CONTENT_KEY -> known.put(slot, new Known(ContentKey.ofRaw(kept), kept));
      case TLV -> {
        if (with.key().unwrap(with.scheme(), with.size(), kept)
            instanceof Unwrapped.Opened(ContentKey key)) {
          known.put(slot, new Known(key, kept));
        }
      }
    }
  }
}
