// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.bytes.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.transports.AbstractTransport;
import org.freedesktop.dbus.connections.transports.TransportBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.MethodReturn;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/// A connection to a message bus. One thread reads, so all that comes is heard in the order in
/// which it was sent; what a listener does there must be short and must not wait for a call.
///
/// Values leave as dbus-java wants them and arrive plain: numbers as `Long`, paths and texts as
/// `String`, bytes as [Bytes], arrays as lists, dictionaries as maps, a variant as what is in it.
final class Bus implements Closeable {
  /// The bus itself, as a name on it.
  static final String DAEMON = "org.freedesktop.DBus";

  private static final String DAEMON_PATH = "/org/freedesktop/DBus";
  private static final String SYSTEM_ADDRESS = "unix:path=/run/dbus/system_bus_socket";

  /// A socket that is not there by then will not be: nothing but the start of a machine makes one.
  private static final Duration THERE = Duration.ofMillis(100);

  /// For what the bus itself answers.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// One method of one object, by all its names.
  record Method(String destination, String path, String face, String name) {
    @Override
    public String toString() {
      return destination + " " + name;
    }
  }

  /// A signal. `sender` is the unique name of a connection, which the bus vouches for.
  record Signal(String sender, String path, String face, String member, List<Object> body) {}

  /// A call that somebody makes of us. To be answered once, at any time and by any thread.
  interface Asked {
    Method method();

    String sender();

    List<Object> body();

    void answer(String signature, Object... values);

    void refuse(String error, String words);
  }

  /// Is told what comes, by the thread that reads.
  interface Listener {
    void heard(Signal signal);

    void asked(Asked call);

    /// The last thing that is said, unless it was us who closed.
    void ended(IOException why);
  }

  private final AbstractTransport transport;
  private final Listener listener;
  private final ReentrantLock writing = new ReentrantLock();
  private final Map<Long, CompletableFuture<List<Object>>> waiting = new ConcurrentHashMap<>();
  private Optional<IOException> end = Optional.empty();

  /// The unique name that the bus gave us.
  private String name = "";

  private Bus(AbstractTransport transport, Listener listener) {
    this.transport = transport;
    this.listener = listener;
  }

  /// Where the bus of the system is, unless `told` (the variable DBUS_SYSTEM_BUS_ADDRESS) says.
  static String systemAddress(Optional<String> told) {
    return told.filter(address -> !address.isBlank()).orElse(SYSTEM_ADDRESS);
  }

  static Bus open(String address, Listener listener) throws IOException {
    AbstractTransport transport;
    try {
      transport =
          TransportBuilder.create(address)
              .configure()
              .withTimeout(Math.toIntExact(THERE.toMillis()))
              .back()
              .build();
    } catch (DBusException | IOException | RuntimeException e) {
      throw new IOException("no message bus at %s: %s".formatted(address, words(e)), e);
    }
    Bus bus = new Bus(transport, listener);
    Thread.ofVirtual().name("dbus-read").start(bus::read);
    try {
      bus.name = bus.call(bus.daemon("Hello"), PATIENCE, "").getFirst().toString();
    } catch (IOException e) {
      bus.close();
      throw e;
    }
    return bus;
  }

  private static String words(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElseGet(() -> e.getClass().getSimpleName());
  }

  private Method daemon(String name) {
    return new Method(DAEMON, DAEMON_PATH, DAEMON, name);
  }

  /// Asks for signals that fit the rule.
  void listen(String rule) throws IOException {
    call(daemon("AddMatch"), PATIENCE, "s", rule);
  }

