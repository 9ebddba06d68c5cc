// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.GivenDice;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.Pem;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseKeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/// An ML-DSA-44 private key as files have it: its seed, in PKCS#8 (RFC 9881, section 6). It prints
/// nothing of itself.
///
/// The JDK 25 writes and reads the expanded form only, which nobody can make a public key of; that
/// one is refused, and the one with both, which OpenSSL writes, is taken by its seed.
public final class MlDsaKey {
  /// As people call it.
  public static final String TYPE = "ml-dsa-44";

  // PrivateKeyInfo up to the seed, by which of the three forms the key has. Lengths are fixed, so
  // each form is its head, the seed, and what the length of the whole says.
  private static final Bytes ALGORITHM = Bytes.ofHex("300b0609608648016503040311");
  private static final Bytes SEED =
      Bytes.concat(Bytes.ofHex("3034020100"), ALGORITHM, Bytes.ofHex("04228020"));
  private static final Bytes BOTH =
      Bytes.concat(Bytes.ofHex("30820a3e020100"), ALGORITHM, Bytes.ofHex("04820a2a30820a260420"));
  private static final int BOTH_BYTES = 2626;

  private static final Bytes PUBLIC =
      Bytes.concat(Bytes.ofHex("30820532"), ALGORITHM, Bytes.ofHex("0382052100"));

  private final Secret seed;

  private MlDsaKey(Secret seed) {
    this.seed = seed;
  }

  public static MlDsaKey generate(SecureRandom random) {
    byte[] seed = new byte[CoseKeyPair.ML_DSA_SEED_BYTES];
    random.nextBytes(seed);
    try {
      return new MlDsaKey(Secret.of(seed));
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /// Nothing if the PEM holds anything but an ML-DSA-44 private key.
  public static Optional<MlDsaKey> read(String text) throws MalformedException {
    Pem pem = Pem.read(text);
    Bytes content = pem.content();
    if (!pem.label().equals("PRIVATE KEY") || !isMlDsa(content)) {
      return Optional.empty();
    }
    int size = CoseKeyPair.ML_DSA_SEED_BYTES;
    if (content.startsWith(SEED) && content.size() == SEED.size() + size) {
      return Optional.of(new MlDsaKey(Secret.of(content.from(SEED.size()).toArray())));
    }
    if (content.startsWith(BOTH) && content.size() == BOTH_BYTES) {
      Bytes seed = content.slice(BOTH.size(), BOTH.size() + size);
      return Optional.of(new MlDsaKey(Secret.of(seed.toArray())));
    }
    throw new MalformedException(
        "the ML-DSA-44 key comes without its seed, expected the form with it (RFC 9881)", 0);
  }

  /// Version 0 or 1, then the algorithm, behind a length of whatever size.
  private static boolean isMlDsa(Bytes pkcs8) {
    for (int lengthBytes = 1; lengthBytes <= 3; lengthBytes++) {
      int version = 1 + lengthBytes;
      int algorithm = version + 3;
      if (pkcs8.size() > algorithm + ALGORITHM.size()
          && pkcs8.at(version) == 2
          && pkcs8.slice(algorithm, algorithm + ALGORITHM.size()).equals(ALGORITHM)) {
        return true;
      }
    }
    return false;
  }

  /// Nothing if the PEM holds anything but an ML-DSA-44 key, public or private.
  static Optional<PublicHalf> readPublic(String text) throws MalformedException {
    Pem pem = Pem.read(text);
    if (pem.label().equals("PUBLIC KEY") && pem.content().startsWith(PUBLIC)) {
      Bytes encoded = pem.content().from(PUBLIC.size());
      try {
        return Optional.of(new PublicHalf.OfMlDsa(new CoseKey.MlDsa44(encoded)));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("the ML-DSA-44 key is damaged", PUBLIC.size(), e);
      }
    }
    return read(text).map(MlDsaKey::publicHalf);
  }

  public PublicHalf publicHalf() {
    // These dice are for signatures, and none is made.
    CoseKey key = CoseKeyPair.ofMlDsaSeed(seed, GivenDice.of(seed)).publicKey();
    return new PublicHalf.OfMlDsa((CoseKey.MlDsa44) key);
  }

  /// The pair in memory; `random` serves the signatures.
  public CoseKeyPair pair(SecureRandom random) {
    return CoseKeyPair.ofMlDsaSeed(seed, random);
  }

  /// The private key as PKCS#8 PEM, not encrypted: for the file it will live in, and nothing else.
  public String exposePem() {
    return seed.expose(bytes -> Pem.write("PRIVATE KEY", SEED.plus(Bytes.of(bytes))));
  }

  @Override
  public String toString() {
    return "private key of " + publicHalf();
  }
}
