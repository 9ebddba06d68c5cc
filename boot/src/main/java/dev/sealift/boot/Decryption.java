// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;

/// Whether a bootloader decrypts images on their way from the secondary slot.
public sealed interface Decryption extends BootPolicy.Option {
  /// An encrypted image is refused.
  record None() implements Decryption {}

  /// With the device's private key, by the one scheme and the one size of content keys that the
  /// bootloader was built for.
  record With(DecryptionKey key, EncryptionScheme scheme, ContentKeySize size, Kept kept)
      implements Decryption {
    int sealedSize() {
      return scheme.size(size);
    }

    /// Bytes that the trailer keeps for each slot, before they are aligned.
    int keptSize() {
      return switch (kept) {
        case CONTENT_KEY -> size.bytes();
        case TLV -> sealedSize();
      };
    }
  }

  /// What of a key the trailer holds while images are swapped, so that a swap can be resumed.
  enum Kept {
    /// The content key as it is: whoever reads the flash can read the image.
    CONTENT_KEY,
    /// The TLV it was sealed in.
    TLV
  }
}
