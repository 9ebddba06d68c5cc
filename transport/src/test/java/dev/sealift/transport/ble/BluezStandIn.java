// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.Variant;

/// A stand-in for BlueZ: it owns `org.bluez` on a bus and behaves as BlueZ's documentation says.
/// Every behaviour names the page of BlueZ's repository (`doc/org.bluez.NAME.rst`, short NAME) and
/// the member that it follows. It is no BlueZ: the air, and what the documentation leaves open, are
/// as simple as can be.
///
/// Calls are served one at a time on the thread that reads, as by BlueZ's single main loop; what
/// takes long in BlueZ is answered later from there.
public final class BluezStandIn implements AutoCloseable {
  static final String ADAPTER_PATH = "/org/bluez/hci0";

  private static final String FAILED = "org.bluez.Error.Failed";
  private static final String NOT_READY = "org.bluez.Error.NotReady";
  private static final String NOT_CONNECTED = "org.bluez.Error.NotConnected";
  private static final String IN_PROGRESS = "org.bluez.Error.InProgress";
  private static final String NOT_PERMITTED = "org.bluez.Error.NotPermitted";
  private static final String NOT_AUTHORIZED = "org.bluez.Error.NotAuthorized";
  private static final String ALREADY_EXISTS = "org.bluez.Error.AlreadyExists";
  private static final String AUTHENTICATION_FAILED = "org.bluez.Error.AuthenticationFailed";

  /// When replies to writes go out.
  enum Pace {
    AT_ONCE,
    /// Each waits until the test lets it go: BlueZ answers as fast as it likes.
    WHEN_LET_GO
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition called = lock.newCondition();
  private final Bus bus;
  private final Map<String, Peripheral> peripherals = new LinkedHashMap<>();
  private final Set<String> scanning = new HashSet<>();
  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final LinkedBlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
  private final List<String> calls = new ArrayList<>();
  private boolean powered = true;
  private Pace pace = Pace.AT_ONCE;

  /// org.bluez.Agent1 of a program.
  private record Agent(String path, String capability) {}

  private BluezStandIn(String busAddress) throws IOException {
    this.bus = Bus.open(busAddress, new Listening());
  }

  public static BluezStandIn start(String busAddress, Peripheral... around) throws IOException {
    BluezStandIn bluez = new BluezStandIn(busAddress);
    bluez.lock.lock();
    try {
      for (Peripheral peripheral : around) {
        bluez.peripherals.put(path(peripheral), peripheral);
      }
    } finally {
      bluez.lock.unlock();
    }
    bluez.bus.claim(BlueZ.NAME);
    return bluez;
  }

  /// Device: Object path.
  static String path(Peripheral peripheral) {
    return ADAPTER_PATH + "/dev_" + peripheral.address.replace(':', '_');
  }

  private static String servicePath(Peripheral peripheral) {
    return path(peripheral) + "/service0010";
  }

  private static String characteristicPath(Peripheral peripheral) {
    return servicePath(peripheral) + "/char0011";
  }

  // What a test does to it.

  /// The members that were called, in order.
  public List<String> calls() {
    lock.lock();
    try {
      return List.copyOf(calls);
    } finally {
      lock.unlock();
    }
  }

  void holdWrites() {
    lock.lock();
    try {
      pace = Pace.WHEN_LET_GO;
    } finally {
      lock.unlock();
    }
  }

  /// Once a write has come, looks at what has arrived by then and lets its reply go.
  void letOneGo(Duration bound, Runnable look) throws InterruptedException {
    Runnable reply = held.poll(bound.toSeconds(), TimeUnit.SECONDS);
    if (reply == null) {
      throw new AssertionError("no write came");
    }
    lock.lock();
    try {
      look.run();
    } finally {
      lock.unlock();
    }
    reply.run();
  }

