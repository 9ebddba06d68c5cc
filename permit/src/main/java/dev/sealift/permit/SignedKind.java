// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;

/// What a signature of ours is for. It is part of what is signed, so that no signature can stand
/// under an object of another kind (T40).
public enum SignedKind {
  ROOT("root/1"),
  CERTIFICATE("cert/1"),
  ENDORSEMENT("endorse/1"),
  BEACON("beacon/1"),
  SESSION("session/1");

  private final String name;

  SignedKind(String name) {
    this.name = name;
  }

  /// The external data of the signature (RFC 9052, 4.4): ASCII, kind and version.
  Bytes externalData() {
    return Bytes.ofUtf8(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
