// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.boot.Hazard;

/// What happens during an update, as it happens.
public sealed interface UpdateEvent {
  /// The image would meet a fault of the device's bootloader. Comes before the first step.
  record Warned(Hazard hazard) implements UpdateEvent {}

  /// A step begins.
  record Begun(Step step) implements UpdateEvent {}

  /// Image bytes acknowledged by the device.
  record Sent(long acknowledged, long total) implements UpdateEvent {}
}
