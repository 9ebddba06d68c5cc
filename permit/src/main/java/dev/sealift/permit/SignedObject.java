// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;

/// What one of our own signed objects says.
public sealed interface SignedObject permits Root, Certificate, Endorsement, Beacon, Session {
  SignedKind kind();

  /// The bytes that are signed.
  Bytes encode();
}
