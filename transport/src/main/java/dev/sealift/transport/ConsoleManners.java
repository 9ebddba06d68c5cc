// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.smp.wire.SerialConsole;
import dev.sealift.smp.wire.SerialConsole.Dialect;
import java.util.Optional;

/// How a server behaves on its console: how it cuts lines, the longest it takes, and how many it
/// can hold that come at once. Named after the servers that behave so.
public record ConsoleManners(String name, Dialect dialect, int lineMax, int lineBuffers) {
  /// Zephyr today, with the numbers of its defaults.
  public static final ConsoleManners ZEPHYR = new ConsoleManners("zephyr", Dialect.ZEPHYR, 128, 2);

  /// Zephyr of 2019. Its longest line is longer than it should be.
  public static final ConsoleManners ZEPHYR_1_14 =
      new ConsoleManners("zephyr-1.14", Dialect.ZEPHYR_1_14, 128, 2);

  /// MCUboot's serial recovery, which reads while it waits for nothing else.
  public static final ConsoleManners RECOVERY =
      new ConsoleManners("recovery", Dialect.PLAIN, 512, 8);

  public ConsoleManners {
    if (lineMax < SerialConsole.LINE_MAX || lineBuffers < 1) {
      throw new IllegalArgumentException(
          "no console: lines of %d bytes, %d at once".formatted(lineMax, lineBuffers));
    }
  }

  public static Optional<ConsoleManners> named(String name) {
    return java.util.stream.Stream.of(ZEPHYR, ZEPHYR_1_14, RECOVERY)
        .filter(one -> one.name.equals(name))
        .findFirst();
  }

  SerialConsole writer() {
    return new SerialConsole(dialect, SerialConsole.LINE_MAX);
  }
}
