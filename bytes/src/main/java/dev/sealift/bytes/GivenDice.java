// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import java.security.SecureRandom;

/// Dice that fall once, as given, and never again. The JDK computes the public half of some keys
/// only while it makes a new pair; with these dice it makes the pair of a seed we have.
public final class GivenDice extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private transient Secret left;

  private GivenDice(Secret seed) {
    super(null, null);
    this.left = seed;
  }

  public static GivenDice of(Secret seed) {
    return new GivenDice(seed);
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    if (bytes.length != left.size()) {
      throw new IllegalStateException(
          "asked for %d bytes, %d are given".formatted(bytes.length, left.size()));
    }
    left.expose(
        seed -> {
          System.arraycopy(seed, 0, bytes, 0, seed.length);
          return seed.length;
        });
    left = Secret.of(new byte[0]);
  }
}