  /// Who stands behind a well-known name now.
  Optional<String> owner(String name) throws IOException {
    try {
      return Optional.of(call(daemon("GetNameOwner"), PATIENCE, "s", name).getFirst().toString());
    } catch (BusException e) {
      if (e.error().equals("org.freedesktop.DBus.Error.NameHasNoOwner")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void claim(String name) throws IOException {
    call(daemon("RequestName"), PATIENCE, "su", name, new UInt32(0));
  }

  List<Object> call(Method method, Duration patience, String signature, Object... arguments)
      throws IOException {
    return call(method, patience, _ -> {}, signature, arguments);
  }

  /// As [#call]; `first` has the result before anything that was sent behind it is heard.
  List<Object> call(
      Method method,
      Duration patience,
      Consumer<List<Object>> first,
      String signature,
      Object... arguments)
      throws IOException {
    CompletableFuture<List<Object>> result = new CompletableFuture<>();
    CompletableFuture<Void> firstDone = result.thenAccept(first);
    long serial = 0;
    try {
      MethodCall message =
          transport
              .getMessageFactory()
              .createMethodCall(
                  method.destination(),
                  method.path(),
                  method.face(),
                  method.name(),
                  (byte) 0,
                  signature,
                  arguments);
      serial = message.getSerial();
      waiting.put(serial, result);
      write(message);
      firstDone.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return result.get();
    } catch (DBusException e) {
      throw new IllegalStateException("no message of '%s'".formatted(signature), e);
    } catch (TimeoutException e) {
      throw new IOException(
          "%s was not answered within %d s".formatted(method, Math.max(1, patience.toSeconds())),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(method + " was given up");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      waiting.remove(serial);
    }
  }

  private static IOException failure(ExecutionException failed) {
    return switch (failed.getCause()) {
      case BusException refused -> new BusException(refused);
      case IOException broken -> new IOException(broken.getMessage(), broken);
      case null, default -> throw new IllegalStateException("a reply was taken wrongly", failed);
    };
  }

  void emit(String path, String face, String member, String signature, Object... arguments)
      throws IOException {
    try {
      write(
          transport
              .getMessageFactory()
              .createSignal(name, path, face, member, signature, arguments));
    } catch (DBusException e) {
      throw new IllegalStateException("no signal of '%s'".formatted(signature), e);
    }
  }

  private void write(Message message) throws IOException {
    writing.lock();
    try {
      if (end.isPresent()) {
        throw end.get();
      }
      transport.writeMessage(message);
    } catch (IOException e) {
      throw new IOException("the message bus takes nothing: " + words(e), e);
    } finally {
      writing.unlock();
    }
  }

  private void read() {
    try {
      while (true) {
        // Nothing yet: only a part of a message was there.
        Optional.ofNullable(transport.readMessage()).ifPresent(this::take);
      }
    } catch (IOException | DBusException | RuntimeException e) {
      end(new IOException("the message bus is gone: " + words(e), e));
    }
  }

  private void end(IOException why) {
    boolean ours;
    writing.lock();
    try {
      // From here on nothing is written, so nobody begins to wait behind the last look at them.
      ours = end.isPresent();
      end = Optional.of(end.orElse(why));
    } finally {
      writing.unlock();
    }
    waiting.values().forEach(result -> result.completeExceptionally(why));
    if (!ours) {
      listener.ended(why);
    }
  }

  private void take(Message message) {
    switch (message) {
      case MethodReturn reply -> resultOf(reply).ifPresent(result -> result.complete(body(reply)));
      case Error error ->
          resultOf(error)
              .ifPresent(
                  result ->
                      result.completeExceptionally(
                          new BusException(
                              error.getName(),
                              body(error).stream().findFirst().map(Object::toString).orElse(""))));
      case DBusSignal signal ->
          listener.heard(
              new Signal(
                  signal.getSource(),
                  signal.getPath(),
                  signal.getInterface(),
                  signal.getName(),
                  body(signal)));
      case MethodCall call -> listener.asked(new Call(call));
      default -> {}
    }
  }

  /// A reply to nothing, or one that came too late, is dropped.
  private Optional<CompletableFuture<List<Object>>> resultOf(Message reply) {
    return Optional.ofNullable(waiting.remove(reply.getReplySerial()));
  }

  private static List<Object> body(Message message) {
    try {
      return Optional.ofNullable(message.getParameters())
          .map(values -> Arrays.stream(values).map(Bus::plain).toList())
          .orElse(List.of());
    } catch (DBusException e) {
      // The bus checks what it passes on.
      throw new IllegalStateException("the bus passed on what is no message", e);
    }
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Variant<?> variant -> plain(variant.getValue());
      case DBusPath path -> path.getPath();
      case UInt16 number -> number.longValue();
      case UInt32 number -> number.longValue();
      case UInt64 number -> number.longValue();
      case Byte number -> (long) (number & 0xff);
      case Short number -> (long) number;
      case Integer number -> (long) number;
      case byte[] bytes -> Bytes.copyOf(bytes, 0, bytes.length);
      case Object[] list -> Arrays.stream(list).map(Bus::plain).toList();
      case List<?> list when !list.isEmpty() && list.getFirst() instanceof Byte -> bytes(list);
      case List<?> list -> list.stream().map(Bus::plain).toList();
      case Map<?, ?> map -> {
        Map<Object, Object> plain = new LinkedHashMap<>();
        map.forEach((key, of) -> plain.put(plain(key), plain(of)));
        yield plain;
      }
      default -> value;
    };
  }

  private static Bytes bytes(List<?> list) {
    byte[] bytes = new byte[list.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (Byte) list.get(i);
    }
    return Bytes.owning(bytes);
  }

  private final class Call implements Asked {
    private final MethodCall message;
    private final List<Object> body;

    Call(MethodCall message) {
      this.message = message;
      this.body = Bus.body(message);
    }

    @Override
    public Method method() {
      return new Method(
          message.getDestination(), message.getPath(), message.getInterface(), message.getName());
    }

    @Override
    public String sender() {
      return message.getSource();
    }

    @Override
    public List<Object> body() {
      return body;
    }

    @Override
    public void answer(String signature, Object... values) {
      try {
        write(transport.getMessageFactory().createMethodReturn(message, signature, values));
      } catch (DBusException e) {
        throw new IllegalStateException("no reply of '%s'".formatted(signature), e);
      } catch (IOException _) {
        // Who asked is not there any more, or the bus is not: the thread that reads will say.
      }
    }

    @Override
    public void refuse(String error, String words) {
      try {
        write(
            transport
                .getMessageFactory()
                .createError(message.getSource(), error, message.getSerial(), "s", words));
      } catch (DBusException e) {
        throw new IllegalStateException("no error of the name '%s'".formatted(error), e);
      } catch (IOException _) {
        // As in an answer.
      }
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      if (end.isEmpty()) {
        end = Optional.of(new IOException("the connection to the message bus is closed"));
      }
      transport.close();
    } catch (IOException _) {
      // It is of no use to anybody any more, closed or not.
    } finally {
      writing.unlock();
    }
  }
}
