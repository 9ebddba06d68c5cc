// SPDX-License-Identifier: Apache-2.0

/// COSE and SUIT as the standards have them: signed messages over the JDK's cryptography, and the
/// manifests that travel in them. Which keys count, and what a manifest may ask for, is not said
/// here: the callers bring an [dev.sealift.suit.Authority] and judge the values they get.
module dev.sealift.suit {
  requires transitive dev.sealift.bytes;
  requires static org.jspecify;

  exports dev.sealift.suit;
  exports dev.sealift.suit.cose;
}
