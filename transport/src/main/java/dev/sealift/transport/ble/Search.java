// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which of the devices that BlueZ knows is meant.
///
/// ```
/// matching devices          by address        by name
/// one is paired             that one          that one, whoever else has the name
/// several are paired        (two adapters)    several: not for us to choose
/// none is paired            the one           the one that is near, if it is the only one
/// ```
///
/// A name proves nothing: whoever takes a paired device's name must not get its update.
final class Search {
  /// What came of looking.
  sealed interface Finding {
    record One(Seen device) implements Finding {}

    record Several(List<Seen> devices) implements Finding {}

    record None() implements Finding {}
  }

  /// One device of one adapter: org.bluez.Device1 and where it is.
  record Seen(String path, Fields fields) {
    static Optional<Seen> at(BluezObjects objects, String path) {
      return objects.at(path, BluezObjects.DEVICE).map(fields -> new Seen(path, fields));
    }

    /// Device1: Address.
    Optional<BleAddress> address() {
      return fields.text("Address").flatMap(BleAddress::of);
    }

    /// Device1: Adapter, the path of its adapter, which begins the device's own.
    String adapter() {
      return fields.text("Adapter").orElseGet(() -> path.substring(0, path.lastIndexOf('/')));
    }

    /// Device1: Paired, keys for an encrypted connection were exchanged; but a device that was
    /// paired by cable (CablePairing) is connected without encryption.
    boolean isPaired() {
      return fields.is("Paired") && !fields.is("CablePairing");
    }

    boolean isConnected() {
      return fields.is("Connected");
    }

    /// Device1: RSSI is there while a device is heard in a discovery.
    boolean isNear() {
      return isConnected() || fields.has("RSSI");
    }

    boolean isCalled(String name) {
      return fields.text("Name").filter(name::equals).isPresent()
          || fields.text("Alias").filter(name::equals).isPresent();
    }

    /// What a person is shown.
    Optional<BleDevice> device() {
      Set<String> services =
          fields.texts("UUIDs").stream()
              .map(uuid -> uuid.toLowerCase(Locale.ROOT))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      BleDevice.Bond bond =
          !isPaired()
              ? BleDevice.Bond.NONE
              : fields.is("Bonded") ? BleDevice.Bond.BONDED : BleDevice.Bond.PAIRED;
      return address()
          .map(
              address ->
                  new BleDevice(
                      address,
                      fields.text("Name").orElse(""),
                      fields.number("RSSI"),
                      bond,
                      services));
    }

    @Override
    public String toString() {
      return device().map(BleDevice::toString).orElse(path);
    }
  }

  private Search() {}

  static Finding look(BluezObjects objects, BleTarget target) {
    List<Seen> paired = new ArrayList<>();
    List<Seen> near = new ArrayList<>();
    objects
        .all(BluezObjects.DEVICE)
        .map(found -> new Seen(found.path(), found.fields()))
        .filter(seen -> isMeant(seen, target))
        .forEach(
            seen -> {
              if (seen.isPaired()) {
                paired.add(seen);
              } else if (seen.isNear()) {
                near.add(seen);
              }
            });
    return finding(paired.isEmpty() ? near : paired);
  }

  private static boolean isMeant(Seen seen, BleTarget target) {
    if (target.adapter().filter(name -> !seen.adapter().endsWith("/" + name)).isPresent()) {
      return false;
    }
    return switch (target.device()) {
      case BleTarget.Device.Address(var address) ->
          seen.address().filter(address::equals).isPresent();
      case BleTarget.Device.Name(var name) -> seen.isCalled(name);
    };
  }

  private static Finding finding(List<Seen> devices) {
    return switch (devices.size()) {
      case 0 -> new Finding.None();
      case 1 -> new Finding.One(devices.getFirst());
      default -> new Finding.Several(devices);
    };
  }
}
