// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseKeyPair;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/// The same key files in the form that permits use.
final class CoseKeys {
  private CoseKeys() {}

  /// The key id by which permits name this key; none for a type that cannot sign permits.
  static Optional<String> keyId(VerifyingKey key) {
    return factoryName(key.type()).map(_ -> of(key).id().toString());
  }

  static CoseKey readPublic(Path file) {
    VerifyingKey key = Keys.readPublic(file);
    requireUsable(key, file);
    return of(key);
  }

  static CoseKeyPair readPrivate(Path file) {
    LocalKey key = Keys.readPrivate(file);
    requireUsable(key.publicKey(), file);
    String base64 = key.exposePem().replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance(factoryName(key.type()).orElseThrow())
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      return CoseKeyPair.of(of(key.publicKey()), privateKey, new SecureRandom());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK does not take a key that we read", e);
    }
  }

  private static void requireUsable(VerifyingKey key, Path file) {
    if (factoryName(key.type()).isEmpty()) {
      throw Failure.refused(
              "%s holds a key of type %s; permits are signed with ecdsa-p256 or ed25519"
                  .formatted(file, key.type()))
          .hint("make one with 'sealift key new --type ecdsa-p256 FILE'");
    }
  }

  private static Optional<String> factoryName(KeyType type) {
    return switch (type) {
      case ECDSA_P256 -> Optional.of("EC");
      case ED25519 -> Optional.of("Ed25519");
      case RSA_2048, RSA_3072 -> Optional.empty();
    };
  }

  private static CoseKey of(VerifyingKey key) {
    try {
      PublicKey publicKey =
          KeyFactory.getInstance(factoryName(key.type()).orElseThrow())
              .generatePublic(new X509EncodedKeySpec(key.spki().toArray()));
      return CoseKey.of(publicKey).orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK does not take a key that we read", e);
    }
  }
}
