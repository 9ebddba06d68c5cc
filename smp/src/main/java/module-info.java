// SPDX-License-Identifier: Apache-2.0

/// SMP, the protocol of Zephyr's MCUmgr: messages, the server side, and the upload engine as state
/// machines. It knows no socket and no clock, so that the same code runs over a wire, in a
/// simulation and in a test.
module dev.sealift.smp {
  requires transitive dev.sealift.bytes;
  requires static org.jspecify;

  exports dev.sealift.smp;
  exports dev.sealift.smp.server;
  exports dev.sealift.smp.upload;
  exports dev.sealift.smp.wire;
}
