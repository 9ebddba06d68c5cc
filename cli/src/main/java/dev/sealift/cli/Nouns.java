// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.util.List;
import java.util.Map;

/// The nouns of the command. Reading a command's options takes time, so only the noun that is asked
/// for is read; all of them when it is help or a typing error.
final class Nouns {
  private static final List<Map.Entry<String, Class<?>>> ALL =
      List.of(
          Map.entry("demo", DemoCommand.class),
          Map.entry("key", KeyCommand.class),
          Map.entry("image", ImageCommand.class),
          Map.entry("package", PackageCommand.class),
          Map.entry("trust", TrustCommand.class),
          Map.entry("release", ReleaseCommand.class),
          Map.entry("virtual", VirtualCommand.class),
          Map.entry("device", DeviceCommand.class),
          Map.entry(DropIn.NAME, ImgtoolCommand.class),
          Map.entry("attacks", AttacksCommand.class),
          Map.entry("bench", BenchCommand.class));

  private Nouns() {}

  static List<Class<?>> neededFor(String[] args) {
    String first = args.length == 0 ? "" : args[0];
    return ALL.stream()
        .filter(noun -> noun.getKey().equals(first))
        .<Class<?>>map(Map.Entry::getValue)
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElseGet(() -> ALL.stream().<Class<?>>map(Map.Entry::getValue).toList());
  }
}
