// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.SecurityCounter;

/// One operation on the device's memory, as it happened. Addresses count from the start of the
/// flash.
public sealed interface FlashOperation {
  /// One program call.
  record Programmed(int address, Bytes data) implements FlashOperation {}

  /// One sector erased.
  record Erased(int address, int length) implements FlashOperation {}

  /// The security counter raised.
  record CounterRaised(SecurityCounter value) implements FlashOperation {}

  /// The power failed at this operation, before or within it.
  record Cut(FlashOperation at) implements FlashOperation {}
}
