// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

/// How far a manifest came before it was refused.
public enum SuitStage {
  /// The bytes are not what they claim to be.
  DECODE,
  /// Nobody who counts stands for them.
  AUTHENTICATE,
  /// They are genuine and ask for what is not allowed or not known here.
  POLICY,
  /// A command failed while the manifest was being carried out.
  EXECUTE
}
