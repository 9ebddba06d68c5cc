// SPDX-License-Identifier: Apache-2.0

/// Who may install what.
///
/// ```
/// Bundle      = { 1: 1, 2: bstr(SUIT envelope), ? 3: [+ bstr(Certificate)],
///                 ? 4: [+ bstr(Endorsement)], ? 5: bstr(Beacon), ? 6: [+ bstr(Root)],
///                 ? 7: [class tag, sequence] }                          7: a hint, unsigned
/// Root        = { 1: version, 2: epoch, 3: {+ role: [threshold, [+ key index], ? Scope]},
///                 4: [+ COSE_Key], 5: [+ [+ role]], 6: time,            5: OR of ANDs
///                 7: [mode, time jump, number jump], ? 8: [+ crowd], ? 9: confirm rule,
///                 ? 10: tries }
/// Scope       = { ? 1: [+ vendor], ? 2: [+ class], ? 3: [+ component prefix],
///                 ? 4: [+ deployment], ? 5: [first, last sequence], ? 6: [+ uri prefix] }
/// Certificate = { 1: role, 2: COSE_Key, 3: Scope, 4: last beacon, 5: serial }
/// Endorsement = { 1: manifest digest, 2: deployment, 3: Targets, ? 4: not before,
///                 ? 5: not after, 6: serial, ? 7: activation rule }
/// Beacon      = { 1: number, 2: time, 3: lifetime, 4: {* class tag: [floor, latest, digest]},
///                 5: root version, ? 6: nonce, ? 7: [+ key id] }
/// Session     = { 1: device, 2: nonce, 3: action bits, ? 4: manifest digest, 5: seconds }
/// BlockTable  = 16 bytes of SHA-256 for each 4096 bytes of an image
/// ReleaseFile = Bundle  bstr(BlockTable)+  (null*  bstr(image))+        see decisions/0003
/// ```
///
/// Root, certificate, endorsement, beacon and session travel
/// [Signed][dev.sealift.permit.Signed] by any number of keys; a release is signed as SUIT has it.
///
/// The way of a release: [Release][dev.sealift.permit.Release] states what it is,
/// [Bundle][dev.sealift.permit.Bundle] carries it and what was signed about it, and
/// [PermitCheck][dev.sealift.permit.PermitCheck] makes a
/// [Decision][dev.sealift.permit.Decision] of it: the [Verdict][dev.sealift.permit.Verdict] of one
/// device that knows its [DeviceFacts][dev.sealift.permit.DeviceFacts] and its
/// [TrustState][dev.sealift.permit.TrustState] with the [Root][dev.sealift.permit.Root] in it, and
/// the state with what was learnt on the way. An
/// [AcceptedPermit][dev.sealift.permit.AcceptedPermit] is the proof, and
/// [UploadJudge][dev.sealift.permit.UploadJudge] holds every byte that follows against it.
/// [SessionCheck][dev.sealift.permit.SessionCheck] does the same for what technicians may do.
/// What is refused carries its [Refusal][dev.sealift.permit.Refusal], numbered the same everywhere.
///
/// Who speaks for whom only a [Keyring][dev.sealift.permit.Keyring] says: keys have a voice from
/// the root, or by certificates from those who have one, for no more than every scope on the way
/// covers, until they are denied or a beacon ends the certificate.
@NullMarked
package dev.sealift.permit;

import org.jspecify.annotations.NullMarked;
