// SPDX-License-Identifier: Apache-2.0

/// SMP as values: what goes over a wire, whichever side one is on.
///
/// ```
/// packet  = header (8 bytes) | payload (one CBOR map)
/// Request = what is asked, as a record of its own; knows its Command and reads its own answer
/// Answer  = Done(result) | Refused(group, code)
/// ```
///
/// [Command][dev.sealift.smp.Command] is the protocol on one page.
@NullMarked
package dev.sealift.smp;

import org.jspecify.annotations.NullMarked;
