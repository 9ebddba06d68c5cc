// SPDX-License-Identifier: Apache-2.0

/// The threat model as programs: each attack with the refusal it must meet, and with the proof that
/// it would succeed if nobody refused. The only room that can leave a check out.
module dev.sealift.attacks {
  requires transitive dev.sealift.device;
  requires static org.jspecify;

  exports dev.sealift.attacks;
}
