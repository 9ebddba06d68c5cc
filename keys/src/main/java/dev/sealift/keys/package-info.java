// SPDX-License-Identifier: Apache-2.0

/// One way to name a private key in a text, and to sign with it wherever it is.
///
/// ```
/// KeyPlace   = InFile path                      FILE: PEM, plain or under a password
///            | InToken TokenUri                 pkcs11:token=T;object=K?module-path=/a/library.so
///            | BehindCommand words              cmd:PROGRAM ARGS
/// Signers    = PasswordSource, dice, patience;  open(KeyPlace, PublicHalf?) -> Signer
/// Signer     = PublicHalf; forPermits() -> CoseSigner, forImages() -> SigningKey
/// PublicHalf = OfImageKey VerifyingKey          signs images; P-256 and Ed25519 sign permits too
///            | OfMlDsa CoseKey                  signs permits only
/// ```
///
/// | type | file | token | command | signs |
/// | --- | --- | --- | --- | --- |
/// | ecdsa-p256 | yes | CKM_ECDSA | r and s in 64 bytes, or DER | images, permits |
/// | ed25519 | yes | CKM_EDDSA | 64 bytes | images, permits |
/// | rsa-2048, rsa-3072 | yes | CKM_RSA_PKCS_PSS | PSS, SHA-256, salt of 32 | images |
/// | ml-dsa-44 | yes, as its seed | no | 2420 bytes | permits |
///
/// A command gets what is to be signed on its standard input, and answers with the signature on
/// its standard output and exit code 0. It hashes by itself, as the type wants it.
///
/// Whatever a holder of a key answers, it is verified with the public half before anybody sees it:
/// a wrong object of a token, a command that was given another key, or a fault in the arithmetic
/// cannot put a bad signature into an image or a permit.
@NullMarked
package dev.sealift.keys;

import org.jspecify.annotations.NullMarked;
