// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.device.Firmware;
import dev.sealift.device.FolderFiles;
import dev.sealift.smp.Group;
import dev.sealift.smp.server.Mood;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the firmware of a virtual device is built: whose server it is like, where its files are, and
/// whether its bootloader can be talked to.
final class FirmwareOptions {
  private static final String MOUNT_POINT = "/lfs1";
  private static final long FILE_SIZE_MAX = 16L << 20;

  @Option(
      names = "--mood",
      paramLabel = "NAME",
      defaultValue = "zephyr",
      description =
          "whose SMP server it is like: zephyr (default), zephyr-2, zephyr-1.14 or mynewt, which"
              + " also has logs and crashes")
  private String mood = "";

  @Option(
      names = "--files",
      paramLabel = "FOLDER",
      description = "a folder of this machine that is its /lfs1; one in memory unless told")
  private @Nullable Path files;

  @Option(
      names = "--recovery",
      description = "its bootloader has a recovery: 'device reset --bootloader' leads there")
  private boolean recovery;

  /// The firmware of each of so many devices.
  Firmware firmware(int devices) {
    Firmware firmware = ofMood();
    Path folder = files;
    if (folder != null) {
      if (devices > 1) {
        throw Failure.usage("--files is for one device, these are %d".formatted(devices));
      }
      if (!java.nio.file.Files.isDirectory(folder)) {
        throw Failure.world("there is no folder %s for --files".formatted(folder));
      }
      firmware = firmware.with(() -> new FolderFiles(MOUNT_POINT, folder, FILE_SIZE_MAX));
    }
    return recovery ? firmware.with(Firmware.Recovery.BY_RESET) : firmware;
  }

  private Firmware ofMood() {
    Mood wanted = Mood.named(mood).orElseThrow(this::wrongMood);
    if (wanted.equals(Mood.MCUBOOT_RECOVERY)) {
      throw Failure.usage("a recovery is a bootloader's: --recovery builds it in")
          .hint("'sealift device reset --bootloader' then leads there");
    }
    Firmware firmware = Firmware.ZEPHYR.with(wanted);
    return wanted.equals(Mood.MYNEWT)
        ? firmware.with(Set.of(Group.STATISTICS, Group.LOG, Group.CRASH, Group.FILES, Group.SHELL))
        : firmware;
  }

  private Failure wrongMood() {
    return Failure.usage(
        "--mood must be one of %s, is '%s'"
            .formatted(
                Mood.NAMED.stream()
                    .filter(named -> !named.equals(Mood.MCUBOOT_RECOVERY))
                    .map(Mood::name)
                    .collect(Collectors.joining(", ")),
                mood));
  }
}
