// SPDX-License-Identifier: Apache-2.0

/// Wires and the client.
///
/// ```
/// Target    where a device is, as a person writes it     opens a Link
/// Link      carries whole packets to one device          UDP, DTLS, serial (console, raw), memory
/// Listener  the device's end of a wire                   serves one request at a time
/// Lookout   finds targets                                serial ports, mDNS
/// ```
///
/// [SmpClient][dev.sealift.transport.SmpClient] asks one thing at a time over a link, or drives an
/// upload with several requests out. Its time is an argument: a source of monotonic nanoseconds.
@NullMarked
package dev.sealift.transport;

import org.jspecify.annotations.NullMarked;
