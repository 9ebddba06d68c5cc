// SPDX-License-Identifier: Apache-2.0

/// The content key of an encrypted image, and how it travels: a fresh key encrypts the payload, and
/// one TLV carries that key wrapped for the device.
///
/// ```
/// payload = AES-CTR(ContentKey, counter block = offset / 16, big endian)
///
/// TLV value, n = size of the content key:
/// RSA-OAEP           = RSA-2048 block of 256 bytes
/// AES-KW             = RFC 3394 block of n + 8 bytes      key encryption key of n bytes
/// ECIES-P256         = point 65  mac 32  wrapped n
/// ECIES-X25519       = point 32  mac 32  wrapped n
/// ECIES-X25519-SHA512 = point 32  mac 64  wrapped n
///
/// ECIES: shared  = agreement(ephemeral key whose point is sent, device key)
///        k | m   = HKDF(shared, no salt, info "MCUBoot_ECIES_v1"), n and mac-size bytes
///        wrapped = AES-CTR(k, content key), mac = HMAC(m, wrapped)
/// ```
///
/// [DecryptionKey] opens, [EncryptionKey] makes such values. What opens need not be the right key
/// for the image: only the hash of the decrypted image says that.
@NullMarked
package dev.sealift.image.encryption;

import org.jspecify.annotations.NullMarked;
