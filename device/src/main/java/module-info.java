// SPDX-License-Identifier: Apache-2.0

/// The virtual device: a bootloader over flash, an application with an SMP server, and the agent
/// that guards it. Everything that happens to it would happen to a real one.
module dev.sealift.device {
  requires transitive dev.sealift.boot;
  requires transitive dev.sealift.permit;
  requires transitive dev.sealift.smp;
  requires transitive dev.sealift.transport;
  requires transitive dev.sealift.update;
  requires static org.jspecify;

  exports dev.sealift.device;
}
