// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.SuitDigest;

/// A release as a device remembers it: its place in the order, and which manifest has that place.
public record ReleaseMark(SequenceNumber sequence, SuitDigest manifest) {}
