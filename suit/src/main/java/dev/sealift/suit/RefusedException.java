// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

/// Carries a refusal from the depth of a decoder to its door, where it becomes a value.
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient SuitRefusal refusal;

  RefusedException(SuitStage stage, SuitRefusal.Reason reason, String detail) {
    super(detail);
    this.refusal = new SuitRefusal(stage, reason, detail);
  }

  static RefusedException unsupported(String detail) {
    return new RefusedException(SuitStage.POLICY, SuitRefusal.Reason.UNSUPPORTED, detail);
  }

  SuitRefusal refusal() {
    return refusal;
  }
}
