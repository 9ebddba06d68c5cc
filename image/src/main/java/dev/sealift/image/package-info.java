// SPDX-License-Identifier: Apache-2.0

/// An MCUboot image, from the first byte of its header to the last of its slot:
///
/// ```
/// Image       = header fill payload [protected area] unprotected area rest
/// header      = magic load-address header-size protected-size image-size flags version reserved
/// area        = magic total Tlv*          total counts the four bytes of its own head
/// Tlv         = type length value         no alignment, types may repeat
/// rest        = nothing | erased flash | slot trailer | anything: the verifier says
/// hash region = header fill payload [protected area]
/// ```
///
/// A payload may be compressed, and then encrypted:
///
/// ```
/// compressed   the hash covers it compressed; protected TLVs say what it becomes   [Decompression]
/// encrypted    the hash covers the plaintext; a TLV carries the wrapped content key  [Decrypted]
/// ```
///
/// All numbers are little endian, or all big endian; the magic tells. Reading accepts whatever can
/// be written back byte for byte; whether an image may be trusted is the verifier's to say.
@NullMarked
package dev.sealift.image;

import org.jspecify.annotations.NullMarked;
