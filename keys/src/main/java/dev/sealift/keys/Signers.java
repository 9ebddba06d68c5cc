// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SigningKey;
import dev.sealift.suit.cose.CoseKeyPair;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/// Opens keys: knows who knows the passwords, has the dice for signatures, and says how long a
/// command may take for one.
public record Signers(
    PasswordSource passwords, SecureRandom random, Duration commandTimeMax, Ecdsa ecdsa) {
  /// How a key in a file signs by ECDSA.
  public enum Ecdsa {
    /// In the same time whatever the key, for who signs when others ask.
    EVEN,
    /// Soon, for a command that signs and ends.
    AT_ONCE,
    /// Alike each time (RFC 6979), so that signatures reproduce.
    ALIKE
  }

  /// A person may have to find a card and type a PIN.
  public static final Duration COMMAND_TIME_MAX = Duration.ofSeconds(60);

  public static Signers of(PasswordSource passwords, SecureRandom random) {
    return new Signers(passwords, random, COMMAND_TIME_MAX, Ecdsa.EVEN);
  }

  /// `publicHalf` is what is known of the key beside its place. A command needs it, as it tells
  /// nothing but signatures; a token may, where it holds no public object; anywhere else the key
  /// found must be that one. A world that fails (no such file, no such library) is an
  /// [IOException].
  public Signer open(KeyPlace place, Optional<PublicHalf> publicHalf)
      throws IOException, KeyRefusedException {
    if (ecdsa == Ecdsa.ALIKE && !(place instanceof KeyPlace.InFile)) {
      throw new KeyRefusedException(
          "whoever holds it signs in its own way; only keys in files sign deterministically");
    }
    Signer signer =
        switch (place) {
          case KeyPlace.InFile(var file) -> ofFile(place, file);
          case KeyPlace.InToken(var uri) -> Token.open(uri, publicHalf, passwords);
          case KeyPlace.BehindCommand(var words) ->
              new Signer(
                  place,
                  publicHalf.orElseThrow(
                      () ->
                          new KeyRefusedException(
                              "a command does not tell its public key; give it with --public FILE")),
                  new CommandHolder(words, commandTimeMax));
        };
    if (publicHalf.isPresent() && !publicHalf.get().equals(signer.publicHalf())) {
      signer.close();
      throw new KeyRefusedException(
          "there is %s, expected %s".formatted(signer.publicHalf(), publicHalf.get()));
    }
    return signer;
  }

  private Signer ofFile(KeyPlace place, Path file) throws IOException, KeyRefusedException {
    String pem = KeyFiles.read(file, passwords);
    try {
      Optional<MlDsaKey> mlDsa = MlDsaKey.read(pem);
      if (mlDsa.isPresent()) {
        if (ecdsa == Ecdsa.ALIKE) {
          throw new KeyRefusedException("an ML-DSA key signs no images");
        }
        CoseKeyPair pair = mlDsa.get().pair(random);
        return new Signer(place, mlDsa.get().publicHalf(), pair::sign);
      }
      LocalKey key = KeyFile.readPrivate(pem);
      SigningKey signing =
          switch (ecdsa) {
            case EVEN -> key.signing(random);
            case AT_ONCE -> key.signingAtOnce(random);
            case ALIKE ->
                key.signingDeterministically()
                    .orElseThrow(
                        () ->
                            new KeyRefusedException(
                                "a signature of RSA has a random salt, and never reproduces"));
          };
      return new Signer(place, PublicHalf.of(key.publicKey()), signing::sign);
    } catch (MalformedException e) {
      throw new KeyRefusedException(e.getMessage(), e);
    }
  }
}
