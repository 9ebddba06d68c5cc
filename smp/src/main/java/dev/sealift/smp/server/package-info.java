// SPDX-License-Identifier: Apache-2.0

/// A device's side of SMP.
///
/// ```
/// datagram -> RequestBuffers -> SmpServer -> answers
///                                  | Hooks: what Zephyr lets an application forbid
///                                  | image group: one upload for the whole device -> ImageStore
///                                  | groups of the device's own: GroupHandler
/// ```
@NullMarked
package dev.sealift.smp.server;

import org.jspecify.annotations.NullMarked;
