// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.transport.Lookout;
import dev.sealift.transport.Sighting;
import dev.sealift.transport.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Bluetooth devices that say they speak SMP, and those that this machine is paired with: the rest
/// of a neighbourhood is telephones.
public record BleLookout(Bluetooth bluetooth) implements Lookout {
  @Override
  public String wire() {
    return "Bluetooth LE";
  }

  /// The nearest first.
  @Override
  public List<Sighting> look(Duration patience) throws IOException {
    return bluetooth.scan(Optional.empty(), patience).stream()
        .filter(device -> device.saysSmp() || device.bond() != BleDevice.Bond.NONE)
        .limit(SIGHTINGS_MAX)
        .map(BleLookout::sighting)
        .toList();
  }

  private static Sighting sighting(BleDevice device) {
    String bond =
        switch (device.bond()) {
          case NONE -> "not paired";
          case PAIRED, BONDED -> "paired";
        };
    return new Sighting(
        new Target.Ble(BleTarget.of(new BleTarget.Device.Address(device.address()))),
        "%s%s%s"
            .formatted(
                device.name().isEmpty() ? "" : device.name() + ", ",
                bond,
                device.signal().map(signal -> ", " + signal + " dBm").orElse("")));
  }
}
