// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.MalformedException;
import java.util.Optional;

/// What a PEM file with a key holds.
public sealed interface KeyFile {
  /// The private half, and with it the public one.
  record Private(LocalKey key) implements KeyFile {
    @Override
    public VerifyingKey publicKey() {
      return key.publicKey();
    }
  }

  /// The public half alone.
  record Public(VerifyingKey publicKey) implements KeyFile {}

  VerifyingKey publicKey();

  /// PKCS#8, SEC1, PKCS#1 and SPKI, none of them encrypted: [LockedPem] comes before.
  static KeyFile read(String pem) throws MalformedException {
    Pem block = Pem.read(pem);
    return switch (block.label()) {
      case "PRIVATE KEY" -> new Private(LocalKey.read(block.content()));
      case "EC PRIVATE KEY" -> new Private(LocalKey.ofSec1(block.content(), Optional.empty()));
      case "RSA PRIVATE KEY" -> new Private(LocalKey.ofPkcs1(block.content()));
      case "PUBLIC KEY" -> new Public(VerifyingKey.read(block.content()));
      case "RSA PUBLIC KEY" -> new Public(VerifyingKey.ofPkcs1(block.content()));
      case "ENCRYPTED PRIVATE KEY" ->
          throw new MalformedException("the key is protected by a password, and none was given", 0);
      default ->
          throw new MalformedException(
              "the file holds a %s, expected a key in PKCS#8, SEC1, PKCS#1 or SPKI form"
                  .formatted(block.label().toLowerCase(java.util.Locale.ROOT)),
              0);
    };
  }

  /// The private key of a file that must have one.
  static LocalKey readPrivate(String pem) throws MalformedException {
    return switch (read(pem)) {
      case Private(var key) -> key;
      case Public _ ->
          throw new MalformedException(
              "the file holds only a public key; signing needs the private one", 0);
    };
  }

  /// The public key of a file that has it, alone or beside the private one.
  static VerifyingKey readPublic(String pem) throws MalformedException {
    return read(pem).publicKey();
  }
}
