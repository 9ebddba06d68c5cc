// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.VerifyingKey;
import java.util.List;

/// By what a bootloader knows an image it may start. A build knows one hash.
public sealed interface Trust extends BootPolicy.Option {
  HashAlgorithm hash();

  /// Any image whose hash is right: this protects against damage alone.
  record HashOnly(HashAlgorithm hash) implements Trust {
    public HashOnly() {
      this(HashAlgorithm.SHA256);
    }
  }

  /// A signature of one kind under one of these keys. Where an image names its key by a shortened
  /// hash, the first that fits is taken. A build for signatures over the image itself ("pure")
  /// looks at no hash of it.
  record Signatures(
      KeyType kind,
      List<VerifyingKey> keys,
      HashAlgorithm hash,
      SignatureScheme.Over over,
      KeyName keyName)
      implements Trust {
    public Signatures {
      keys = List.copyOf(keys);
      for (VerifyingKey key : keys) {
        if (key.type() != kind) {
          throw new IllegalArgumentException(key + " is no key for " + kind);
        }
      }
      if (!SignatureScheme.of(kind).hashes().contains(hash)) {
        throw new IllegalArgumentException("no bootloader checks %s by %s".formatted(kind, hash));
      }
      if (over == SignatureScheme.Over.IMAGE && kind != KeyType.ED25519) {
        throw new IllegalArgumentException("no bootloader checks pure signatures of " + kind);
      }
    }

    /// With the hash that Zephyr's build takes for such keys, signed itself, and keys by hash.
    public Signatures(KeyType kind, List<VerifyingKey> keys) {
      this(
          kind,
          keys,
          SignatureScheme.of(kind).defaultHash(SignatureScheme.Over.DIGEST),
          SignatureScheme.Over.DIGEST,
          KeyName.HASH);
    }
  }

  /// How an image says by which key its next signature is.
  enum KeyName {
    /// By the hash of the key, which is built into the bootloader.
    HASH,
    /// By the key itself: the bootloader knows only hashes of keys, kept in hardware. By reading of
    /// the code; its judgement of images is recorded.
    WHOLE
  }
}
