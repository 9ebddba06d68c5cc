// SPDX-License-Identifier: Apache-2.0

/// SMP as values and state machines.
///
/// ```
/// packet  = header (8 bytes) | payload (one CBOR map)
/// Request = what is asked, as a record of its own; knows its Command and reads its own answer
/// Answer  = Done(result) | Refused(group, code)
/// ```
///
/// [Command][dev.sealift.smp.Command] is the protocol on one page.
/// [SmpServer][dev.sealift.smp.SmpServer] is a device's side,
/// [Upload][dev.sealift.smp.Upload] the sender's engine.
@NullMarked
package dev.sealift.smp;

import org.jspecify.annotations.NullMarked;
