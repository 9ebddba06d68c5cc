// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.cose.CoseKey;
import java.util.List;
import java.util.Optional;

/// Says which keys count and how many of them are enough.
public interface Authority {
  /// The keys that a block with this key id may be by: none if it is by nobody who counts.
  List<CoseKey> candidates(Optional<Bytes> keyId);

  /// Whether these keys together, each there once, may say what a manifest says.
  Judgement judge(List<CoseKey> signers);

  sealed interface Judgement {
    record Enough() implements Judgement {}

    record Wanting(String missing) implements Judgement {}
  }

  /// Any one of the keys is enough. A block without key id is tried with each.
  static Authority anyOf(List<CoseKey> keys) {
    List<CoseKey> known = List.copyOf(keys);
    return new Authority() {
      @Override
      public List<CoseKey> candidates(Optional<Bytes> keyId) {
        return keyId.isEmpty()
            ? known
            : known.stream().filter(key -> key.id().value().equals(keyId.get())).toList();
      }

      @Override
      public Judgement judge(List<CoseKey> signers) {
        return signers.isEmpty()
            ? new Judgement.Wanting("no known key has signed")
            : new Judgement.Enough();
      }
    };
  }
}
