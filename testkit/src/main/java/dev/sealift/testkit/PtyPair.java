// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Two pseudo-terminals with a wire between them: what is written into one comes out of the other,
/// at once and unchanged, as over a serial cable that knows no speed. Made by the C library's own
/// calls, so that no program is needed. Only on Linux.
public final class PtyPair implements AutoCloseable {
  private static final int CHUNK_MAX = 4096;
  private static final int READ_WRITE_NO_TERMINAL = 2 | 0x100;
  private static final int DO_NOT_WAIT = 0x800;
  private static final int READABLE = 1;
  private static final int WRITABLE = 4;
  private static final int POLL_SIZE = 8;
  private static final int POLL_MILLIS = 20;

  /// Larger than the system's `struct termios`, wherever.
  private static final int TERMIOS_SIZE = 256;

  private final End left;
  private final End right;
  private final Thread wire;
  private volatile boolean closed;

  private PtyPair(End left, End right) {
    this.left = left;
    this.right = right;
    this.wire = Thread.ofPlatform().daemon().name("pty-wire").unstarted(this::carry);
  }

  /// Nothing where there are no pseudo-terminals, with one printed line.
  public static Optional<PtyPair> open() {
    if (!Files.exists(Path.of("/dev/ptmx"))) {
      return Tool.missing("/dev/ptmx", "a Linux with pseudo-terminals");
    }
    PtyPair pair = new PtyPair(End.open(), End.open());
    pair.wire.start();
    return Optional.of(pair);
  }

  public String left() {
    return left.path;
  }

  public String right() {
    return right.path;
  }

  /// As if both cables were pulled: whoever has an end open finds it gone.
  @Override
  public void close() {
    closed = true;
    try {
      wire.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(2L * POLL_SIZE, 4);
      Direction toRight = new Direction(left, right, arena.allocate(CHUNK_MAX));
      Direction toLeft = new Direction(right, left, arena.allocate(CHUNK_MAX));
      while (!closed) {
        await(poll, 0, left, toRight.reads() | toLeft.writes());
        await(poll, POLL_SIZE, right, toLeft.reads() | toRight.writes());
        Libc.POLL.call(poll, 2L, POLL_MILLIS);
        toRight.move();
        toLeft.move();
      }
    }
    left.close();
    right.close();
  }

  private static void await(MemorySegment poll, long at, End end, int events) {
    poll.set(ValueLayout.JAVA_INT, at, end.master);
    poll.set(ValueLayout.JAVA_SHORT, at + 4, (short) events);
    poll.set(ValueLayout.JAVA_SHORT, at + 6, (short) 0);
  }

  /// One direction of the wire. What the far end does not take waits, and meanwhile nothing more is
  /// taken from the near one: a reader that hangs is felt by the writer.
  private static final class Direction {
    private final End from;
    private final End to;
    private final MemorySegment buffer;
    private long sent;
    private long size;

    Direction(End from, End to, MemorySegment buffer) {
      this.from = from;
      this.to = to;
      this.buffer = buffer;
    }

    int reads() {
      return sent == size ? READABLE : 0;
    }

    int writes() {
      return sent == size ? 0 : WRITABLE;
    }

    /// Neither call waits: both ends are opened so.
    void move() {
      if (sent == size) {
        sent = 0;
        size = Math.max(0, Libc.READ.call(from.master, buffer, (long) CHUNK_MAX));
      }
      if (sent < size) {
        sent += Math.max(0, Libc.WRITE.call(to.master, buffer.asSlice(sent), size - sent));
      }
    }
  }

  /// One pseudo-terminal. Its other side is held open here as well, so that it lives on while
  /// nobody uses it.
  private record End(int master, int held, String path) {
    static End open() {
      try (Arena arena = Arena.ofConfined()) {
        int master = (int) Libc.OPENPT.call(READ_WRITE_NO_TERMINAL | DO_NOT_WAIT);
        MemorySegment name = arena.allocate(CHUNK_MAX);
        if (master < 0
            || Libc.GRANT.call(master) != 0
            || Libc.UNLOCK.call(master) != 0
            || Libc.NAME.call(master, name, (long) CHUNK_MAX) != 0) {
          throw new IllegalStateException("no pseudo-terminal is to be had");
        }
        MemorySegment termios = arena.allocate(TERMIOS_SIZE);
        Libc.TCGETATTR.call(master, termios);
        Libc.MAKERAW.run(termios);
        Libc.TCSETATTR.call(master, 0, termios);
        int held = (int) Libc.OPEN.call(name, READ_WRITE_NO_TERMINAL);
        return new End(master, held, name.getString(0));
      }
    }

    void close() {
      Libc.CLOSE.call(held);
      Libc.CLOSE.call(master);
    }
  }

  /// Functions of the C library.
  private enum Libc {
    OPENPT("posix_openpt", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)),
    GRANT("grantpt", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)),
    UNLOCK("unlockpt", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)),
    NAME(
        "ptsname_r",
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG)),
    TCGETATTR(
        "tcgetattr",
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)),
    TCSETATTR(
        "tcsetattr",
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)),
    MAKERAW("cfmakeraw", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS)),
    OPEN(
        "open",
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)),
    POLL(
        "poll",
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT)),
    READ(
        "read",
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG)),
    WRITE(
        "write",
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG)),
    CLOSE("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final MethodHandle handle;

    // The C library is what this is about.
    @SuppressWarnings("restricted")
    Libc(String name, FunctionDescriptor shape) {
      Linker linker = Linker.nativeLinker();
      this.handle = linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
    }

    /// What the function returns, negative for a failure.
    long call(Object... arguments) {
      try {
        return ((Number) handle.invokeWithArguments(arguments)).longValue();
      } catch (Throwable e) {
        throw new IllegalStateException(this + " cannot be called", e);
      }
    }

    void run(Object... arguments) {
      try {
        handle.invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw new IllegalStateException(this + " cannot be called", e);
      }
    }
  }
}
