// SPDX-License-Identifier: Apache-2.0

/// Hand-made worlds: a clock that moves when told, weather that decides the fate of each datagram
/// from one seed, and the folders of the recorded vectors.
@NullMarked
package dev.sealift.testkit;

import org.jspecify.annotations.NullMarked;
