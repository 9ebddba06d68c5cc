// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

/// A check that stands alone: the control of an attack can leave it out. What only reads bytes (R1,
/// R2) is no such check; nothing could go on without it.
public enum Check {
  /// Any signature at all. Without it nobody has to have signed, so no threshold holds either.
  SIGNATURE(Refusal.R3),
  THRESHOLD(Refusal.R4),
  SCOPE(Refusal.R5),
  ROOT_EPOCH(Refusal.R7),
  VENDOR(Refusal.R8),
  CLASS(Refusal.R9),
  SEQUENCE(Refusal.R12),
  EQUIVOCATION(Refusal.R13),
  SEQUENCE_RANGE(Refusal.R14),
  SECURITY_COUNTER(Refusal.R15),
  PERMIT_REQUIRED(Refusal.R18),
  SIZE(Refusal.R19),
  BLOCK_DIGEST(Refusal.R20),
  IMAGE_DIGEST(Refusal.R21),
  COMPONENT(Refusal.R23);

  private final Refusal refusal;

  Check(Refusal refusal) {
    this.refusal = refusal;
  }

  /// What this check says when it fails.
  public Refusal refusal() {
    return refusal;
  }
}
