// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.Optional;

/// How one start of the bootloader ended. `taken` is the swap type it acted on: empty while it had
/// not decided, and [SwapType#NONE] after an interrupted swap was completed. `refused` says why the
/// image in the secondary slot was looked at and not taken.
public record BootResult(
    BootOutcome outcome, Optional<SwapType> taken, Optional<ImageRefusal> refused) {}
