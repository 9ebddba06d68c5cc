// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.NamedUuid;

/// One device: a UUID made from its vendor and its serial number.
public record DeviceId(Bytes bytes) {
  public DeviceId {
    Uuid.requireSize(bytes);
  }

  public static DeviceId of(VendorId vendor, String serial) {
    return new DeviceId(NamedUuid.of(vendor.bytes(), serial));
  }

  public static DeviceId parse(String uuid) {
    return new DeviceId(Uuid.parse(uuid));
  }

  @Override
  public String toString() {
    return Uuid.format(bytes);
  }
}
