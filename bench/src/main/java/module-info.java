// SPDX-License-Identifier: Apache-2.0

/// How fast the rooms are, by measuring them: nothing else in the house needs a clock that counts
/// nanoseconds, or work whose only purpose is to be timed.
module dev.sealift.bench {
  requires transitive dev.sealift.boot;
  requires transitive dev.sealift.device;
  requires static org.jspecify;

  exports dev.sealift.bench;
}
