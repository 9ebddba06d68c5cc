// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// BlueZ's objects: by path and interface, the properties.
///
/// ```
/// /org/bluez/hci0                                    org.bluez.Adapter1
/// /org/bluez/hci0/dev_AA_BB_CC_DD_EE_FF              org.bluez.Device1
/// /org/bluez/hci0/dev_…/service0010                  org.bluez.GattService1
/// /org/bluez/hci0/dev_…/service0010/char0011         org.bluez.GattCharacteristic1
/// ```
final class BluezObjects {
  static final String ADAPTER = "org.bluez.Adapter1";
  static final String DEVICE = "org.bluez.Device1";
  static final String SERVICE = "org.bluez.GattService1";
  static final String CHARACTERISTIC = "org.bluez.GattCharacteristic1";

  /// One object that has the interface asked for, with the properties of that interface.
  record Found(String path, Fields fields) {}

  private final SortedMap<String, Map<String, Fields>> byPath = new TreeMap<>();

  void put(String path, Map<String, Fields> faces) {
    byPath.computeIfAbsent(path, _ -> new HashMap<>()).putAll(faces);
  }

  void remove(String path, List<String> faces) {
    Map<String, Fields> there = byPath.getOrDefault(path, new HashMap<>());
    faces.forEach(there::remove);
    if (there.isEmpty()) {
      byPath.remove(path);
    }
  }

  /// Changes of an object that is not known change nothing.
  void change(String path, String face, Fields changed, List<?> gone) {
    Map<String, Fields> there = byPath.getOrDefault(path, Map.of());
    if (there.containsKey(face)) {
      there.computeIfPresent(face, (_, fields) -> fields.with(changed, gone));
    }
  }

  Optional<Fields> at(String path, String face) {
    return Optional.ofNullable(byPath.getOrDefault(path, Map.of()).get(face));
  }

  /// In the order of their paths.
  Stream<Found> all(String face) {
    return byPath.entrySet().stream()
        .filter(entry -> entry.getValue().containsKey(face))
        .map(entry -> new Found(entry.getKey(), entry.getValue().get(face)));
  }
}
