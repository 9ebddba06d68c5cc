// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootResult;
import dev.sealift.boot.FlashOperation;
import dev.sealift.boot.FlashUse;
import dev.sealift.boot.PowerCut;

/// What happens to a device that nobody asked it for.
public sealed interface DeviceEvent {
  /// The bootloader ran: how it ended, and what the flash did for it alone.
  record Started(BootResult result, FlashUse use) implements DeviceEvent {}

  /// The supply failed at this operation; it comes back at once.
  record PowerFailed(PowerCut cut, FlashOperation at) implements DeviceEvent {}
}
