// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

/// A text string.
public record CborText(String value) implements CborItem {}
