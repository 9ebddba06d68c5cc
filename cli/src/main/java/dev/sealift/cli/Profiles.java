// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfileFile;
import dev.sealift.boot.Mode;
import dev.sealift.boot.ShippedProfiles;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.MalformedException;
import java.nio.file.Path;

/// Device profiles as a person names them: one that comes along, or a file.
final class Profiles {
  private Profiles() {}

  static DeviceProfile read(String nameOrFile) {
    if (ShippedProfiles.names().contains(nameOrFile)) {
      return ShippedProfiles.profile(nameOrFile);
    }
    Path file = Path.of(nameOrFile);
    if (!java.nio.file.Files.exists(file)) {
      throw Failure.world(
              "no profile %s: no such file, and none of that name comes along (%s)"
                  .formatted(nameOrFile, String.join(", ", ShippedProfiles.names())))
          .hint("'sealift virtual profiles NAME' prints one to start from");
    }
    try {
      return DeviceProfileFile.read(
          Files.readText(file), key -> Files.readText(file.resolveSibling(key)));
    } catch (MalformedException e) {
      throw Failure.refused("the profile %s: %s".formatted(file, e.getMessage()));
    }
  }

  /// In a line: mode, slot, what it trusts.
  static String words(DeviceProfile profile) {
    return "%s, %s, %d KiB for an image%s"
        .formatted(
            profile.board(),
            mode(profile.boot().mode()),
            profile.boot().imageSizeMax() / 1024,
            profile.boot().images().size() == 1
                ? ""
                : ", %d images".formatted(profile.boot().images().size()));
  }

  static String mode(Mode mode) {
    return switch (mode) {
      case Mode.SwapScratch _ -> "swap with scratch";
      case Mode.SwapMove _ -> "swap by move";
      case Mode.SwapOffset _ -> "swap by offset";
      case Mode.Overwrite _ -> "overwrite";
      case Mode.DirectXip _ -> "direct-XIP";
      case Mode.RamLoad _ -> "RAM load";
      case Mode.SingleSlot _ -> "a single slot";
    };
  }

  static boolean checksHashesOnly(DeviceProfile profile) {
    return profile.boot().policy().trust() instanceof Trust.HashOnly;
  }
}
