// SPDX-License-Identifier: Apache-2.0

/// The ground floor: immutable bytes, secrets, readers and writers of binary fields, and the two
/// doors (strict and lenient) to the CBOR library. Everything above speaks in these values, so that
/// no `byte[]` and no class of the library travels further.
module dev.sealift.bytes {
  requires cbor;
  requires numbers;
  requires static org.jspecify;

  exports dev.sealift.bytes;
  exports dev.sealift.bytes.cbor;
}
