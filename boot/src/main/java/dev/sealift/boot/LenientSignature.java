// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.image.key.EcdsaSignature;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Optional;

/// Reads the two numbers of an ECDSA signature as leniently as Mbed TLS does in a bootloader:
/// leading zeros may be missing or too many, and lengths may take more bytes than needed. What
/// stands behind the second number is refused.
final class LenientSignature {
  private static final int TAG_SEQUENCE = 0x30;
  private static final int TAG_INTEGER = 0x02;

  /// Lengths of lengths that Mbed TLS reads.
  private static final int LENGTH_BYTES_MAX = 4;

  private LenientSignature() {}

  /// Empty when the two numbers are not to be had.
  static Optional<EcdsaSignature> read(Curve curve, Bytes signature) {
    try {
      ByteReader outer = new ByteReader(signature, ByteOrder.BIG_ENDIAN);
      ByteReader inner = new ByteReader(element(outer, TAG_SEQUENCE), ByteOrder.BIG_ENDIAN);
      BigInteger r = number(curve, element(inner, TAG_INTEGER));
      BigInteger s = number(curve, element(inner, TAG_INTEGER));
      return outer.isAtEnd() && inner.isAtEnd()
          ? Optional.of(new EcdsaSignature(curve, r, s))
          : Optional.empty();
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private static Bytes element(ByteReader reader, int tag) throws MalformedException {
    if (reader.u8("tag") != tag) {
      throw new MalformedException("another tag", reader.position());
    }
    long length = reader.u8("length");
    if (length >= 0x80) {
      int count = (int) length - 0x80;
      if (count == 0 || count > LENGTH_BYTES_MAX) {
        throw new MalformedException("length of " + count + " bytes", reader.position());
      }
      length = 0;
      for (int i = 0; i < count; i++) {
        length = length << 8 | reader.u8("length");
      }
    }
    if (length > reader.remaining()) {
      throw new MalformedException("element ends behind the signature", reader.position());
    }
    return reader.take((int) length, "element");
  }

  private static BigInteger number(Curve curve, Bytes digits) throws MalformedException {
    BigInteger value = new BigInteger(1, digits.toArray());
    if (value.bitLength() > 8 * curve.bytes()) {
      throw new MalformedException("number of " + value.bitLength() + " bits", 0);
    }
    return value;
  }
}
