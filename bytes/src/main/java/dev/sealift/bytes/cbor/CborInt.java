// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import java.math.BigInteger;

/// An integer of CBOR's major types 0 and 1: -2^64 to 2^64-1.
public record CborInt(BigInteger value) implements CborItem {
  public CborInt {
    if (value.bitLength() > 64) {
      throw new IllegalArgumentException("no CBOR integer: " + value);
    }
  }

  public static CborInt of(long value) {
    return new CborInt(BigInteger.valueOf(value));
  }

  public boolean isLong() {
    return value.bitLength() < 64;
  }

  /// Only after [#isLong] said yes.
  public long toLong() {
    return value.longValueExact();
  }
}
