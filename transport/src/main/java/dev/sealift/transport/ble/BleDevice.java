// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.util.Optional;
import java.util.Set;

/// A Bluetooth device as BlueZ knows it. `name` is empty where it tells none, and without anything
/// that a terminal would obey: these are a stranger's words; `signal` is the
/// strength at which it was last heard in this scan, in dBm; `services` are the UUIDs it announces
/// or is known to have, in lower case.
public record BleDevice(
    BleAddress address, String name, Optional<Long> signal, Bond bond, Set<String> services) {
  /// SMP's service.
  public static final String SMP_SERVICE = "8d53dc1d-1db7-4cd3-868b-8a527460aa84";

  /// The one characteristic of it, written without response and notified.
  public static final String SMP_CHARACTERISTIC = "da2e7828-fbce-4e01-ae9e-261174997c48";

  /// What BlueZ keeps of an earlier pairing.
  public enum Bond {
    NONE,
    /// Keys for this connection, which are forgotten with it.
    PAIRED,
    /// Keys that are kept.
    BONDED
  }

  public BleDevice {
    name =
        name.codePoints()
            .filter(
                point ->
                    !Character.isISOControl(point) && Character.getType(point) != Character.FORMAT)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    services = Set.copyOf(services);
  }

  /// Whether it says that it speaks SMP; many say so only once they are connected.
  public boolean saysSmp() {
    return services.contains(SMP_SERVICE);
  }

  @Override
  public String toString() {
    return name.isEmpty() ? address.toString() : "%s (%s)".formatted(name, address);
  }
}
