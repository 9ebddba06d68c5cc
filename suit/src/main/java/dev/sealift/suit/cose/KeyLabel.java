// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit.cose;

/// Labels and values of a COSE_Key (RFC 9052 section 7, RFC 9053 section 7, RFC 9964 section 3).
final class KeyLabel {
  static final int TYPE = 1;
  static final int ALGORITHM = 3;
  static final int CURVE = -1;
  static final int X = -2;
  static final int Y = -3;
  /// Of a key of type AKP, where -1 is no curve.
  static final int PUBLIC = -1;

  static final int TYPE_OKP = 1;
  static final int TYPE_EC2 = 2;
  static final int TYPE_AKP = 7;
  static final int CURVE_P256 = 1;
  static final int CURVE_ED25519 = 6;

  private KeyLabel() {}
}
