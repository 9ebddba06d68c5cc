// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What this machine asks of a connection, which D-Bus neither tells nor changes: read where it can
/// be read, assumed where not. The device may ask for other values once it is connected, and what
/// was agreed is not told either.
///
/// ```
/// /sys/kernel/debug/bluetooth/hci0/conn_min_interval …   what the kernel does now; root reads it
/// /etc/bluetooth/main.conf, [LE] MinConnectionInterval…  what BlueZ sets it to when it starts
/// neither                                                 the kernel's defaults
/// ```
record HostSettings(String adapter, Origin origin, int intervalMin, int intervalMax, int latency) {
  /// Where the figures come from.
  enum Origin {
    KERNEL,
    CONFIGURATION,
    ASSUMED
  }

  private static final int INTERVAL_MIN = 24;
  private static final int INTERVAL_MAX = 40;

  /// An interval is counted in steps of 1.25 ms.
  private static final BigDecimal STEP = new BigDecimal("1.25");

  private static final String CONFIGURATION = "etc/bluetooth/main.conf";

  static HostSettings read(Path root, String adapter) {
    Path kernel = root.resolve("sys/kernel/debug/bluetooth").resolve(adapter);
    Optional<Integer> min = number(kernel.resolve("conn_min_interval"));
    Optional<Integer> max = number(kernel.resolve("conn_max_interval"));
    if (min.isPresent() && max.isPresent()) {
      return new HostSettings(
          adapter,
          Origin.KERNEL,
          min.get(),
          max.get(),
          number(kernel.resolve("conn_latency")).orElse(0));
    }
    Map<String, Integer> told = told(root.resolve(CONFIGURATION));
    return new HostSettings(
        adapter,
        told.isEmpty() ? Origin.ASSUMED : Origin.CONFIGURATION,
        told.getOrDefault("MinConnectionInterval", INTERVAL_MIN),
        told.getOrDefault("MaxConnectionInterval", INTERVAL_MAX),
        told.getOrDefault("ConnectionLatency", 0));
  }

  private static Optional<Integer> number(Path file) {
    try {
      return parsed(Files.readString(file));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> parsed(String text) {
    try {
      return Optional.of(Integer.decode(text.strip()));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Map<String, Integer> told(Path file) {
    Map<String, Integer> told = new HashMap<>();
    String section = "";
    for (String line : lines(file)) {
      String text = line.strip();
      if (text.startsWith("[")) {
        section = text;
      } else if (section.equals("[LE]") && !text.startsWith("#") && text.contains("=")) {
        String name = text.substring(0, text.indexOf('=')).strip();
        parsed(text.substring(text.indexOf('=') + 1)).ifPresent(value -> told.put(name, value));
      }
    }
    told.keySet()
        .retainAll(List.of("MinConnectionInterval", "MaxConnectionInterval", "ConnectionLatency"));
    return told;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of();
    }
  }

  /// For the person at the prompt.
  List<String> remarks() {
    String from =
        switch (origin) {
          case KERNEL -> "as the kernel says";
          case CONFIGURATION -> "as /etc/bluetooth/main.conf says";
          case ASSUMED -> "assumed, the kernel's defaults";
        };
    return List.of(
        "connection interval %s to %s ms, latency %d (%s); the device may ask for another"
            .formatted(milliseconds(intervalMin), milliseconds(intervalMax), latency, from),
        "to change it: [LE] MinConnectionInterval, MaxConnectionInterval in"
            + " /etc/bluetooth/main.conf, or conn_min_interval, conn_max_interval under"
            + " /sys/kernel/debug/bluetooth/"
            + adapter,
        "PHY and event length are what the controllers agree on (btmgmt phy shows and sets the PHY)");
  }

  private static String milliseconds(int steps) {
    return STEP.multiply(BigDecimal.valueOf(steps)).stripTrailingZeros().toPlainString();
  }
}
