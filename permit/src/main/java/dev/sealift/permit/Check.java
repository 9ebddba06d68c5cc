// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

/// A check that stands alone: the control of an attack can leave it out. What only reads bytes (R1,
/// R2) is no such check; nothing could go on without it.
public enum Check {
  /// Any signature at all. Without it nobody has to have signed, so no threshold holds either.
  SIGNATURE(Refusal.R3),
  /// Enough of those who say what a release is.
  THRESHOLD(Refusal.R4),
  /// An operator's word, by enough of them for so many devices.
  APPROVAL(Refusal.R4),
  SCOPE(Refusal.R5),
  DELEGATION(Refusal.R6),
  ROOT_VERSION(Refusal.R7),
  VENDOR(Refusal.R8),
  CLASS(Refusal.R9),
  TARGET(Refusal.R10),
  DEPLOYMENT(Refusal.R11),
  SEQUENCE(Refusal.R12),
  /// The lowest release that the news still lets in.
  FLOOR(Refusal.R12),
  TRIES(Refusal.R12),
  EQUIVOCATION(Refusal.R13),
  SEQUENCE_RANGE(Refusal.R14),
  /// How far a beacon may jump.
  BEACON_RANGE(Refusal.R14),
  SECURITY_COUNTER(Refusal.R15),
  /// An endorsement that has ended, or that a later one has replaced.
  EXPIRY(Refusal.R16),
  FRESHNESS(Refusal.R16),
  NONCE(Refusal.R17),
  PERMIT_REQUIRED(Refusal.R18),
  SIZE(Refusal.R19),
  BLOCK_DIGEST(Refusal.R20),
  IMAGE_DIGEST(Refusal.R21),
  FORMAT(Refusal.R22),
  COMPONENT(Refusal.R23),
  /// How many signatures are verified for whom.
  BUDGET(Refusal.R25),
  /// An upload belongs to the link that brought its permit.
  LINK(Refusal.R25),
  /// How often flash is erased for whom.
  WEAR(Refusal.R25),
  /// Commands that change something need a permit of their own.
  ACTION(Refusal.R26),
  REVOCATION(Refusal.R28),
  ACTIVATION(Refusal.R30);

  private final Refusal refusal;

  Check(Refusal refusal) {
    this.refusal = refusal;
  }

  /// What this check says when it fails.
  public Refusal refusal() {
    return refusal;
  }
}
