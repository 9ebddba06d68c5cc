// SPDX-License-Identifier: Apache-2.0

/// Wires and the client. A [Link][dev.sealift.transport.Link] carries datagrams to one device;
/// [SmpClient][dev.sealift.transport.SmpClient] asks one thing at a time over it, or drives an
/// upload with several requests out. Time is an argument: a source of monotonic nanoseconds.
@NullMarked
package dev.sealift.transport;

import org.jspecify.annotations.NullMarked;
