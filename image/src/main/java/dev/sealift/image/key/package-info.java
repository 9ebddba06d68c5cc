// SPDX-License-Identifier: Apache-2.0

/// Keys for images, as files have them and as images embed them.
///
/// ```
/// LockedPem    = a private key under a password; unlock(password) -> the plain PEM
/// KeyFile      = Private LocalKey | Public VerifyingKey  a PEM file
/// LocalKey     = type, private half, VerifyingKey        prints nothing of itself
/// SigningKey   = VerifyingKey, sign(message)          what a signer needs; may be an HSM
/// VerifyingKey = type, public half; check(message, signature) -> SignatureCheck
/// EcdsaSignature = raw; DER                              the two ways to write one down
/// SealingKey   = type, public half                       what a secret is encrypted for
/// OpeningKey   = SealingKey, private half                agrees (P-256, X25519) or deciphers (RSA)
/// PrivateDer, KeyLanguage = a key as a bootloader is built with it: DER, C or Rust
/// ```
///
/// | type | PKCS#8, SPKI | embedded in images |
/// | --- | --- | --- |
/// | rsa-2048, rsa-3072 | rsaEncryption | PKCS#1 RSAPublicKey |
/// | ecdsa-p256 | ecPublicKey, named curve, uncompressed point | SPKI |
/// | ed25519 | Ed25519 | SPKI |
/// | x25519 | X25519 | never: it does not sign |
@NullMarked
package dev.sealift.image.key;

import org.jspecify.annotations.NullMarked;
