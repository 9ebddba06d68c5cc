// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.LockedPem;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.Pem;
import dev.sealift.image.key.SealingKey;
import dev.sealift.image.key.SealingKeyType;
import dev.sealift.image.key.VerifyingKey;
import java.io.IOException;
import java.util.Optional;

/// A key of a PEM file: one that signs, or an X25519 key, which only agrees; with its private half
/// or without.
sealed interface Key {
  record Signing(VerifyingKey publicKey, Optional<LocalKey> privateKey) implements Key {}

  record Agreeing(SealingKey publicKey, Optional<OpeningKey> privateKey) implements Key {}

  /// Reads a key file, and asks for its password where it has one.
  static Key read(String name, Io io) throws RefusedException, IOException {
    try {
      return of(unlocked(name, io));
    } catch (MalformedException e) {
      throw RefusedException.failed("cannot use " + name + " as a key: " + e.getMessage());
    }
  }

  /// The PEM of a key file, no longer under a password.
  static String unlocked(String name, Io io)
      throws RefusedException, IOException, MalformedException {
    String pem = text(name, io);
    Optional<LockedPem> locked = LockedPem.find(pem);
    if (locked.isEmpty()) {
      return pem;
    }
    Secret password = io.prompt().ask("Enter key passphrase: ").orElse(Secret.of(new byte[0]));
    if (password.size() == 0) {
      throw RefusedException.failed(name + " is protected by a password, and none was typed");
    }
    return switch (locked.get().unlock(password)) {
      case LockedPem.Unlocking.Unlocked(var plain) -> plain;
      case LockedPem.Unlocking.WrongPassword _ ->
          throw RefusedException.failed("the password does not open " + name);
    };
  }

  static String text(String name, Io io) throws RefusedException {
    return new Folder(io).read(name, Pem.SIZE_MAX).toUtf8();
  }

  static Key of(String pem) throws MalformedException {
    Optional<Key> agreeing = agreeing(pem);
    if (agreeing.isPresent()) {
      return agreeing.get();
    }
    return switch (KeyFile.read(pem)) {
      case KeyFile.Private(var key) -> new Signing(key.publicKey(), Optional.of(key));
      case KeyFile.Public(var key) -> new Signing(key, Optional.empty());
    };
  }

  private static Optional<Key> agreeing(String pem) {
    try {
      if (Pem.read(pem).label().equals("PRIVATE KEY")) {
        return Optional.of(OpeningKey.read(pem))
            .filter(key -> key.type() == SealingKeyType.X25519)
            .map(key -> new Agreeing(key.publicKey(), Optional.of(key)));
      }
      return Optional.of(SealingKey.read(pem))
          .filter(key -> key.type() == SealingKeyType.X25519)
          .map(key -> new Agreeing(key, Optional.empty()));
    } catch (MalformedException _) {
      // It signs, or it is nothing: the other reader says which.
      return Optional.empty();
    }
  }

  /// What imgtool calls raw: PKCS#1 of an RSA key, SPKI of the others.
  default Bytes raw() {
    return switch (this) {
      case Signing(var key, _) -> key.embedded();
      case Agreeing(var key, _) -> key.spki();
    };
  }

  default String publicPem() {
    return switch (this) {
      case Signing(var key, _) -> key.toPem();
      case Agreeing(var key, _) -> key.toPem();
    };
  }

  /// How the source code that holds the key calls it.
  default String sourceName() {
    return switch (this) {
      case Signing(var key, _) ->
          switch (key.type()) {
            case RSA_2048, RSA_3072 -> "rsa";
            case ECDSA_P256 -> "ecdsa";
            case ECDSA_P384 -> "ecdsap384";
            case ED25519 -> "ed25519";
          };
      case Agreeing _ -> "x25519";
    };
  }

  default boolean isPrivate() {
    return switch (this) {
      case Signing(_, var half) -> half.isPresent();
      case Agreeing(_, var half) -> half.isPresent();
    };
  }
}
