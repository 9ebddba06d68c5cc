// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import java.math.BigInteger;

/// A private key in DER as bootloaders carry it to decrypt with.
///
/// | type | OPENSSL | PKCS8 | what MINIMAL leaves out |
/// | --- | --- | --- | --- |
/// | RSA | PKCS#1 | - | the three values for the Chinese remainder theorem |
/// | EC | SEC1 with its curve | PKCS#8 | the public half |
/// | X25519 | - | PKCS#8 | nothing |
public final class PrivateDer {
  /// What the DER is wrapped in.
  public enum Form {
    OPENSSL,
    PKCS8
  }

  /// How much of the key is there.
  public enum Extent {
    WHOLE,
    /// No more than decrypting needs.
    MINIMAL
  }

  private PrivateDer() {}

  /// Of an RSA key in its one form.
  public static Secret ofRsa(LocalKey key, Extent extent) {
    if (!key.type().isRsa()) {
      throw new IllegalArgumentException("no RSA key: " + key.type());
    }
    return parts(key.pkcs8())
        .map(
            parts ->
                switch (extent) {
                  case WHOLE -> parts.content();
                  case MINIMAL -> withoutRemainders(parts.content());
                });
  }

  /// Of a key on a curve that signs or agrees by ECDSA and ECDH.
  public static Secret ofEc(LocalKey key, Form form, Extent extent) {
    if (key.type().isRsa() || key.type() == KeyType.ED25519) {
      throw new IllegalArgumentException("no EC key: " + key.type());
    }
    return parts(key.pkcs8()).map(parts -> ec(parts, form, extent));
  }

  /// The number that is the private half of an EC key, in as many bytes as a coordinate has.
  static Secret scalar(LocalKey key) {
    return parts(key.pkcs8()).map(parts -> scalar(parts.content()));
  }

  /// Of an X25519 key, which has nothing to leave out.
  public static Secret ofX25519(OpeningKey key) {
    if (key.type() != SealingKeyType.X25519) {
      throw new IllegalArgumentException("no X25519 key: " + key.type());
    }
    return key.pkcs8();
  }

  /// What PKCS#8 holds, its attributes left out.
  private record Parts(Bytes algorithm, Bytes content) {
    Secret map(java.util.function.Function<Parts, Bytes> use) {
      return Secret.of(use.apply(this).toArray());
    }
  }

  private static Parts parts(Secret pkcs8) {
    try {
      Der.Reader key = new Der.Reader(pkcs8.expose(Bytes::of), "private key").enter(Der.SEQUENCE);
      key.integer();
      return new Parts(key.take(Der.SEQUENCE), key.take(Der.OCTET_STRING));
    } catch (MalformedException e) {
      throw new IllegalStateException("a key that was read before", e);
    }
  }

  private static Bytes withoutRemainders(Bytes pkcs1) {
    try {
      Der.Reader key = new Der.Reader(pkcs1, "RSA private key").enter(Der.SEQUENCE);
      Bytes kept = Bytes.EMPTY;
      // Version, n, e, d, p and q.
      for (int i = 0; i < 6; i++) {
        kept = kept.plus(Der.integer(key.integer()));
      }
      return Der.element(Der.SEQUENCE, kept);
    } catch (MalformedException e) {
      throw new IllegalStateException("a key that was read before", e);
    }
  }

  private static Bytes scalar(Bytes content) {
    try {
      Der.Reader sec1 = new Der.Reader(content, "EC private key").enter(Der.SEQUENCE);
      sec1.integer();
      return sec1.take(Der.OCTET_STRING);
    } catch (MalformedException e) {
      throw new IllegalStateException("a key that was read before", e);
    }
  }

  private static Bytes ec(Parts parts, Form form, Extent extent) {
    try {
      Der.Reader sec1 = new Der.Reader(parts.content(), "EC private key").enter(Der.SEQUENCE);
      sec1.integer();
      Bytes scalar = Der.element(Der.OCTET_STRING, sec1.take(Der.OCTET_STRING));
      if (sec1.isNext(Der.CONTEXT_0)) {
        sec1.take(Der.CONTEXT_0);
      }
      Bytes publicHalf =
          extent == Extent.MINIMAL
              ? Bytes.EMPTY
              : Der.element(Der.CONTEXT_1, sec1.take(Der.CONTEXT_1));
      Bytes version = Der.integer(BigInteger.ONE);
      return switch (form) {
        case OPENSSL -> {
          Der.Reader algorithm = new Der.Reader(parts.algorithm(), "algorithm");
          algorithm.take(Der.OID);
          Bytes curve = Der.element(Der.CONTEXT_0, Der.element(Der.OID, algorithm.take(Der.OID)));
          yield Der.element(Der.SEQUENCE, version, scalar, curve, publicHalf);
        }
        case PKCS8 ->
            Der.element(
                Der.SEQUENCE,
                Der.integer(BigInteger.ZERO),
                Der.element(Der.SEQUENCE, parts.algorithm()),
                Der.element(
                    Der.OCTET_STRING, Der.element(Der.SEQUENCE, version, scalar, publicHalf)));
      };
    } catch (MalformedException e) {
      throw new IllegalStateException("a key that was read before", e);
    }
  }
}
