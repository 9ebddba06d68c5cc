// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.transport.ble.BleTarget.Device;
import dev.sealift.transport.ble.BleTarget.Encryption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The table of [Search], row by row.
class SearchTest {
  private static final BleTarget BY_NAME = BleTarget.of(new Device.Name("sensor"));
  private static final BleTarget BY_ADDRESS =
      BleTarget.of(new Device.Address(new BleAddress("00:00:00:00:00:01")));

  /// What BlueZ knows of a device; `number` ends its address.
  private record Known(String adapter, int number, String name, List<String> holds) {
    Known(String adapter, int number, String name, String... holds) {
      this(adapter, number, name, List.of(holds));
    }
  }

  private static final class Found {
    static final String NOTHING = "nothing";
    static final String SEVERAL = "several";
  }

  private record Case(String when, BleTarget target, String found, List<Known> known) {
    Case(String when, BleTarget target, String found, Known... known) {
      this(when, target, found, List.of(known));
    }
  }

  @Test
  void the_device_that_is_meant_is_found() {
    for (Case row :
        List.of(
            new Case("nobody is there", BY_NAME, Found.NOTHING),
            new Case("another name", BY_NAME, Found.NOTHING, near(1, "lamp")),
            new Case("near, by name", BY_NAME, "hci0/1", near(1, "sensor")),
            new Case("near, by address", BY_ADDRESS, "hci0/1", near(1, "lamp"), near(2, "sensor")),
            new Case("known, not near", BY_NAME, Found.NOTHING, known(1, "sensor")),
            new Case("known, connected", BY_NAME, "hci0/1", known(1, "sensor", "Connected")),
            new Case("two near", BY_NAME, Found.SEVERAL, near(1, "sensor"), near(2, "sensor")),
            new Case("two, one near", BY_NAME, "hci0/2", known(1, "sensor"), near(2, "sensor")),
            new Case("paired, not near", BY_NAME, "hci0/1", known(1, "sensor", "Paired")),
            new Case(
                "paired, and a stranger of its name that is near",
                BY_NAME,
                "hci0/1",
                known(1, "sensor", "Paired"),
                near(2, "sensor")),
            new Case(
                "two paired",
                BY_NAME,
                Found.SEVERAL,
                known(1, "sensor", "Paired"),
                known(2, "sensor", "Paired")),
            new Case(
                "paired by cable is not encrypted",
                BY_NAME,
                Found.NOTHING,
                known(1, "sensor", "Paired", "CablePairing")),
            new Case(
                "paired at two adapters",
                BY_ADDRESS,
                Found.SEVERAL,
                new Known("hci0", 1, "sensor", "Paired"),
                new Known("hci1", 1, "sensor", "Paired")),
            new Case(
                "paired at two adapters, one named",
                new BleTarget(BY_ADDRESS.device(), Optional.of("hci1"), Encryption.REQUIRED),
                "hci1/1",
                new Known("hci0", 1, "sensor", "Paired"),
                new Known("hci1", 1, "sensor", "Paired")))) {
      assertThat(found(row)).as(row.when()).isEqualTo(row.found());
    }
  }

  @Test
  void an_alias_is_a_name_too() {
    BluezObjects objects = new BluezObjects();
    objects.put(
        "/org/bluez/hci0/dev_1",
        Map.of(
            BluezObjects.DEVICE,
            new Fields(Map.of("Alias", "sensor", "Name", "nRF52", "Paired", true))));
    assertThat(Search.look(objects, BY_NAME)).isInstanceOf(Search.Finding.One.class);
  }

  private static Known near(int number, String name) {
    return known(number, name, "RSSI");
  }

  private static Known known(int number, String name, String... holds) {
    return new Known("hci0", number, name, holds);
  }

  private static String found(Case row) {
    BluezObjects objects = new BluezObjects();
    for (Known known : row.known()) {
      Map<String, Object> fields = new HashMap<>();
      fields.put("Address", "00:00:00:00:00:0" + known.number());
      fields.put("Adapter", "/org/bluez/" + known.adapter());
      fields.put("Name", known.name());
      known.holds().forEach(held -> fields.put(held, true));
      objects.put(
          "/org/bluez/%s/dev_%d".formatted(known.adapter(), known.number()),
          Map.of(BluezObjects.DEVICE, new Fields(fields)));
    }
    return switch (Search.look(objects, row.target())) {
      case Search.Finding.None() -> Found.NOTHING;
      case Search.Finding.Several _ -> Found.SEVERAL;
      case Search.Finding.One(var seen) ->
          seen.path().replace("/org/bluez/", "").replace("dev_", "");
    };
  }
}
