// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.smp.server.FileStore;
import dev.sealift.smp.server.SettingsMemory;
import java.util.Set;

/// What an application finds again after a restart, beside what lies in its flash.
record Persistent(SettingsMemory settings, FileStore files) {
  /// The roots of settings that something on a virtual device has registered.
  private static final Set<String> ROOTS = Set.of("id", "app", "bt", "net");

  static Persistent of(Firmware firmware) {
    return new Persistent(new SettingsMemory(ROOTS), firmware.files().get());
  }
}
