// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.BootMode;
import dev.sealift.smp.Os;
import java.util.Map;
import java.util.function.Supplier;

/// What a device says of itself. Without tasks or pools it does not know the commands that ask for
/// them.
public record SystemFacts(
    Info info,
    String bootloader,
    BootMode bootMode,
    Downgrade downgrade,
    Supplier<Map<String, Os.Task>> tasks,
    Supplier<Map<String, Os.Pool>> pools) {
  /// Whether the bootloader says that it lets nothing older run.
  public enum Downgrade {
    UNSAID,
    PREVENTED
  }

  /// The parts of the answer to "os info", each asked for by its letter, in the order in which they
  /// are told.
  public record Info(
      String kernel,
      String node,
      String release,
      String version,
      String buildTime,
      String machine,
      String processor,
      String board,
      String system) {
    /// A simulated Zephyr of that name.
    public static Info of(String kernel) {
      return new Info(
          kernel,
          "unknown",
          "0",
          "4.4.0",
          "Thu Jan  1 00:00:00 1970",
          "virtual",
          "jvm",
          "sealift/virtual",
          "Zephyr");
    }
  }

  /// A device under MCUboot of which nothing more is known.
  public static SystemFacts of(Info info, BootMode bootMode) {
    return new SystemFacts(info, "MCUboot", bootMode, Downgrade.UNSAID, Map::of, Map::of);
  }

  /// The same device with tasks and pools to look at.
  public SystemFacts with(
      Supplier<Map<String, Os.Task>> itsTasks, Supplier<Map<String, Os.Pool>> itsPools) {
    return new SystemFacts(info, bootloader, bootMode, downgrade, itsTasks, itsPools);
  }
}
