// SPDX-License-Identifier: Apache-2.0

/// The ground floor: immutable bytes, secrets, readers and writers of binary fields, the two doors
/// (strict and lenient) to the CBOR library, and points on curves with the checks of their
/// signatures. Everything above speaks in these values, so that no `byte[]` and no class of a
/// library travels further.
module dev.sealift.bytes {
  requires cbor;
  requires numbers;
  requires org.bouncycastle.provider;
  requires static org.jspecify;

  exports dev.sealift.bytes;
  exports dev.sealift.bytes.cbor;
  exports dev.sealift.bytes.curve;
}
