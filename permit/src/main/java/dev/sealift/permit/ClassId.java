// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.NamedUuid;

/// Which of a vendor's devices: those that can run the same firmware.
public record ClassId(Bytes bytes) {
  public ClassId {
    Uuid.requireSize(bytes);
  }

  public static ClassId of(VendorId vendor, String name) {
    return new ClassId(NamedUuid.of(vendor.bytes(), name));
  }

  public static ClassId parse(String uuid) {
    return new ClassId(Uuid.parse(uuid));
  }

  /// The short form that unsigned hints and beacons use.
  public Bytes tag() {
    return bytes.first(TAG_BYTES);
  }

  public static final int TAG_BYTES = 8;

  @Override
  public String toString() {
    return Uuid.format(bytes);
  }
}
