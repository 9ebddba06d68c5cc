// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.FlashException.Reason;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.SecurityCounter;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/// What a device remembers without power: its flash and its security counter.
///
/// The flash is strict. It programs only bytes that are erased (or, where its geometry says so,
/// clears bits of any byte), in whole write units, and erases whole sectors; any other call is a
/// [FlashException] and changes nothing. Each successful program
/// call, sector erase and counter raise is one *operation*. They are counted from 0 since
/// [#powerUp], and the power can be made to fail at any of them.
///
/// One thread at a time: a device has one.
public final class Flash {
  private final FlashGeometry geometry;
  private final byte[] cells;
  private SecurityCounter securityCounter = SecurityCounter.ZERO;

  private boolean powered = true;
  private Optional<PowerCut> cut = Optional.empty();
  private FlashUse use = FlashUse.NONE;
  private long bytesRead;
  private Optional<FlashOperation> lastOperation = Optional.empty();
  private Consumer<FlashOperation> observer = _ -> {};

  /// An erased flash with the counter at 0, powered.
  public Flash(FlashGeometry geometry) {
    this.geometry = geometry;
    this.cells = new byte[geometry.size()];
    Arrays.fill(cells, (byte) geometry.erasedValue());
  }

  public FlashGeometry geometry() {
    return geometry;
  }

  public FlashUse use() {
    return use.withBytesRead(bytesRead);
  }

  /// The power comes (back) on and stays; operations count from 0 again.
  public void powerUp() {
    powered = true;
    cut = Optional.empty();
    use = FlashUse.NONE;
    bytesRead = 0;
    lastOperation = Optional.empty();
  }

  /// The power comes on and will fail as told.
  public void powerUpUntil(PowerCut nextCut) {
    powerUp();
    cut = Optional.of(nextCut);
  }

  /// Tells every operation from now on to `newObserver` alone.
  public void observe(Consumer<FlashOperation> newObserver) {
    this.observer = newObserver;
  }

  public Bytes read(int address, int length) {
    requireInside(address, length);
    bytesRead += length;
    return Bytes.copyOf(cells, address, address + length);
  }

  /// The cells themselves, which change with the next operation: for whoever looks at much and
  /// keeps nothing of it.
  Bytes look(int address, int length) {
    requireInside(address, length);
    bytesRead += length;
    return Bytes.owning(cells).slice(address, address + length);
  }

  private void requireInside(int address, int length) {
    if (address < 0 || length < 0 || length > cells.length - address) {
      throw new FlashException(Reason.OUT_OF_BOUNDS, call("read", address, length));
    }
  }

  /// As [#read], for one who looks on from outside: it is not counted.
  public Bytes peek(int address, int length) {
    requireInside(address, length);
    return Bytes.copyOf(cells, address, address + length);
  }

  /// The operation that was begun last since the power came on; that of a power cut, if it failed.
  public Optional<FlashOperation> lastOperation() {
    return lastOperation;
  }

  public void program(int address, Bytes data) {
    int length = data.size();
    if (address < 0 || length > cells.length - address) {
      throw refuse(Reason.OUT_OF_BOUNDS, call("program", address, length));
    }
    int align = geometry.writeAlign();
    if (length == 0 || length % align != 0 || address % align != 0) {
      throw refuse(Reason.UNALIGNED, call("program", address, length));
    }
    Bytes content = data;
    if (!isErased(address, length)) {
      switch (geometry.programming()) {
        case ONLY_ERASED -> throw refuse(Reason.NOT_ERASED, call("program", address, length));
        case CLEARS_BITS -> {
          use = use.plusRefusal();
          content = withBitsCleared(address, data);
        }
      }
    }
    Bytes whole = content;
    Bytes half = content.first(length / 2 / align * align);
    operate(
        new FlashOperation.Programmed(address, data),
        () -> half.copyTo(cells, address),
        () -> whole.copyTo(cells, address));
    use = use.plusWrite(length);
    failAfter(use.operations() - 1);
  }

