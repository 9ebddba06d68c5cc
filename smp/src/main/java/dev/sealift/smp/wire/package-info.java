// SPDX-License-Identifier: Apache-2.0

/// How a packet lies on a wire that has no packets of its own: bytes in, packets out, and back.
///
/// ```
/// raw UART, Bluetooth LE   the packet as it is, in pieces     PacketAssembler
/// serial console           06 09 | Base64 | 0A                SerialConsole
///                          04 14 | Base64 | 0A ...
/// ```
@NullMarked
package dev.sealift.smp.wire;

import org.jspecify.annotations.NullMarked;
