// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

/// False or true.
public record CborBool(boolean value) implements CborItem {}
