// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

/// Null (and, at the lenient door, undefined).
public record CborNull() implements CborItem {}
