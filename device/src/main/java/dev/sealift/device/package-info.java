// SPDX-License-Identifier: Apache-2.0

/// One device in memory.
///
/// ```
/// datagram -> SmpServer -> hooks: Agent (may refuse) -> DeviceImages -> SlotStream -> Flash
///                                   |                                                 |
///                          TrustStore (same flash)                  Bootloader at each start
/// ```
///
/// The agent uses what Zephyr's hooks give and nothing else: the chunk request, group and command
/// and operation, and the connection's leave to write.
@NullMarked
package dev.sealift.device;

import org.jspecify.annotations.NullMarked;
