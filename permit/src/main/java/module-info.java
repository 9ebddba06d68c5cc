// SPDX-License-Identifier: Apache-2.0

/// Who may install what: releases, bundles, block tables, the root of trust, and every check with
/// its refusal. All of it decides over values; nothing here reads a clock, a file or a socket.
// A check can be left out only with a value from the package `control`, and only the attacks get
// to see that package: their controls show that an attack succeeds when nobody checks. Their room
// is built after this one, hence the compiler's warning about a module it does not find.
@SuppressWarnings("module")
module dev.sealift.permit {
  requires transitive dev.sealift.bytes;
  requires transitive dev.sealift.suit;
  requires dev.sealift.image;
  requires static org.jspecify;

  exports dev.sealift.permit;
  exports dev.sealift.permit.control to
      dev.sealift.attacks;
}
