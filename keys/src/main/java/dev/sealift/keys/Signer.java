// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.image.key.EcdsaSignature;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.SigningKey;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;

/// A key that can be signed with until it is closed, wherever it is. Every signature was verified
/// with the public half before it is handed out; one that cannot be had is an
/// [UncheckedIOException]. One signature is made at a time.
public final class Signer implements AutoCloseable {
  private final KeyPlace place;
  private final PublicHalf publicHalf;
  private final Holder holder;
  private final ReentrantLock lock = new ReentrantLock();

  Signer(KeyPlace place, PublicHalf publicHalf, Holder holder) {
    this.place = place;
    this.publicHalf = publicHalf;
    this.holder = holder;
  }

  public PublicHalf publicHalf() {
    return publicHalf;
  }

  /// Refused for a type that cannot sign permits.
  public CoseSigner forPermits() throws KeyRefusedException {
    CoseKey key =
        publicHalf
            .forPermits()
            .orElseThrow(
                () ->
                    new KeyRefusedException(
                        "a key of type %s signs no permits; ecdsa-p256, ed25519 and ml-dsa-44 do"
                            .formatted(publicHalf.type())));
    return new OfPermits(this, key);
  }

  /// Refused for a type that cannot sign images.
  public SigningKey forImages() throws KeyRefusedException {
    VerifyingKey key =
        publicHalf
            .forImages()
            .orElseThrow(
                () ->
                    new KeyRefusedException(
                        "a key of type %s signs no images; %s do"
                            .formatted(publicHalf.type(), KeyType.words())));
    return new OfImages(this, key);
  }

  private Bytes sign(Bytes message) {
    lock.lock();
    try {
      Bytes answer = holder.sign(message);
      return publicHalf
          .genuine(message, answer)
          .orElseThrow(
              () ->
                  new IOException(
                      "its answer of %d bytes is no signature by %s"
                          .formatted(answer.size(), publicHalf)));
    } catch (IOException e) {
      throw new UncheckedIOException("%s did not sign: %s".formatted(place, e.getMessage()), e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    holder.close();
  }

  @Override
  public String toString() {
    return "%s, %s".formatted(place, publicHalf);
  }

  private record OfImages(Signer signer, VerifyingKey publicKey) implements SigningKey {
    @Override
    public Bytes sign(Bytes message) {
      return signer.sign(message);
    }
  }

  private record OfPermits(Signer signer, CoseKey key) implements CoseSigner {
    @Override
    public KeyId keyId() {
      return key.id();
    }

    @Override
    public CoseAlgorithm algorithm() {
      return key.algorithm();
    }

    @Override
    public Bytes sign(Bytes toBeSigned) {
      Bytes signature = signer.sign(toBeSigned);
      return switch (algorithm()) {
        case ESP256 -> raw(signature);
        case ED25519, ML_DSA_44 -> signature;
      };
    }

    private static Bytes raw(Bytes der) {
      try {
        return EcdsaSignature.ofDer(Curve.P256, der).toRaw();
      } catch (MalformedException e) {
        throw new IllegalStateException("a verified signature is not in DER", e);
      }
    }
  }
}
