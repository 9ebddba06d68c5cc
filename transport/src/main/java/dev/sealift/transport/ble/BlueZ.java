// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.bytes.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// BlueZ as one program sees it: its objects as they are now, kept up to date by its signals, and
/// the means to wait until they are otherwise. Signals count only when they come from the
/// connection that owns BlueZ's name: anybody on the bus can send one of the same words.
final class BlueZ implements Closeable {
  static final String NAME = "org.bluez";

  private static final String OBJECTS = "org.freedesktop.DBus.ObjectManager";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

  /// For what BlueZ knows without asking the radio.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /// Notifications that wait to be taken; what comes when so many wait is dropped. A device that
  /// sends without end fills no more than this.
  static final int NOTIFICATIONS_MAX = 4096;

  /// Looks at the objects, under the lock that guards them.
  @FunctionalInterface
  interface Look<T> {
    /// What is looked for, or nothing yet. Fails when it cannot come any more.
    Optional<T> at(BluezObjects objects) throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final BluezObjects objects = new BluezObjects();
  private final Map<String, Integer> losses = new HashMap<>();
  private final Map<String, Reason> reasons = new HashMap<>();
  private final Deque<Bytes> notifications = new ArrayDeque<>();
  private final Bus bus;
  private String owner = "";
  private String listenedTo = "";
  private Optional<IOException> end = Optional.empty();
  private volatile Optional<Consumer<Bus.Asked>> server = Optional.empty();

  private BlueZ(String address) throws IOException {
    this.bus = Bus.open(address, new Hearing());
  }

  static BlueZ open(String address) throws IOException {
    BlueZ bluez = new BlueZ(address);
    try {
      bluez.start();
      return bluez;
    } catch (IOException e) {
      bluez.close();
      throw e;
    }
  }

  private void start() throws IOException {
    // The rules stand before the first look, so no change falls between the two.
    bus.listen("type='signal',sender='%s',interface='%s'".formatted(NAME, OBJECTS));
    bus.listen(
        "type='signal',sender='%s',interface='%s',member='PropertiesChanged'"
            .formatted(NAME, PROPERTIES));
    bus.listen(
        "type='signal',sender='%s',interface='%s',member='Disconnected'"
            .formatted(NAME, BluezObjects.DEVICE));
    bus.listen(
        "type='signal',sender='%s',member='NameOwnerChanged',arg0='%s'"
            .formatted(Bus.DAEMON, NAME));
    String found = bus.owner(NAME).orElseThrow(BlueZ::notThere);
    lock.lock();
    try {
      owner = found;
    } finally {
      lock.unlock();
    }
    bus.call(method("/", OBJECTS, "GetManagedObjects"), PATIENCE, this::takeAll, "");
  }

  private static IOException notThere() {
    return new IOException("BlueZ does not run (systemctl start bluetooth)");
  }

  private static Bus.Method method(String path, String face, String name) {
    return new Bus.Method(NAME, path, face, name);
  }

  /// Asks one object of BlueZ.
  List<Object> call(
      String path,
      String face,
      String name,
      Duration patience,
      String signature,
      Object... arguments)
      throws IOException {
    return bus.call(method(path, face, name), patience, signature, arguments);
  }

  /// Waits until the look finds something; nothing when it has not in that time.
  <T> Optional<T> await(Duration patience, Look<T> look) throws IOException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (true) {
        Optional<T> found = look.at(objects);
        if (found.isPresent()) {
          return found;
        }
        if (end.isPresent()) {
          throw new IOException(end.get().getMessage(), end.get());
        }
        if (left <= 0) {
          return Optional.empty();
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("waiting was given up");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      lock.unlock();
    }
  }

  /// What the look finds now.
  <T> T now(Look<T> look) throws IOException {
    return await(Duration.ZERO, look)
        .orElseThrow(() -> new IllegalStateException("a look that finds nothing"));
  }

  /// How often the device was lost since the start: disconnected, or gone with its adapter.
  int losses(String device) {
    lock.lock();
    try {
      return losses.getOrDefault(device, 0);
    } finally {
      lock.unlock();
    }
  }

  /// Why a device was lost, which newer BlueZ tells (Device1: Disconnected): one of its reasons,
  /// and words.
  record Reason(String name, String words) {
    /// The two could not agree on keys: one of them has forgotten the bond.
    boolean isAuthentication() {
      return name.equals("org.bluez.Reason.Authentication");
    }
  }

