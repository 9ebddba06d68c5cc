// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.image.ImageUuid;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.VendorId;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Whose devices and of which class, where a profile may say it too; what is typed wins.
final class KindOptions {
  @Option(
      names = "--vendor",
      paramLabel = "DOMAIN|UUID",
      defaultValue = "",
      description = "the vendor, by domain name or UUID, unless the profile says it")
  private String vendor = "";

  @Option(
      names = "--class",
      paramLabel = "NAME|UUID",
      defaultValue = "",
      description = "the class of devices, by name or UUID, unless the profile says it")
  private String deviceClass = "";

  Optional<VendorId> vendor(Optional<DeviceProfile> profile) {
    return vendor.isEmpty()
        ? profile.flatMap(DeviceProfile::vendor).map(id -> new VendorId(ImageUuid.write(id)))
        : Optional.of(Identity.vendor(vendor));
  }

  /// A class that is typed by name is named within this vendor.
  Optional<ClassId> deviceClass(Optional<DeviceProfile> profile, VendorId whose) {
    return deviceClass.isEmpty()
        ? profile.flatMap(DeviceProfile::deviceClass).map(id -> new ClassId(ImageUuid.write(id)))
        : Optional.of(Identity.deviceClass(whose, deviceClass));
  }
}
