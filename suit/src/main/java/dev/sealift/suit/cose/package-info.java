// SPDX-License-Identifier: Apache-2.0

/// COSE (RFC 9052), as little of it as Sealift needs, over the JDK's cryptography.
///
/// ```
/// COSE_Sign1    = 18([ protected: bstr, unprotected: map, payload: bstr / nil, signature: bstr ])
/// Sig_structure = [ "Signature1", protected, external_aad: bstr, payload: bstr ]
/// COSE_Key      = { 1: 2, -1: 1, -2: x, -3: y / sign of y }   P-256
///               / { 1: 1, -1: 6, -2: x }                      Ed25519
///               / { 1: 7, 3: -48, -1: key }                   ML-DSA-44 (RFC 9964)
/// ```
///
/// | key | algorithm | key bytes | signature bytes |
/// | --- | --- | --- | --- |
/// | P-256 | ESP256 (-9) | 33 | 64 |
/// | Ed25519 | Ed25519 (-19) | 32 | 64 |
/// | ML-DSA-44 | ML-DSA-44 (-48) | 1312 | 2420 |
///
/// Each key has one algorithm and no other: a header that names another is refused whatever the
/// signature says, so that no key can be led into another algorithm. A key is named by its id, the
/// first 8 bytes of its thumbprint (RFC 9679).
@NullMarked
package dev.sealift.suit.cose;

import org.jspecify.annotations.NullMarked;
