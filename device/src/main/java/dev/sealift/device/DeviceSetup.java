// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.FlashArea;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Root;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.SmpServer;
import java.util.Optional;

/// What a device is made of. Without a root it has no agent and behaves as an ordinary Zephyr
/// device. `storage` is where the agent keeps its state, outside the slots.
public record DeviceSetup(
    BootConfig profile,
    FlashArea storage,
    VendorId vendor,
    ClassId deviceClass,
    Optional<Root> root,
    SmpServer.Setup smp) {
  public DeviceSetup {
    if (storage.overlaps(profile.primary()) || storage.overlaps(profile.secondary())) {
      throw new IllegalArgumentException("the agent's storage overlaps a slot");
    }
    if (storage.size() < TrustStore.sizeNeeded(profile.flash())) {
      throw new IllegalArgumentException(
          "the agent needs %d bytes of storage, there are %d"
              .formatted(TrustStore.sizeNeeded(profile.flash()), storage.size()));
    }
  }
}
