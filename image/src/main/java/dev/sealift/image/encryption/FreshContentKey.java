// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.bytes.Bytes;

/// A content key that no image has yet, and the same wrapped for the device.
public record FreshContentKey(ContentKey key, EncryptionScheme scheme, Bytes wrapped) {
  public FreshContentKey {
    if (wrapped.size() != scheme.size(key.size())) {
      throw new IllegalArgumentException(
          "%s wrapped by %s takes %d bytes, not %d"
              .formatted(key, scheme, scheme.size(key.size()), wrapped.size()));
    }
  }
}
