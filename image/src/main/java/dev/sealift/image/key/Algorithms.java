// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import java.util.Map;

/// The AlgorithmIdentifier of SPKI and PKCS#8, and the names of those we know but do not take.
final class Algorithms {
  static final Bytes RSA = Bytes.ofHex("2a864886f70d010101");
  static final Bytes EC = Bytes.ofHex("2a8648ce3d0201");
  static final Bytes P256 = Bytes.ofHex("2a8648ce3d030107");
  static final Bytes P384 = Bytes.ofHex("2b81040022");
  static final Bytes ED25519 = Bytes.ofHex("2b6570");
  static final Bytes X25519 = Bytes.ofHex("2b656e");

  private static final Map<Bytes, String> NOT_TAKEN =
      Map.of(
          Bytes.ofHex("2b81040023"), "an EC key on P-521",
          Bytes.ofHex("2b8104000a"), "an EC key on secp256k1",
          Bytes.ofHex("2b656f"), "an X448 key",
          Bytes.ofHex("2b6571"), "an Ed448 key",
          Bytes.ofHex("2a864886f70d01010a"), "an RSA key bound to PSS",
          Bytes.ofHex("2a8648ce380401"), "a DSA key");

  private Algorithms() {}

  static Bytes identifier(KeyType type) {
    Bytes content =
        switch (type) {
          case RSA_2048, RSA_3072 -> Bytes.concat(Der.element(Der.OID, RSA), Der.element(Der.NULL));
          case ECDSA_P256 -> Bytes.concat(Der.element(Der.OID, EC), Der.element(Der.OID, P256));
          case ECDSA_P384 -> Bytes.concat(Der.element(Der.OID, EC), Der.element(Der.OID, P384));
          case ED25519 -> Der.element(Der.OID, ED25519);
        };
    return Der.element(Der.SEQUENCE, content);
  }

  static Bytes x25519() {
    return Der.element(Der.SEQUENCE, Der.element(Der.OID, X25519));
  }

  /// What the identifier names, before the size of an RSA key is known.
  enum Family {
    RSA,
    P256,
    P384,
    ED25519,
    X25519
  }

  static Family family(Der.Reader algorithm) throws MalformedException {
    Bytes oid = algorithm.take(Der.OID);
    if (oid.equals(RSA)) {
      if (algorithm.isNext(Der.NULL)) {
        algorithm.take(Der.NULL);
      }
      algorithm.end();
      return Family.RSA;
    }
    if (oid.equals(EC)) {
      if (!algorithm.isNext(Der.OID)) {
        throw notTaken("an EC key without a named curve");
      }
      Bytes curve = algorithm.take(Der.OID);
      algorithm.end();
      return switch (curve(curve)) {
        case P256 -> Family.P256;
        case P384 -> Family.P384;
      };
    }
    if (oid.equals(ED25519)) {
      algorithm.end();
      return Family.ED25519;
    }
    if (oid.equals(X25519)) {
      algorithm.end();
      return Family.X25519;
    }
    throw unknown(oid);
  }

  static Curve curve(Bytes oid) throws MalformedException {
    if (oid.equals(P256)) {
      return Curve.P256;
    }
    if (oid.equals(P384)) {
      return Curve.P384;
    }
    throw unknown(oid);
  }

  private static MalformedException unknown(Bytes oid) {
    return notTaken(NOT_TAKEN.getOrDefault(oid, "a key of an algorithm we do not know"));
  }

  static MalformedException notTaken(String kind) {
    return new MalformedException(
        ("this is %s; images are signed with %s, and encrypted for rsa-2048, ecdsa-p256 and"
                + " x25519")
            .formatted(kind, KeyType.words()),
        0);
  }

  static MalformedException x25519DoesNotSign() {
    return notTaken("an X25519 key, which encrypts and does not sign");
  }
}
