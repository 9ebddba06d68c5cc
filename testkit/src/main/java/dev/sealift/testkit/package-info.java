// SPDX-License-Identifier: Apache-2.0

/// Hand-made worlds: a clock that moves when told, weather that decides the fate of each datagram
/// from one seed and a proxy on real sockets that lives in it, serial cables, the folders of the
/// recorded vectors, and the machine's programs that a test may find.
@NullMarked
package dev.sealift.testkit;

import org.jspecify.annotations.NullMarked;
