// SPDX-License-Identifier: Apache-2.0

/// The sender's side of everything that goes to a device in chunks: an engine that sees answers
/// and the time, and says what to send next.
///
/// ```
/// ChunkedContent  what is sent, and the request that carries a chunk of it
/// Upload          answer | time -> Send | WakeAt | Finished | Failed
/// ```
@NullMarked
package dev.sealift.smp.upload;

import org.jspecify.annotations.NullMarked;
