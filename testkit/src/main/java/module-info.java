// SPDX-License-Identifier: Apache-2.0

/// What tests hold in the hand: time, weather, and the way to the vectors. No shipped room needs
/// it.
module dev.sealift.testkit {
  requires transitive dev.sealift.bytes;
  requires static org.jspecify;

  exports dev.sealift.testkit;
}
