// SPDX-License-Identifier: Apache-2.0

/// Who may install what.
///
/// ```
/// Root        = { 1: version, 2: epoch, 3: {+ role: [threshold, [+ key index], ? Scope]},
///                 4: [+ COSE_Key], 5: [+ [+ role]] }            policy: OR of ANDs
/// Scope       = { ? 1: [+ vendor], ? 2: [+ class], ? 3: [+ component prefix],
///                 ? 4: [+ deployment], ? 5: [first, last sequence], ? 6: [+ uri prefix] }
/// Bundle      = { 1: 1, 2: bstr(SUIT envelope), ? 3: [+ certificate], ? 4: [+ endorsement],
///                 ? 5: beacon, ? 6: [+ root update], ? 7: [class tag, sequence] }
/// BlockTable  = 16 bytes of SHA-256 for each 4096 bytes of the image
/// ReleaseFile = Bundle  bstr(BlockTable)  null*  bstr(image)    see decisions/0003
/// ```
///
/// The way of a release: [Release][dev.sealift.permit.Release] states what it is,
/// [Bundle][dev.sealift.permit.Bundle] carries it and its signatures,
/// [PermitCheck][dev.sealift.permit.PermitCheck] gives the [Verdict][dev.sealift.permit.Verdict] of
/// one device that knows its [DeviceFacts][dev.sealift.permit.DeviceFacts], its
/// [TrustState][dev.sealift.permit.TrustState] and its [Root][dev.sealift.permit.Root]. An
/// [AcceptedPermit][dev.sealift.permit.AcceptedPermit] is the proof, and
/// [UploadJudge][dev.sealift.permit.UploadJudge] holds every byte that follows against it. What is
/// refused carries its [Refusal][dev.sealift.permit.Refusal], numbered the same everywhere.
///
/// Certificates, endorsements, beacons and root updates have their places in the bundle and are
/// refused until they are judged: passing one over could pass over what forbids.
@NullMarked
package dev.sealift.permit;

import org.jspecify.annotations.NullMarked;
