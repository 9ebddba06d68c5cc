// SPDX-License-Identifier: Apache-2.0

/// CBOR (RFC 8949) as values, and the two doors through which bytes become them.
///
/// ```
/// CborItem = CborInt | CborBytes | CborText | CborList | CborMap | CborTag
///          | CborBool | CborNull | CborFloat
/// ```
///
/// [Cbor#strict][dev.sealift.bytes.cbor.Cbor] takes only the one deterministic encoding of a value
/// (shortest heads, definite lengths, keys in bytewise order, none twice, nothing behind it):
/// signed objects come in here. [Cbor#lenient][dev.sealift.bytes.cbor.Cbor] takes what real SMP
/// servers send: indefinite lengths, any order of keys. Maps keep the order of their keys, so
/// that a lenient message can be written back as it came.
@NullMarked
package dev.sealift.bytes.cbor;

import org.jspecify.annotations.NullMarked;
