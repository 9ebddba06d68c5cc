// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.FlashOperation;
import dev.sealift.boot.FlashUse;
import dev.sealift.boot.PowerCut;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.device.DeviceEvent;
import dev.sealift.device.FlashFile;
import dev.sealift.device.FlashFileException;
import dev.sealift.device.PowerSupply;
import dev.sealift.device.VirtualDevice;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.permit.DeviceId;
import dev.sealift.smp.server.LinkId;
import dev.sealift.transport.ConsoleManners;
import dev.sealift.transport.Listener;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.Target;
import dev.sealift.transport.UdpListener;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// One virtual device at work: its flash in a file when it has one, its wires, and a line for
/// everything that happens to it.
final class RunningDevice implements Closeable {
  private final String name;
  private final String prefix;
  private final VirtualDevice device;
  private final Console console;
  private final Consumer<Duration> patience;
  private final ReentrantLock turn = new ReentrantLock();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private Optional<FlashFile> file = Optional.empty();
  private Optional<String> powerCut = Optional.empty();

  /// How its lines begin: with its name, unless it is the only one.
  enum Company {
    ALONE,
    AMONG_OTHERS
  }

  /// `patience` lets the time pass for which its flash is at work.
  RunningDevice(
      String name,
      Company company,
      VirtualDevice device,
      Console console,
      Consumer<Duration> patience) {
    this.patience = patience;
    this.name = name;
    this.prefix = company == Company.ALONE ? "" : name + ": ";
    this.device = device;
    this.console = console;
    device.observe(this::tell);
  }

  String name() {
    return name;
  }

  /// Takes up the flash of an earlier run, or begins to keep the one it has.
  void keepIn(Path path) {
    DeviceId own = device.setup().identity().device();
    try {
      FlashFile opened = FlashFile.open(path, device.setup().profile(), own, device.flash());
      file = Optional.of(opened);
      if (!opened.deviceId().equals(own)) {
        throw Failure.refused(
                "%s is the flash of device %s, this would be %s"
                    .formatted(path, opened.deviceId(), own))
            .hint("start it with the same --vendor, --serial and profiles as before");
      }
      if (opened.origin() == FlashFile.Origin.FOUND) {
        say("goes on from " + path);
      }
    } catch (FlashFileException e) {
      throw Failure.refused("cannot use %s: %s".formatted(path, e.getMessage()))
          .hint("give another folder with --state, or move that file away");
    } catch (IOException e) {
      throw Failure.world("cannot use %s: %s".formatted(path, Files.reason(e)));
    }
  }

  BootResult powerOn(PowerSupply supply) {
    device.powerBy(supply);
    return device.powerOn();
  }

  /// Where a device listens.
  sealed interface Ears {
    /// UDP on the loopback address.
    record Port(int port) implements Ears {}

    /// One or more wires, and how it behaves on a console among them.
    record Wires(List<Target> targets, ConsoleManners manners) implements Ears {}
  }

  /// From now on it answers; what it cannot survive goes to `ended`.
  void listen(Ears ears, CompletableFuture<Void> ended) throws IOException {
    MemoryLink.Server server =
        (link, packet) -> {
          try {
            return served(link, packet);
          } catch (UncheckedIOException e) {
            ended.completeExceptionally(e);
            return List.of();
          }
        };
    switch (ears) {
      case Ears.Port(var port) ->
          announce(
              UdpListener.open(
                  InetAddress.getLoopbackAddress(),
                  port,
                  device.setup().smp().bufferCount(),
                  server));
      case Ears.Wires(var targets, var manners) -> {
        for (Target target : targets) {
          announce(Listener.open(target, manners, device.setup().smp(), server));
        }
      }
    }
  }

  /// One request at a time, on whichever wire it came: the answer goes out when the flash is done.
  private List<Bytes> served(LinkId link, Bytes packet) {
    turn.lock();
    try {
      VirtualDevice.Served served = device.serve(link, packet);
      if (!served.work().isZero()) {
        patience.accept(served.work());
      }
      return served.answers();
    } finally {
      turn.unlock();
    }
  }

