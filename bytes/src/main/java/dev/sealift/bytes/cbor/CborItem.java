// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

/// One CBOR data item, immutable, compared by value.
public sealed interface CborItem
    permits CborInt,
        CborBytes,
        CborText,
        CborList,
        CborMap,
        CborTag,
        CborBool,
        CborNull,
        CborFloat {

  /// The word a message to a person uses for this kind of item.
  default String kind() {
    return switch (this) {
      case CborInt _ -> "integer";
      case CborBytes _ -> "byte string";
      case CborText _ -> "text";
      case CborList _ -> "array";
      case CborMap _ -> "map";
      case CborTag _ -> "tag";
      case CborBool _ -> "boolean";
      case CborNull _ -> "null";
      case CborFloat _ -> "floating-point number";
    };
  }
}
