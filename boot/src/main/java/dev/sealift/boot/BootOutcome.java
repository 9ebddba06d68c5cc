// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.image.ImageVersion;

/// What one start of the bootloader led to.
public sealed interface BootOutcome {
  /// An image is started.
  record Booted(Slot slot, ImageVersion version) implements BootOutcome {}

  /// Nothing in the primary slot may be started; the next boot will look again.
  record Refused(ImageRefusal reason) implements BootOutcome {}

  /// The bootloader met a state it has no answer to, or the flash refused a call, and it stopped.
  record Halted(String why) implements BootOutcome {}

  /// The power failed.
  record PowerLost() implements BootOutcome {}
}
