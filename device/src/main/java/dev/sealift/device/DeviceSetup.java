// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.Mode;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Root;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.SmpServer;
import java.util.Optional;

/// What a device is made of. Without a root it has no agent and behaves as an ordinary Zephyr
/// device; with one its profile has room for what the agent remembers.
public record DeviceSetup(
    DeviceProfile profile, VendorId vendor, ClassId deviceClass, Optional<Root> root) {
  public DeviceSetup {
    if (root.isPresent()) {
      int needed = TrustStore.sizeNeeded(profile.boot().flash());
      int size = profile.storage().map(FlashArea::size).orElse(0);
      if (size < needed) {
        throw new IllegalArgumentException(
            "the agent needs %d bytes of storage, there are %d".formatted(needed, size));
      }
    }
  }

  public BootConfig boot() {
    return profile.boot();
  }

  /// Where the agent keeps what it remembers.
  public FlashArea storage() {
    return profile
        .storage()
        .orElseThrow(() -> new IllegalStateException("a device without storage has no agent"));
  }

  /// What its SMP server says of itself.
  public SmpServer.Setup smp() {
    return new SmpServer.Setup(
        profile.smp().size(), profile.smp().count(), "Zephyr (virtual)", "MCUboot", modeNumber());
  }

  /// MCUboot's own numbering, which the command "bootloader info" speaks.
  private long modeNumber() {
    return switch (boot().mode()) {
      case Mode.SingleSlot _ -> 0;
      case Mode.SwapScratch _ -> 1;
      case Mode.Overwrite _ -> 2;
      case Mode.SwapMove _ -> 3;
      case Mode.DirectXip(var retreat) -> retreat == Mode.Retreat.NONE ? 4 : 5;
      case Mode.RamLoad _ -> 6;
      case Mode.SwapOffset _ -> 9;
    };
  }
}
