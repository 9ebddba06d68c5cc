// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.smp.Group;
import dev.sealift.smp.server.FileStore;
import dev.sealift.smp.server.MemoryFiles;
import dev.sealift.smp.server.Mood;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/// How the SMP server of a device's application is built: whose it is like, which groups it has
/// beside the system, the images and the permit, where its files lie, and whether its bootloader
/// can be talked to.
public record Firmware(Mood mood, Set<Group> groups, Supplier<FileStore> files, Recovery recovery) {
  /// The groups that can be chosen.
  public static final Set<Group> CHOICE =
      Set.of(
          Group.STATISTICS,
          Group.SETTINGS,
          Group.LOG,
          Group.CRASH,
          Group.FILES,
          Group.SHELL,
          Group.TRANSPORTS);

  /// Zephyr's server with all that Zephyr has, and a file system in memory.
  public static final Firmware ZEPHYR =
      new Firmware(
          Mood.ZEPHYR,
          Set.of(Group.STATISTICS, Group.SETTINGS, Group.FILES, Group.SHELL),
          () -> new MemoryFiles("/lfs1", 0x10000),
          Recovery.NONE);

  /// Whether MCUboot's serial recovery is built in.
  public enum Recovery {
    NONE,
    /// A reset with boot mode 1 leads there.
    BY_RESET
  }

  public Firmware {
    groups = groups.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(groups));
    if (!CHOICE.containsAll(groups)) {
      throw new IllegalArgumentException("not groups that can be chosen: " + groups);
    }
  }

  public Firmware with(Mood other) {
    return new Firmware(other, groups, files, recovery);
  }

  public Firmware with(Set<Group> others) {
    return new Firmware(mood, others, files, recovery);
  }

  public Firmware with(Supplier<FileStore> others) {
    return new Firmware(mood, groups, others, recovery);
  }

  public Firmware with(Recovery other) {
    return new Firmware(mood, groups, files, other);
  }
}
