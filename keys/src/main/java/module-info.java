// SPDX-License-Identifier: Apache-2.0

/// Where private keys are, and how one is named by whoever wants to sign: a file, a token, a
/// command. Formats of keys and signatures stay the business of `image` and `suit`; here are the
/// files, the processes and the native library that those rooms must not know.
module dev.sealift.keys {
  requires transitive dev.sealift.bytes;
  requires transitive dev.sealift.image;
  requires transitive dev.sealift.suit;
  requires static org.jspecify;

  exports dev.sealift.keys;
}
