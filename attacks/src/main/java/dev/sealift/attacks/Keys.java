// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/// All the keys that a root of trust names, by role.
record Keys(
    List<CoseKeyPair> root,
    List<CoseKeyPair> release,
    List<CoseKeyPair> approve,
    CoseKeyPair freshness,
    CoseKeyPair operate) {
  Keys {
    root = List.copyOf(root);
    release = List.copyOf(release);
    approve = List.copyOf(approve);
  }

  /// Three people for every role that decides, one key for each that does not.
  static Keys fresh(SecureRandom random) {
    return new Keys(three(random), three(random), three(random), one(random), one(random));
  }

  static CoseKeyPair one(SecureRandom random) {
    return CoseKeyPair.generate(CoseAlgorithm.ESP256, random);
  }

  static List<CoseKeyPair> three(SecureRandom random) {
    return Stream.generate(() -> one(random)).limit(3).toList();
  }

  Keys withRoot(List<CoseKeyPair> others) {
    return new Keys(others, release, approve, freshness, operate);
  }

  Keys withRelease(List<CoseKeyPair> others) {
    return new Keys(root, others, approve, freshness, operate);
  }

  /// In the order in which a root lists them.
  List<CoseKeyPair> all() {
    return Stream.of(root, release, approve, List.of(freshness, operate))
        .flatMap(List::stream)
        .toList();
  }
}
