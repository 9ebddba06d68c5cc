// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

/// Which numbers an algorithm may go by.
public enum AlgorithmNames {
  /// Only the fully specified ones of RFC 9864: what Sealift itself writes and devices read.
  CURRENT,
  /// ES256 (-7) too, as another name of ESP256: the examples of the SUIT drafts need it.
  WITH_DEPRECATED
}
