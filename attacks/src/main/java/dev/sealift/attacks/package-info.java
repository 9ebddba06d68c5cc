// SPDX-License-Identifier: Apache-2.0

/// The threat model as programs.
///
/// ```
/// AttackWorld   keys, releases and devices, honest and not
/// Attack        who does what, which Guards can stop it, what must come back (Outcome)
/// AttackRunner  runs it -> AttackReport: Held | Broken | Untested
///
///   run       guards of the row      must end with
///   guarded   all on                 the expected outcome, nothing changed, the next update works
///   control   all off                the attacker's goal reached, or the attack tests nothing
///   alone     one on, others off     the goal missed, for each of them
/// ```
///
/// One run has three parts: what honest people do before ([Attack.Program#prepare]), what a cable
/// lays into the flash past the device ([Attack.Program#tamper]), and what is then asked of the
/// device itself ([Attack.Program#strike]). What the device lets happen is measured over the third.
@NullMarked
package dev.sealift.attacks;

import org.jspecify.annotations.NullMarked;
