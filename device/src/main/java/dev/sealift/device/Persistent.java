// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.FileStore;
import dev.sealift.smp.server.SettingsMemory;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an application finds again after a restart, beside what lies in its flash.
record Persistent(SettingsMemory settings, FileStore files) {
  /// The roots of settings that something on a virtual device has registered.
  private static final Set<String> ROOTS = Set.of("id", "app", "bt", "net");

  /// What the factory has set: a text, and a number of four bytes, the lowest first.
  private static final Map<String, Bytes> FACTORY =
      Map.of("id/name", Bytes.ofUtf8("virtual"), "app/interval", Bytes.ofHex("3c000000"));

  static Persistent of(Firmware firmware) {
    SettingsMemory settings = new SettingsMemory(ROOTS);
    FACTORY.forEach(settings::set);
    settings.save(Optional.empty());
    return new Persistent(settings, firmware.files().get());
  }
}
