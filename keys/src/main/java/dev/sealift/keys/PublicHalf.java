// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.bytes.curve.EdwardsPoint;
import dev.sealift.image.key.EcdsaSignature;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.Pem;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.suit.cose.CoseKey;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;

/// The public half of a key that signs images, permits, or both.
public sealed interface PublicHalf {
  /// A key that bootloaders know.
  record OfImageKey(VerifyingKey key) implements PublicHalf {
    @Override
    public String type() {
      return key.type().toString();
    }

    @Override
    public String pem() {
      return key.toPem();
    }

    @Override
    public Optional<VerifyingKey> forImages() {
      return Optional.of(key);
    }

    @Override
    public Optional<CoseKey> forPermits() {
      return switch (key.type()) {
        case ECDSA_P256 -> key.point().map(CoseKey.P256::new);
        case ED25519 ->
            Optional.of(
                new CoseKey.Ed25519(key.spki().from(key.spki().size() - EdwardsPoint.BYTES)));
        case RSA_2048, RSA_3072, ECDSA_P384 -> Optional.empty();
      };
    }

    @Override
    public Optional<Bytes> genuine(Bytes message, Bytes signature) {
      Optional<Curve> curve = key.type().curve();
      if (curve.isPresent() && signature.size() == EcdsaSignature.rawBytes(curve.get())) {
        Bytes der = EcdsaSignature.ofRaw(curve.get(), signature).toDer();
        if (key.check(message, der) instanceof SignatureCheck.Genuine) {
          return Optional.of(der);
        }
      }
      return key.check(message, signature) instanceof SignatureCheck.Genuine
          ? Optional.of(signature)
          : Optional.empty();
    }

    @Override
    public String toString() {
      return "key " + key;
    }
  }

  /// A key for permits alone.
  record OfMlDsa(CoseKey.MlDsa44 key) implements PublicHalf {
    @Override
    public String type() {
      return MlDsaKey.TYPE;
    }

    @Override
    public String pem() {
      return Pem.write("PUBLIC KEY", Bytes.owning(key.toJdk().getEncoded()));
    }

    @Override
    public Optional<VerifyingKey> forImages() {
      return Optional.empty();
    }

    @Override
    public Optional<CoseKey> forPermits() {
      return Optional.of(key);
    }

    @Override
    public Optional<Bytes> genuine(Bytes message, Bytes signature) {
      try {
        Signature verifier = Signature.getInstance("ML-DSA-44");
        verifier.initVerify(key.toJdk());
        verifier.update(message.toBuffer());
        return verifier.verify(signature.toArray()) ? Optional.of(signature) : Optional.empty();
      } catch (SignatureException _) {
        // Not of the right length.
        return Optional.empty();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK does not verify ML-DSA-44", e);
      }
    }

    @Override
    public String toString() {
      return "key %s %s".formatted(type(), key.id());
    }
  }

  /// As people call it: `ecdsa-p256`, `ml-dsa-44`.
  String type();

  /// SubjectPublicKeyInfo as PEM.
  String pem();

  Optional<VerifyingKey> forImages();

  Optional<CoseKey> forPermits();

  /// The signature as images have it (ECDSA in DER) if it is one by this key over the message;
  /// ECDSA is taken in either form.
  Optional<Bytes> genuine(Bytes message, Bytes signature);

  static PublicHalf of(VerifyingKey key) {
    return new OfImageKey(key);
  }

  /// Of a PEM with a public key, or with a private one that is not under a password.
  static PublicHalf read(String pem) throws MalformedException {
    Optional<PublicHalf> mlDsa = MlDsaKey.readPublic(pem);
    return mlDsa.isPresent() ? mlDsa.get() : new OfImageKey(KeyFile.readPublic(pem));
  }
}
