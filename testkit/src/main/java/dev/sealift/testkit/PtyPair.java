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
  private static final short READABLE = 1;
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
      MemorySegment buffer = arena.allocate(CHUNK_MAX);
      MemorySegment poll = arena.allocate(16, 4);
      while (!closed) {
        await(poll, 0, left);
        await(poll, 8, right);
        Libc.POLL.call(poll, 2L, POLL_MILLIS);
        forward(poll, 0, buffer, left, right);
        forward(poll, 8, buffer, right, left);
      }
    }
    left.close();
    right.close();
  }

  private static void await(MemorySegment poll, long at, End end) {
    poll.set(ValueLayout.JAVA_INT, at, end.master);
    poll.set(ValueLayout.JAVA_SHORT, at + 4, READABLE);
    poll.set(ValueLayout.JAVA_SHORT, at + 6, (short) 0);
  }

  private static void forward(MemorySegment poll, long at, MemorySegment buffer, End from, End to) {
    if ((poll.get(ValueLayout.JAVA_SHORT, at + 6) & READABLE) == 0) {
      return;
    }
    long count = Libc.READ.call(from.master, buffer, (long) CHUNK_MAX);
    long sent = 0;
    while (sent < count) {
      long more = Libc.WRITE.call(to.master, buffer.asSlice(sent), count - sent);
      if (more <= 0) {
        return;
      }
      sent += more;
    }
  }

  /// One pseudo-terminal. Its other side is held open here as well, so that it lives on while
  /// nobody uses it.
  private record End(int master, int held, String path) {
    static End open() {
      try (Arena arena = Arena.ofConfined()) {
        int master = (int) Libc.OPENPT.call(READ_WRITE_NO_TERMINAL);
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
