// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

/// A floating-point number of any width, as a double.
public record CborFloat(double value) implements CborItem {}
