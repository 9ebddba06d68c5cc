// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.image.key.VerifyingKey;
import java.util.List;

/// What makes an image trustworthy to the one who asks.
public sealed interface Trust {
  /// A genuine signature by one of these keys.
  record Keys(List<VerifyingKey> keys) implements Trust {
    public Keys {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("trust needs a key");
      }
    }
  }

  /// A hash that fits, which says that the file is whole and nothing about who made it.
  record HashOnly() implements Trust {}

  static Trust in(VerifyingKey... keys) {
    return new Keys(List.of(keys));
  }
}