  void awaitCall(String member) throws InterruptedException {
    lock.lock();
    try {
      while (!calls.contains(member)) {
        called.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Another program of the machine connects.
  void connectFromElsewhere(Peripheral peripheral) {
    lock.lock();
    try {
      connected(peripheral);
      resolved(peripheral);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  /// The peer has lost its keys and pairing is undone, before its services are found.
  void dropBondAndResolve(Peripheral peripheral) throws IOException {
    lock.lock();
    try {
      peripheral.paired = false;
      peripheral.resolves = true;
      changed(
          path(peripheral),
          BluezObjects.DEVICE,
          Map.of("Paired", new Variant<>(false), "Bonded", new Variant<>(false)));
      resolved(peripheral);
    } finally {
      lock.unlock();
    }
  }

  /// Adapter: Powered. Everything that is connected is so no longer.
  void switchOff() throws IOException {
    lock.lock();
    try {
      powered = false;
      for (Peripheral peripheral : peripherals.values()) {
        if (peripheral.connected) {
          disconnected(peripheral, "org.bluez.Reason.Local", "Connection terminated by local host");
        }
      }
      changed(ADAPTER_PATH, BluezObjects.ADAPTER, Map.of("Powered", new Variant<>(false)));
    } finally {
      lock.unlock();
    }
  }

  /// The connection breaks (Device: Disconnected, org.bluez.Reason.Timeout).
  public void lose(Peripheral peripheral) throws IOException {
    lock.lock();
    try {
      disconnected(peripheral, "org.bluez.Reason.Timeout", "Connection timeout");
    } finally {
      lock.unlock();
    }
  }

  /// The peer has no keys for us any more (Device: Disconnected, org.bluez.Reason.Authentication).
  void loseByForgottenBond(Peripheral peripheral) throws IOException {
    lock.lock();
    try {
      disconnected(peripheral, "org.bluez.Reason.Authentication", "Authentication failure");
    } finally {
      lock.unlock();
    }
  }

  /// BlueZ drops the object of a device it has not heard for a while.
  void vanish(Peripheral peripheral) throws IOException {
    lock.lock();
    try {
      peripherals.remove(path(peripheral));
      removed(peripheral);
    } finally {
      lock.unlock();
    }
  }

  /// Notifies as the device would, unasked.
  void notify(Peripheral peripheral, Bytes value) throws IOException {
    lock.lock();
    try {
      notified(peripheral, value);
    } finally {
      lock.unlock();
    }
  }

  // What it hears.

  private final class Listening implements Bus.Listener {
    @Override
    public void heard(Bus.Signal signal) {}

    @Override
    public void asked(Bus.Asked call) {
      lock.lock();
      try {
        calls.add(call.method().name());
        called.signalAll();
        serve(call);
      } catch (IOException _) {
        // Whoever asked is gone.
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void ended(IOException why) {}
  }

  private void serve(Bus.Asked call) throws IOException {
    String path = call.method().path();
    String name = call.method().name();
    if (path.equals("/") && name.equals("GetManagedObjects")) {
      call.answer("a{oa{sa{sv}}}", all());
    } else if (path.equals("/org/bluez")) {
      agentManager(call);
    } else if (path.equals(ADAPTER_PATH)) {
      adapter(call);
    } else {
      Optional<Peripheral> peripheral =
          peripherals.values().stream().filter(it -> path.startsWith(path(it))).findFirst();
      if (peripheral.isEmpty()) {
        call.refuse("org.freedesktop.DBus.Error.UnknownObject", "no such object");
      } else if (refused(peripheral.get(), call)) {
        return;
      } else if (path.equals(path(peripheral.get()))) {
        device(peripheral.get(), call);
      } else {
        characteristic(peripheral.get(), call);
      }
    }
  }

  private static boolean refused(Peripheral peripheral, Bus.Asked call) {
    Peripheral.Refusal next = peripheral.refusals.peek();
    if (next == null || !next.member().equals(call.method().name())) {
      return false;
    }
    peripheral.refusals.remove();
    call.refuse(next.error(), next.words());
    return true;
  }

  // org.freedesktop.DBus.ObjectManager, through which BlueZ shows its objects.

  private Map<DBusPath, Map<String, Map<String, Variant<?>>>> all() {
    Map<DBusPath, Map<String, Map<String, Variant<?>>>> all = new LinkedHashMap<>();
    all.put(
        new DBusPath(ADAPTER_PATH),
        Map.of(
            BluezObjects.ADAPTER,
            Map.of(
                "Address", new Variant<>("00:11:22:33:44:55"),
                "Powered", new Variant<>(powered),
                "Discovering", new Variant<>(!scanning.isEmpty()))));
    peripherals.values().stream()
        .filter(BluezStandIn::isShown)
        .forEach(
            peripheral -> {
              all.put(new DBusPath(path(peripheral)), deviceFaces(peripheral));
              if (peripheral.resolved) {
                all.put(new DBusPath(servicePath(peripheral)), serviceFaces(peripheral));
                all.put(
                    new DBusPath(characteristicPath(peripheral)), characteristicFaces(peripheral));
              }
            });
    return all;
  }

  private static boolean isShown(Peripheral peripheral) {
    return peripheral.presence == Peripheral.Presence.KNOWN || peripheral.heard;
  }

  private static Map<String, Map<String, Variant<?>>> deviceFaces(Peripheral peripheral) {
    Map<String, Variant<?>> fields = new LinkedHashMap<>();
    fields.put("Address", new Variant<>(peripheral.address));
    fields.put("Name", new Variant<>(peripheral.name));
    // Device: Alias is the name unless somebody set another.
    fields.put("Alias", new Variant<>(peripheral.name));
    fields.put("Adapter", new Variant<>(new DBusPath(ADAPTER_PATH)));
    fields.put("Paired", new Variant<>(peripheral.paired));
    fields.put("Bonded", new Variant<>(peripheral.paired));
    fields.put("Connected", new Variant<>(peripheral.connected));
    fields.put("ServicesResolved", new Variant<>(peripheral.resolved));
    fields.put("UUIDs", new Variant<>(new String[] {peripheral.service}, "as"));
    if (peripheral.heard) {
      fields.put("RSSI", new Variant<>((short) -55));
    }
    return Map.of(BluezObjects.DEVICE, fields);
  }

  private static Map<String, Map<String, Variant<?>>> serviceFaces(Peripheral peripheral) {
    return Map.of(
        BluezObjects.SERVICE,
        Map.of(
            "UUID", new Variant<>(peripheral.service),
            "Primary", new Variant<>(true),
            "Device", new Variant<>(new DBusPath(path(peripheral)))));
  }

  private static Map<String, Map<String, Variant<?>>> characteristicFaces(Peripheral peripheral) {
    return Map.of(
        BluezObjects.CHARACTERISTIC,
        Map.of(
            "UUID", new Variant<>(peripheral.characteristic),
            "Service", new Variant<>(new DBusPath(servicePath(peripheral))),
            "Notifying", new Variant<>(peripheral.notifying),
            "Flags", new Variant<>(peripheral.flags.toArray(String[]::new), "as"),
            // GattCharacteristic: MTU.
            "MTU", new Variant<>(new UInt16(peripheral.mtu))));
  }

  private void added(String path, Map<String, Map<String, Variant<?>>> faces) throws IOException {
    bus.emit(
        "/",
        "org.freedesktop.DBus.ObjectManager",
        "InterfacesAdded",
        "oa{sa{sv}}",
        new DBusPath(path),
        faces);
  }

  private void gone(String path, String face) throws IOException {
    bus.emit(
        "/",
        "org.freedesktop.DBus.ObjectManager",
        "InterfacesRemoved",
        "oas",
        new DBusPath(path),
        new String[] {face});
  }

  private void changed(String path, String face, Map<String, Variant<?>> fields)
      throws IOException {
    changed(path, face, fields, new String[0]);
  }

  private void changed(
      String path, String face, Map<String, Variant<?>> fields, String[] invalidated)
      throws IOException {
    bus.emit(
        path,
        "org.freedesktop.DBus.Properties",
        "PropertiesChanged",
        "sa{sv}as",
        face,
        fields,
        invalidated);
  }

  // org.bluez.AgentManager1

  private void agentManager(Bus.Asked call) {
    switch (call.method().name()) {
      // AgentManager: RegisterAgent, one agent for each program.
      case "RegisterAgent" -> {
        if (agents.containsKey(call.sender())) {
          call.refuse(ALREADY_EXISTS, "Already Exists");
        } else {
          agents.put(
              call.sender(),
              new Agent(call.body().get(0).toString(), call.body().get(1).toString()));
          call.answer("");
        }
      }
      default -> call.refuse("org.freedesktop.DBus.Error.UnknownMethod", "not stood in for");
    }
  }

  // org.bluez.Adapter1

  private void adapter(Bus.Asked call) throws IOException {
    switch (call.method().name()) {
      // Adapter: SetDiscoveryFilter, Transport is one of auto, bredr, le.
      case "SetDiscoveryFilter" -> call.answer("");
      case "StartDiscovery" -> {
        if (!powered) {
          // Adapter: StartDiscovery, NotReady.
          call.refuse(NOT_READY, "Resource Not Ready");
        } else if (!scanning.add(call.sender())) {
          // Adapter: StartDiscovery, one session for each program and adapter; InProgress.
          call.refuse(IN_PROGRESS, "Operation already in progress");
        } else {
          call.answer("");
          changed(ADAPTER_PATH, BluezObjects.ADAPTER, Map.of("Discovering", new Variant<>(true)));
          for (Peripheral peripheral : peripherals.values()) {
            heard(peripheral);
          }
        }
      }
      case "StopDiscovery" -> {
        if (scanning.remove(call.sender())) {
          call.answer("");
          for (Peripheral peripheral : peripherals.values()) {
            silent(peripheral);
          }
        } else {
          // Adapter: StopDiscovery, Failed.
          call.refuse(FAILED, "No discovery started");
        }
      }
      case "RemoveDevice" -> {
        Optional<Peripheral> peripheral =
            Optional.ofNullable(peripherals.get(call.body().getFirst().toString()));
        if (peripheral.isPresent()) {
          // Adapter: RemoveDevice, the bond goes with the object.
          peripheral.get().paired = false;
          peripherals.remove(path(peripheral.get()));
          call.answer("");
          removed(peripheral.get());
        } else {
          call.refuse("org.bluez.Error.DoesNotExist", "Does Not Exist");
        }
      }
      default -> call.refuse("org.freedesktop.DBus.Error.UnknownMethod", "not stood in for");
    }
  }

  /// Adapter: StartDiscovery creates objects of what is discovered; Device: RSSI of what is heard.
  private void heard(Peripheral peripheral) throws IOException {
    boolean shown = isShown(peripheral);
    peripheral.heard = true;
    if (shown) {
      changed(path(peripheral), BluezObjects.DEVICE, Map.of("RSSI", new Variant<>((short) -55)));
    } else {
      added(path(peripheral), deviceFaces(peripheral));
    }
  }

  private void silent(Peripheral peripheral) throws IOException {
    if (peripheral.heard && peripheral.presence == Peripheral.Presence.KNOWN) {
      peripheral.heard = false;
    }
    changed(path(peripheral), BluezObjects.DEVICE, Map.of(), new String[] {"RSSI"});
  }

  private void removed(Peripheral peripheral) throws IOException {
    boolean resolved = peripheral.resolved;
    peripheral.connected = false;
    peripheral.resolved = false;
    if (resolved) {
      gone(characteristicPath(peripheral), BluezObjects.CHARACTERISTIC);
      gone(servicePath(peripheral), BluezObjects.SERVICE);
    }
    gone(path(peripheral), BluezObjects.DEVICE);
  }

  // org.bluez.Device1

  private void device(Peripheral peripheral, Bus.Asked call) throws IOException {
    switch (call.method().name()) {
      case "Connect" -> {
        if (!powered) {
          // Device: Connect, NotReady.
          call.refuse(NOT_READY, "Resource Not Ready");
        } else if (peripheral.connected) {
          // Device: Connect, AlreadyConnected.
          call.refuse("org.bluez.Error.AlreadyConnected", "Already Connected");
        } else {
          connected(peripheral);
          call.answer("");
          resolved(peripheral);
        }
      }
      case "Disconnect" -> {
        if (peripheral.connected) {
          call.answer("");
          disconnected(peripheral, "org.bluez.Reason.Local", "Connection terminated by local host");
        } else {
          // Device: Disconnect, NotConnected.
          call.refuse(NOT_CONNECTED, "Not Connected");
        }
      }
      case "Pair" -> pair(peripheral, call);
      default -> call.refuse("org.freedesktop.DBus.Error.UnknownMethod", "not stood in for");
    }
  }

  /// Device: Connected tells by PropertiesChanged.
  private void connected(Peripheral peripheral) throws IOException {
    peripheral.connected = true;
    peripheral.reconnected();
    changed(path(peripheral), BluezObjects.DEVICE, Map.of("Connected", new Variant<>(true)));
  }

  /// Device: ServicesResolved. The objects of the services are there by then.
  private void resolved(Peripheral peripheral) throws IOException {
    if (!peripheral.resolves) {
      return;
    }
    peripheral.resolved = true;
    added(servicePath(peripheral), serviceFaces(peripheral));
    added(characteristicPath(peripheral), characteristicFaces(peripheral));
    changed(path(peripheral), BluezObjects.DEVICE, Map.of("ServicesResolved", new Variant<>(true)));
  }

  /// Device: Disconnected says why, and Connected that it is so.
  private void disconnected(Peripheral peripheral, String reason, String words) throws IOException {
    boolean resolved = peripheral.resolved;
    peripheral.connected = false;
    peripheral.resolved = false;
    peripheral.notifying = false;
    bus.emit(path(peripheral), BluezObjects.DEVICE, "Disconnected", "ss", reason, words);
    changed(
        path(peripheral),
        BluezObjects.DEVICE,
        Map.of("Connected", new Variant<>(false), "ServicesResolved", new Variant<>(false)));
    if (resolved) {
      gone(characteristicPath(peripheral), BluezObjects.CHARACTERISTIC);
      gone(servicePath(peripheral), BluezObjects.SERVICE);
    }
  }

  /// Device: Pair connects, asks the agent of the program that called, and fails without any. What
  /// is asked depends on what the device has and on the agent's capability.
  private void pair(Peripheral peripheral, Bus.Asked call) throws IOException {
    Optional<Agent> agent = Optional.ofNullable(agents.get(call.sender()));
    if (peripheral.paired) {
      // Device: Pair, AlreadyExists.
      call.refuse(ALREADY_EXISTS, "Already Exists");
    } else if (agent.isEmpty()) {
      call.refuse("org.bluez.Error.AuthenticationRejected", "Authentication Rejected");
    } else if (peripheral.passkey.isEmpty()) {
      paired(peripheral, call);
    } else if (agent.get().capability().equals("NoInputNoOutput")) {
      call.refuse(AUTHENTICATION_FAILED, "Authentication Failed");
    } else {
      String asker = call.sender();
      // Agent: RequestPasskey. BlueZ goes on with other things while a person types.
      Thread.ofVirtual().start(() -> askPasskey(peripheral, call, asker, agent.get()));
    }
  }

  private void askPasskey(Peripheral peripheral, Bus.Asked call, String asker, Agent agent) {
    try {
      List<Object> given =
          bus.call(
              new Bus.Method(asker, agent.path(), PairingAgent.FACE, "RequestPasskey"),
              Duration.ofSeconds(60),
              "o",
              new DBusPath(path(peripheral)));
      lock.lock();
      try {
        if (given.equals(List.of((long) peripheral.passkey.orElseThrow()))) {
          paired(peripheral, call);
        } else {
          call.refuse(AUTHENTICATION_FAILED, "Authentication Failed");
        }
      } finally {
        lock.unlock();
      }
    } catch (BusException e) {
      // Agent: RequestPasskey, Rejected and Canceled.
      call.refuse(
          e.error().equals("org.bluez.Error.Canceled")
              ? "org.bluez.Error.AuthenticationCanceled"
              : "org.bluez.Error.AuthenticationRejected",
          "Authentication");
    } catch (IOException e) {
      call.refuse(AUTHENTICATION_FAILED, e.toString());
    }
  }

  /// Device: Paired and Bonded.
  private void paired(Peripheral peripheral, Bus.Asked call) throws IOException {
    if (!peripheral.connected) {
      connected(peripheral);
      resolved(peripheral);
    }
    peripheral.paired = true;
    peripheral.presence = Peripheral.Presence.KNOWN;
    changed(
        path(peripheral),
        BluezObjects.DEVICE,
        Map.of("Paired", new Variant<>(true), "Bonded", new Variant<>(true)));
    call.answer("");
  }

  // org.bluez.GattCharacteristic1

  private void characteristic(Peripheral peripheral, Bus.Asked call) throws IOException {
    if (!peripheral.connected) {
      // GattCharacteristic: StartNotify, NotConnected; a write fails in words.
      call.refuse(
          call.method().name().equals("WriteValue") ? FAILED : NOT_CONNECTED, "Not connected");
      return;
    }
    switch (call.method().name()) {
      case "StartNotify" -> {
        if (peripheral.wants == Peripheral.Wants.PAIRING && !peripheral.paired) {
          // GattCharacteristic: StartNotify, NotPermitted.
          call.refuse(NOT_PERMITTED, "Write not permitted");
        } else if (peripheral.notifying) {
          // GattCharacteristic: StartNotify, InProgress.
          call.refuse(IN_PROGRESS, "In Progress");
        } else {
          peripheral.notifying = true;
          call.answer("");
        }
      }
      case "StopNotify" -> {
        peripheral.notifying = false;
        call.answer("");
      }
      case "WriteValue" -> write(peripheral, call);
      default -> call.refuse("org.freedesktop.DBus.Error.UnknownMethod", "not stood in for");
    }
  }

  private void write(Peripheral peripheral, Bus.Asked call) throws IOException {
    Bytes value = Fields.of(Map.of("value", call.body().get(0))).bytes("value").orElseThrow();
    // GattCharacteristic: WriteValue, option type; "command" is a write without response.
    if (!Fields.of(call.body().get(1)).text("type").equals(Optional.of("command"))) {
      call.refuse("org.bluez.Error.NotSupported", "Operation is not supported");
    } else if (peripheral.wants == Peripheral.Wants.PAIRING && !peripheral.paired) {
      // GattCharacteristic: WriteValue, NotAuthorized.
      call.refuse(NOT_AUTHORIZED, "Not Authorized");
    } else if (value.size() > peripheral.mtu - 3 || value.size() > 512) {
      // GattCharacteristic: WriteValue, InvalidValueLength; without response there are no long
      // writes.
      call.refuse("org.bluez.Error.InvalidValueLength", "Invalid Length");
    } else {
      switch (pace) {
        case AT_ONCE -> call.answer("");
        case WHEN_LET_GO -> held.add(() -> call.answer(""));
      }
      // A write without response tells nobody whether it arrived.
      if (peripheral.writesUntilLoss == 0) {
        peripheral.writesUntilLoss = -1;
        disconnected(peripheral, "org.bluez.Reason.Timeout", "Connection timeout");
        return;
      }
      peripheral.writesUntilLoss--;
      for (Bytes answer : peripheral.take(value)) {
        for (int at = 0; at < answer.size(); at += peripheral.mtu - 3) {
          notified(peripheral, answer.slice(at, Math.min(at + peripheral.mtu - 3, answer.size())));
        }
      }
    }
  }

  /// GattCharacteristic: Value changes when a notification comes, and PropertiesChanged says so.
  private void notified(Peripheral peripheral, Bytes value) throws IOException {
    if (peripheral.notifying) {
      changed(
          characteristicPath(peripheral),
          BluezObjects.CHARACTERISTIC,
          Map.of("Value", new Variant<>(value.toArray(), "ay")));
    }
  }

  /// BlueZ stops; its name has no owner any more.
  @Override
  public void close() {
    bus.close();
  }
}
