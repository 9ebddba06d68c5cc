// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.transport.ble.Search.Finding;
import dev.sealift.transport.ble.Search.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.Variant;

/// The Bluetooth of this machine. Every deed has a connection to the bus of its own, so that what
/// one leaves behind (a discovery, an agent) ends with it.
public final class Bluetooth {
  private final String busAddress;
  private final Patience patience;

  Bluetooth(String busAddress, Patience patience) {
    this.busAddress = busAddress;
    this.patience = patience;
  }

  /// BlueZ on the bus of the system.
  public static Bluetooth ofThisMachine() {
    return new Bluetooth(
        Bus.systemAddress(Optional.ofNullable(System.getenv("DBUS_SYSTEM_BUS_ADDRESS"))),
        Patience.USUAL);
  }

  /// What is heard in that time, the nearest first. By `adapter`, or by every one that is on.
  public List<BleDevice> scan(Optional<String> adapter, Duration time) throws IOException {
    try (BlueZ bluez = BlueZ.open(busAddress)) {
      List<String> adapters =
          adapter.isPresent()
              ? List.of(usableAdapter(bluez, adapter))
              : bluez.now(objects -> Optional.of(poweredAdapters(objects)));
      if (adapters.isEmpty()) {
        usableAdapter(bluez, adapter);
      }
      for (String path : adapters) {
        startDiscovery(bluez, path);
      }
      bluez.await(time, _ -> Optional.empty());
      Map<BleAddress, BleDevice> heard = new LinkedHashMap<>();
      bluez.now(
          objects -> {
            objects
                .all(BluezObjects.DEVICE)
                .map(found -> new Seen(found.path(), found.fields()))
                .filter(seen -> seen.isNear() && adapters.contains(seen.adapter()))
                .flatMap(seen -> seen.device().stream())
                .forEach(device -> heard.putIfAbsent(device.address(), device));
            return Optional.of(heard);
          });
      return heard.values().stream()
          .sorted(
              Comparator.comparing((BleDevice device) -> device.signal().orElse(Long.MIN_VALUE))
                  .reversed())
          .toList();
    }
  }

  /// Connects, and finds SMP there.
  public BleLink open(BleTarget target) throws IOException {
    BlueZ bluez = BlueZ.open(busAddress);
    try {
      Seen device = known(bluez, target);
      return BleLink.connect(bluez, target, device, patience);
    } catch (IOException e) {
      bluez.close();
      throw e;
    }
  }

  private Seen known(BlueZ bluez, BleTarget target) throws IOException {
    Optional<Seen> paired = bluez.now(objects -> Optional.of(paired(objects, target)));
    if (paired.isPresent()) {
      usableAdapter(bluez, Optional.of(nameOf(paired.get().adapter())));
      return paired.get();
    }
    return switch (target.encryption()) {
      case REQUIRED ->
          throw new IOException(
              """
              %s is not paired with this machine, so nothing would encrypt the link: pair it first \
              (sealift device pair), or append ?encryption=none\
              """
                  .formatted(target.device()));
      case NOT_ASKED -> heard(bluez, target);
    };
  }

  /// Pairs a device that is near, and keeps the keys.
  public BleDevice pair(BleTarget target, Pairing pairing) throws IOException {
    try (BlueZ bluez = BlueZ.open(busAddress)) {
      Optional<Seen> paired = bluez.now(objects -> Optional.of(paired(objects, target)));
      Seen device = paired.isPresent() ? paired.get() : heard(bluez, target);
      BleDevice shown = device.device().orElseThrow(() -> vanished(target));
      if (paired.isEmpty()) {
        pair(bluez, device, shown, pairing);
      }
      Optional<Seen> now =
          bluez.await(
              BlueZ.PATIENCE, objects -> Seen.at(objects, device.path()).filter(Seen::isPaired));
      return now.flatMap(Seen::device)
          .orElseThrow(() -> new IOException(shown + " was paired and is not paired"));
    }
  }

  private void pair(BlueZ bluez, Seen device, BleDevice shown, Pairing pairing) throws IOException {
    PairingAgent agent = new PairingAgent(device.path(), shown, pairing);
    bluez.serve(agent::asked);
    // Ends with our connection to the bus; BlueZ asks the agent of the program that pairs.
    bluez.call(
        "/org/bluez",
        "org.bluez.AgentManager1",
        "RegisterAgent",
        BlueZ.PATIENCE,
        "os",
        new DBusPath(PairingAgent.PATH),
        PairingAgent.capability(pairing));
    try {
      bluez.call(device.path(), BluezObjects.DEVICE, "Pair", patience.pair(), "");
    } catch (BusException e) {
      if (!e.error().equals("org.bluez.Error.AlreadyExists")) {
        throw new IOException("cannot pair %s: %s".formatted(shown, words(e)), e);
      }
    }
    // Pairing connects (Device1: Pair); whoever wants a link opens one.
    disconnect(bluez, device.path());
  }

  private static String words(BusException refused) {
    return switch (refused.error()) {
      case "org.bluez.Error.AuthenticationFailed" ->
          "the passkey is wrong, or the device wants one and was not asked for it";
      case "org.bluez.Error.AuthenticationRejected" -> "the device refuses";
      case "org.bluez.Error.AuthenticationCanceled" -> "it was given up";
      case "org.bluez.Error.AuthenticationTimeout" -> "the device took too long";
      case "org.bluez.Error.ConnectionAttemptFailed" -> "it cannot be reached";
      default -> refused.said();
    };
  }