  private void announce(Listener opened) {
    listeners.add(opened);
    DeviceFacts.Identity own = device.setup().identity();
    say(
        prefix.isEmpty()
            ? "listening at %s (Ctrl-C ends it)".formatted(opened.target())
            : "listening at %s, device %s".formatted(opened.target(), own.device()));
    CborMap.Builder json =
        CborMap.builder()
            .put("target", opened.target().toString())
            .put("id", own.device().toString());
    own.serial().ifPresent(serial -> json.put("serial", serial));
    event(json);
  }

  /// Whole again after any end: no request is being served, and the file is the flash.
  @Override
  public void close() throws IOException {
    listeners.forEach(Listener::close);
    listeners.clear();
    if (file.isPresent()) {
      file.get().close();
      file = Optional.empty();
    }
  }

  private void tell(DeviceEvent happened) {
    switch (happened) {
      // The line about a boot that was cut is that of the cut.
      case DeviceEvent.Started(var result, _)
          when result.outcome() instanceof BootOutcome.PowerLost -> {}
      case DeviceEvent.Started(var result, var use) -> {
        String boot = words(result) + cost(device.setup().profile(), use);
        say(powerCut.map(cut -> cut + "; ").orElse("") + "boot: " + boot);
        CborMap.Builder json = CborMap.builder();
        powerCut.ifPresent(cut -> json.put("power-cut", cut));
        event(json.put("boot", words(result)).put("operations", use.operations()));
        powerCut = Optional.empty();
      }
      case DeviceEvent.PowerFailed(var cut, var at) -> {
        // Cut again before a boot came to its end.
        powerCut.ifPresent(earlier -> say(earlier + "; boot: cut in its turn"));
        powerCut = Optional.of(words(cut, at));
      }
    }
  }

  private void say(String line) {
    console.say(prefix + line);
  }

  private void event(CborMap.Builder json) {
    console.event(json.put("device", name).build());
  }

  static String words(PowerCut cut, FlashOperation at) {
    String when =
        switch (cut.moment()) {
          case BEFORE -> "before";
          case HALFWAY -> "in the middle of";
          case AFTER -> "after";
        };
    return "power cut %s operation %d, %s".formatted(when, cut.operation(), words(at));
  }

  private static String words(FlashOperation operation) {
    return switch (operation) {
      case FlashOperation.Programmed(var address, var data) ->
          "a write of %d bytes at 0x%x".formatted(data.size(), address);
      case FlashOperation.Erased(var address, var length) ->
          "an erase of %d bytes at 0x%x".formatted(length, address);
      case FlashOperation.CounterRaised(var value) ->
          "the security counter to %d".formatted(value.value());
      case FlashOperation.Cut(var at) -> words(at);
    };
  }

  /// What a boot took of the flash; nothing to say of one that only looked.
  static String cost(DeviceProfile profile, FlashUse use) {
    if (use.operations() == 0) {
      return "";
    }
    Duration time = profile.timings().time(use, profile.boot().flash());
    return "; %d flash operations%s"
        .formatted(
            use.operations(),
            time.isZero() ? "" : ", %.1f s by its timings".formatted(time.toNanos() / 1e9));
  }

  static String words(BootResult boot) {
    String refused =
        boot.refused().map(why -> "; the other image was refused: " + why.words()).orElse("");
    return switch (boot.outcome()) {
          case BootOutcome.Booted(_, var version) ->
              "version %s starts%s"
                  .formatted(
                      version.toShortString(),
                      boot.taken()
                          .map(
                              type ->
                                  switch (type) {
                                    case TEST -> " on trial, after a swap";
                                    case PERM -> " for good, after a swap";
                                    case REVERT -> " again, the image on trial was reverted";
                                    case NONE, FAIL, PANIC -> "";
                                  })
                          .orElse(""));
          case BootOutcome.Refused(var reason) -> "nothing starts: " + reason.words();
          case BootOutcome.Halted(var why) -> "the bootloader stopped: " + why;
          case BootOutcome.PowerLost() -> "the power failed";
        }
        + refused;
  }
}
