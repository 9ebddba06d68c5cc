// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Trust;
import dev.sealift.device.Surroundings;
import dev.sealift.image.key.VerifyingKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// The device that the command makes where no profile is given: a part with 4 KiB sectors that is
/// written in words, swap-move, and the buffers of Zephyr's UDP transport.
final class Devices {
  private static final int SECTOR = 4096;
  private static final int ALIGN = 4;

  /// Two records of state and two bundles, each in whole sectors.
  private static final int STORAGE = 8 * SECTOR;

  private static final int BUFFER_SIZE = 2048;

  /// Zephyr's default for UDP is 2; with 4 an upload keeps three requests under way.
  private static final int BUFFER_COUNT = 4;

  private Devices() {}

  static DeviceProfile profile(int slot, VerifyingKey imageKey) {
    return new DeviceProfile(
        "virtual",
        "virtual",
        new BootConfig(
            new Mode.SwapMove(),
            new FlashGeometry(2 * slot + STORAGE, SECTOR, ALIGN),
            new FlashArea(0, slot),
            new FlashArea(slot, slot),
            BootConfig.MAX_ALIGN_DEFAULT,
            slot / SECTOR,
            BootPolicy.of(new Trust.Signatures(imageKey.type(), List.of(imageKey)))),
        FlashTimings.UNKNOWN,
        Optional.of(new FlashArea(2 * slot, STORAGE)),
        Optional.empty(),
        Optional.empty(),
        new SmpBuffers(BUFFER_SIZE, BUFFER_COUNT));
  }

  /// Real time, and dice that nobody can foresee.
  static Surroundings surroundings() {
    return Surroundings.of(System::nanoTime, new SecureRandom());
  }
}
