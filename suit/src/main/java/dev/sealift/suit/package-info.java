// SPDX-License-Identifier: Apache-2.0

/// SUIT manifests (draft-ietf-suit-manifest and its sister drafts) as values.
///
/// ```
/// Envelope       = 107({ 2: bstr(Authentication), 3: bstr(Manifest),
///                        ? 14 / 15 / 16 / 18 / 20 / 23: bstr,     severable members
///                        * tstr: bstr })                          integrated payloads
/// Authentication = [ bstr(Digest), * bstr(18 COSE_Sign1) ]        each over bstr(Digest)'s content
/// Digest         = [ algorithm, bytes ]                over bstr(Manifest) with its head
/// Manifest       = { 1: 1, 2: sequence number, 3: bstr(Common), sections… }
/// Common         = { ? 1: dependencies, ? 2: [ + component id ], ? 4: bstr(Sequence) }
/// Sequence       = [ * (command, argument) ]
/// ```
///
/// The way in has one order, and the types hold it: bytes become a
/// [SuitEnvelope][dev.sealift.suit.SuitEnvelope] whose manifest is still a string of bytes; an
/// [Authority][dev.sealift.suit.Authority] says whose signatures are enough; only then is there an
/// [AuthenticEnvelope][dev.sealift.suit.AuthenticEnvelope], and only that hands out the
/// [SuitManifest][dev.sealift.suit.SuitManifest]. What is refused on the way is a
/// [SuitRefusal][dev.sealift.suit.SuitRefusal] with the stage at which it happened.
///
/// Digests and signatures are over received bytes, never over bytes written again: each level is
/// kept as the slice it came in.
@NullMarked
package dev.sealift.suit;

import org.jspecify.annotations.NullMarked;
