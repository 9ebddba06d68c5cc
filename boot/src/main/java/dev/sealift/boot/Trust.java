// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.VerifyingKey;
import java.util.List;

/// By what a bootloader knows an image it may start.
public sealed interface Trust extends BootPolicy.Option {
  /// Any image whose hash is right: this protects against damage alone.
  record HashOnly() implements Trust {}

  /// A signature of one kind under one of these keys. Where an image names its key by a shortened
  /// hash, the first that fits is taken.
  record Signatures(KeyType kind, List<VerifyingKey> keys) implements Trust {
    public Signatures {
      keys = List.copyOf(keys);
      for (VerifyingKey key : keys) {
        if (key.type() != kind) {
          throw new IllegalArgumentException(key + " is no key for " + kind);
        }
      }
    }
  }
}