  /// Erases the sector that begins at `address`.
  public void eraseSector(int address) {
    int length = geometry.sectorSize();
    if (address < 0 || length > cells.length - address) {
      throw refuse(Reason.OUT_OF_BOUNDS, call("erase", address, length));
    }
    if (address % length != 0) {
      throw refuse(Reason.UNALIGNED, call("erase", address, length));
    }
    operate(
        new FlashOperation.Erased(address, length),
        () -> fillErased(address, length / 2),
        () -> fillErased(address, length));
    use = use.plusErase();
    failAfter(use.operations() - 1);
  }

  public SecurityCounter securityCounter() {
    return securityCounter;
  }

  public void raiseSecurityCounter(SecurityCounter value) {
    if (value.compareTo(securityCounter) <= 0) {
      throw refuse(
          Reason.COUNTER_NOT_RAISED, "counter from %s to %s".formatted(securityCounter, value));
    }
    operate(new FlashOperation.CounterRaised(value), () -> {}, () -> securityCounter = value);
    use = use.plusCounterRaise();
    failAfter(use.operations() - 1);
  }

  public FlashSnapshot snapshot() {
    return new FlashSnapshot(Bytes.of(cells), securityCounter);
  }

  public Bytes sha256() {
    return Bytes.owning(cells).sha256();
  }

  /// Makes the content that of the snapshot; power and counts stay as they are.
  public void restore(FlashSnapshot snapshot) {
    if (snapshot.content().size() != cells.length) {
      throw new IllegalArgumentException(
          "snapshot of %d bytes for a flash of %d"
              .formatted(snapshot.content().size(), cells.length));
    }
    snapshot.content().copyTo(cells, 0);
    securityCounter = snapshot.securityCounter();
  }

  /// Lays bytes down whatever was there: an upload seen from outside, a programmer's cable, or
  /// damage. No operation, no rule.
  public void lay(int address, Bytes data) {
    if (address < 0 || data.size() > cells.length - address) {
      throw new FlashException(Reason.OUT_OF_BOUNDS, call("lay", address, data.size()));
    }
    data.copyTo(cells, address);
  }

  /// Makes a range erased, as [#lay] does it.
  public void layErased(int address, int length) {
    lay(address, Bytes.filled(length, geometry.erasedValue()));
  }

  boolean isErased(int address, int length) {
    byte erased = (byte) geometry.erasedValue();
    for (int i = address; i < address + length; i++) {
      if (cells[i] != erased) {
        return false;
      }
    }
    return true;
  }

  private Bytes withBitsCleared(int address, Bytes data) {
    byte[] bytes = data.toArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] &= cells[address + i];
    }
    return Bytes.owning(bytes);
  }

  private void operate(FlashOperation operation, Runnable half, Runnable whole) {
    if (!powered) {
      throw new PowerCutException("the power is off");
    }
    lastOperation = Optional.of(operation);
    if (cut.isPresent() && cut.get().operation() == use.operations()) {
      switch (cut.get().moment()) {
        case BEFORE -> throw fail(operation);
        case HALFWAY -> {
          half.run();
          throw fail(operation);
        }
        case AFTER -> {
          // It is done first; failAfter() then ends the power.
        }
      }
    }
    whole.run();
    observer.accept(operation);
  }

  private PowerCutException fail(FlashOperation operation) {
    powered = false;
    observer.accept(new FlashOperation.Cut(operation));
    return new PowerCutException("power cut at operation " + use.operations());
  }

  private void failAfter(int operation) {
    if (cut.equals(Optional.of(PowerCut.after(operation)))) {
      powered = false;
      throw new PowerCutException("power cut after operation " + operation);
    }
  }

  private FlashException refuse(Reason reason, String call) {
    use = use.plusRefusal();
    return new FlashException(reason, call);
  }

  private void fillErased(int address, int length) {
    Arrays.fill(cells, address, address + length, (byte) geometry.erasedValue());
  }

  private static String call(String verb, int address, int length) {
    return "%s of %d bytes at 0x%x".formatted(verb, length, address);
  }
}