  /// Why the device was lost the last time, where BlueZ says.
  Optional<Reason> lossReason(String device) {
    lock.lock();
    try {
      return Optional.ofNullable(reasons.get(device));
    } finally {
      lock.unlock();
    }
  }

  /// Keeps the notifications of this characteristic from now on, and only of this one.
  void keepNotifications(String characteristic) {
    lock.lock();
    try {
      listenedTo = characteristic;
      notifications.clear();
    } finally {
      lock.unlock();
    }
  }

  /// The next notification that was kept; for use within a look.
  Optional<Bytes> notification() {
    return Optional.ofNullable(notifications.poll());
  }

  /// Takes the calls that BlueZ makes of us.
  void serve(Consumer<Bus.Asked> calls) {
    server = Optional.of(calls);
  }

  /// On the thread that reads.
  private final class Hearing implements Bus.Listener {
    @Override
    public void heard(Bus.Signal signal) {
      lock.lock();
      try {
        take(signal);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void asked(Bus.Asked call) {
      if (server.isPresent() && call.sender().equals(owner())) {
        server.get().accept(call);
      } else {
        call.refuse("org.freedesktop.DBus.Error.AccessDenied", "only BlueZ is answered");
      }
    }

    @Override
    public void ended(IOException why) {
      end(why);
    }
  }

  private String owner() {
    lock.lock();
    try {
      return owner;
    } finally {
      lock.unlock();
    }
  }

  private void end(IOException why) {
    lock.lock();
    try {
      if (end.isEmpty()) {
        end = Optional.of(why);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void takeAll(List<Object> reply) {
    lock.lock();
    try {
      if (!reply.isEmpty() && reply.getFirst() instanceof Map<?, ?> all) {
        all.forEach((path, faces) -> objects.put(path.toString(), faces(faces)));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Map<String, Fields> faces(Object dictionary) {
    Map<String, Fields> faces = new HashMap<>();
    if (dictionary instanceof Map<?, ?> map) {
      map.forEach((face, properties) -> faces.put(face.toString(), Fields.of(properties)));
    }
    return faces;
  }

  private void take(Bus.Signal signal) {
    List<Object> body = signal.body();
    if (signal.sender().equals(Bus.DAEMON)) {
      if (signal.member().equals("NameOwnerChanged")
          && body.size() == 3
          && body.getFirst().equals(NAME)) {
        // Whoever comes next knows nothing of our session.
        end(new IOException("BlueZ has stopped"));
      }
      return;
    }
    if (!signal.sender().equals(owner)) {
      return;
    }
    switch (signal.member()) {
      case "InterfacesAdded" -> {
        if (body.size() == 2) {
          objects.put(body.getFirst().toString(), faces(body.get(1)));
        }
      }
      case "InterfacesRemoved" -> {
        if (body.size() == 2 && body.get(1) instanceof List<?> gone) {
          removed(body.getFirst().toString(), gone.stream().map(Object::toString).toList());
        }
      }
      case "PropertiesChanged" -> {
        if (body.size() == 3 && body.get(2) instanceof List<?> gone) {
          changed(signal.path(), body.getFirst().toString(), Fields.of(body.get(1)), gone);
        }
      }
      case "Disconnected" -> {
        if (body.size() == 2) {
          reasons.put(
              signal.path(), new Reason(body.getFirst().toString(), body.get(1).toString()));
        }
      }
      default -> {}
    }
  }

  private void removed(String path, List<String> faces) {
    if (faces.contains(BluezObjects.DEVICE)) {
      losses.merge(path, 1, Integer::sum);
    }
    objects.remove(path, faces);
  }

  private void changed(String path, String face, Fields fields, List<?> gone) {
    if (face.equals(BluezObjects.DEVICE) && fields.has("Connected") && !fields.is("Connected")) {
      losses.merge(path, 1, Integer::sum);
    }
    if (face.equals(BluezObjects.CHARACTERISTIC)
        && path.equals(listenedTo)
        && notifications.size() < NOTIFICATIONS_MAX) {
      fields.bytes("Value").ifPresent(notifications::add);
    }
    objects.change(path, face, fields, gone);
  }

  @Override
  public void close() {
    bus.close();
  }
}
