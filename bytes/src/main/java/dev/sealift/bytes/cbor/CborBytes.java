// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import dev.sealift.bytes.Bytes;

/// A byte string.
public record CborBytes(Bytes value) implements CborItem {}
