// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

/// What happens during an update, as it happens.
public sealed interface UpdateEvent {
  /// A step begins.
  record Begun(Step step) implements UpdateEvent {}

  /// Image bytes acknowledged by the device.
  record Sent(long acknowledged, long total) implements UpdateEvent {}
}
