// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.curve;

import java.math.BigInteger;

/// The curves for ECDSA (SEC 2): a coordinate and each number of a signature have `bytes` bytes.
public enum Curve {
  P256("P-256", 32),
  P384("P-384", 48);

  private final String word;
  private final int bytes;

  Curve(String word, int bytes) {
    this.word = word;
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  /// How many points there are: a private key and both numbers of a signature lie between 0 and it.
  public BigInteger order() {
    return Domain.of(this).getN();
  }

  /// As in `P-256`.
  @Override
  public String toString() {
    return word;
  }
}