  /// Makes BlueZ forget the device and its keys.
  public void forget(BleTarget target) throws IOException {
    try (BlueZ bluez = BlueZ.open(busAddress)) {
      Seen device =
          bluez
              .now(objects -> Optional.of(paired(objects, target)))
              .orElseThrow(
                  () ->
                      new IOException(
                          "%s is not paired with this machine".formatted(target.device())));
      bluez.call(
          device.adapter(),
          BluezObjects.ADAPTER,
          "RemoveDevice",
          BlueZ.PATIENCE,
          "o",
          new DBusPath(device.path()));
    }
  }

  private static Optional<Seen> paired(BluezObjects objects, BleTarget target) throws IOException {
    return switch (Search.look(objects, target)) {
      case Finding.One(var device) when device.isPaired() -> Optional.of(device);
      case Finding.Several(var devices) when devices.getFirst().isPaired() ->
          throw several(target, devices);
      case Finding.One _, Finding.Several _, Finding.None _ -> Optional.empty();
    };
  }

  /// Listens until the device is heard; where only its name is known, a little longer, for another
  /// of that name.
  private Seen heard(BlueZ bluez, BleTarget target) throws IOException {
    String adapter = usableAdapter(bluez, target.adapter());
    startDiscovery(bluez, adapter);
    Seen first =
        bluez
            .await(patience.find(), objects -> one(objects, target))
            .orElseThrow(
                () ->
                    new IOException(
                        "%s was not heard within %d s: is it on, near and advertising?"
                            .formatted(target.device(), Math.max(1, patience.find().toSeconds()))));
    if (target.device() instanceof BleTarget.Device.Name) {
      bluez.await(
          patience.settle(),
          objects -> {
            one(objects, target);
            return Optional.empty();
          });
    }
    stopDiscovery(bluez, adapter);
    return first;
  }

  private static Optional<Seen> one(BluezObjects objects, BleTarget target) throws IOException {
    return switch (Search.look(objects, target)) {
      case Finding.One(var device) -> Optional.of(device);
      case Finding.Several(var devices) -> throw several(target, devices);
      case Finding.None() -> Optional.empty();
    };
  }

  private static IOException several(BleTarget target, List<Seen> devices) {
    return new IOException(
        "%d devices are called %s (%s): name one by its address"
            .formatted(
                devices.size(),
                target.device(),
                devices.stream()
                    .map(
                        seen ->
                            seen.address().map(BleAddress::toString).orElse("")
                                + " at "
                                + nameOf(seen.adapter()))
                    .collect(Collectors.joining(", "))));
  }

  static IOException vanished(BleTarget target) {
    return new IOException(
        "%s is not there any more: is it on, near and advertising?".formatted(target.device()));
  }

  static void disconnect(BlueZ bluez, String device) {
    try {
      bluez.call(device, BluezObjects.DEVICE, "Disconnect", BlueZ.PATIENCE, "");
    } catch (IOException _) {
      // It is disconnected, or BlueZ is gone: both are what was wanted.
    }
  }

  private static void startDiscovery(BlueZ bluez, String adapter) throws IOException {
    try {
      bluez.call(
          adapter,
          BluezObjects.ADAPTER,
          "SetDiscoveryFilter",
          BlueZ.PATIENCE,
          "a{sv}",
          Map.of("Transport", new Variant<>("le")));
      bluez.call(adapter, BluezObjects.ADAPTER, "StartDiscovery", BlueZ.PATIENCE, "");
    } catch (BusException e) {
      throw new IOException(
          e.error().equals("org.bluez.Error.NotReady")
              ? off(nameOf(adapter))
              : "cannot scan with %s: %s".formatted(nameOf(adapter), e.said()),
          e);
    }
  }

  /// Controllers connect badly while they scan.
  private static void stopDiscovery(BlueZ bluez, String adapter) throws IOException {
    try {
      bluez.call(adapter, BluezObjects.ADAPTER, "StopDiscovery", BlueZ.PATIENCE, "");
    } catch (BusException _) {
      // It had stopped. Should the adapter be off now, connecting will say so.
    }
  }

  private static List<String> poweredAdapters(BluezObjects objects) {
    return objects
        .all(BluezObjects.ADAPTER)
        .filter(found -> found.fields().is("Powered"))
        .map(BluezObjects.Found::path)
        .toList();
  }

  /// The path of the adapter of that name, or of the first one that is on.
  private static String usableAdapter(BlueZ bluez, Optional<String> wanted) throws IOException {
    return bluez.now(
        objects -> {
          List<BluezObjects.Found> there =
              objects
                  .all(BluezObjects.ADAPTER)
                  .filter(found -> wanted.map(nameOf(found.path())::equals).orElse(true))
                  .toList();
          if (there.isEmpty()) {
            throw new IOException(
                wanted
                    .map(name -> "this machine has no Bluetooth adapter " + name)
                    .orElse("this machine has no Bluetooth adapter"));
          }
          return Optional.of(
              there.stream()
                  .filter(found -> found.fields().is("Powered"))
                  .findFirst()
                  .orElseThrow(() -> new IOException(off(nameOf(there.getFirst().path()))))
                  .path());
        });
  }

  static String off(String adapter) {
    return "the Bluetooth adapter %s is off (bluetoothctl power on; rfkill unblock bluetooth)"
        .formatted(adapter);
  }

  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
