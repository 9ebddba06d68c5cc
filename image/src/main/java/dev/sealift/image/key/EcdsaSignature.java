// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.math.BigInteger;

/// A signature on P-256, told by its two numbers: as `raw` bytes, each number in 32 of them (COSE,
/// tokens), or in DER (images, OpenSSL). That it is anybody's signature is not said.
public record EcdsaSignature(Bytes raw) {
  private static final int NUMBER_BYTES = 32;

  /// Of the raw form.
  public static final int RAW_BYTES = 2 * NUMBER_BYTES;

  public EcdsaSignature {
    if (raw.size() != RAW_BYTES) {
      throw new IllegalArgumentException(
          "a raw signature on P-256 has %d bytes, not %d".formatted(RAW_BYTES, raw.size()));
    }
  }

  public static EcdsaSignature ofDer(Bytes der) throws MalformedException {
    Der.Reader outer = new Der.Reader(der, "ECDSA signature");
    Der.Reader pair = outer.enter(Der.SEQUENCE);
    BigInteger r = pair.integer();
    BigInteger s = pair.integer();
    pair.end();
    outer.end();
    if (Math.max(r.bitLength(), s.bitLength()) > 8 * NUMBER_BYTES) {
      throw outer.fault("a number has more than 32 bytes");
    }
    return new EcdsaSignature(number(r).plus(number(s)));
  }

  public Bytes toDer() {
    return Der.element(
        Der.SEQUENCE,
        Der.integer(new BigInteger(1, raw.first(NUMBER_BYTES).toArray())),
        Der.integer(new BigInteger(1, raw.from(NUMBER_BYTES).toArray())));
  }

  private static Bytes number(BigInteger number) {
    Bytes padded = Bytes.filled(NUMBER_BYTES, 0).plus(Bytes.owning(number.toByteArray()));
    return padded.from(padded.size() - NUMBER_BYTES);
  }
}
