// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.image.encryption.ContentKeySize;
import java.util.Map;
import java.util.UUID;

/// Something a device expects of an image beyond a genuine signature. Versions compare without the
/// build number, as in the bootloader.
public sealed interface Expectation {
  /// Image and trailer have room in this slot.
  record FitsSlot(SlotLayout slot) implements Expectation {}

  /// The version is this or higher.
  record VersionAtLeast(ImageVersion installed) implements Expectation {}

  /// There is a protected security counter, and it is this or higher.
  record CounterAtLeast(SecurityCounter stored) implements Expectation {}

  /// Every dependency is met by these images of the device, by their numbers.
  record ImagesPresent(Map<Integer, ImageVersion> versions) implements Expectation {
    public ImagesPresent {
      versions = Map.copyOf(versions);
    }
  }

  /// The image names this vendor.
  record VendorIs(UUID vendor) implements Expectation {}

  /// The image names this class of devices.
  record DeviceClassIs(UUID deviceClass) implements Expectation {}

  /// An image built for one address is built for this one, that of the slot.
  record RunsAt(long address) implements Expectation {}

  /// The image is to be copied to RAM, all of it within this range.
  record LoadsWithin(AddressRange ram) implements Expectation {}

  /// The reset vector of a Cortex-M image, the second word of its payload, points into this range.
  record ResetsWithin(AddressRange flash) implements Expectation {}

  /// The device's bootloader is built for content keys of this size, should the image have one.
  record ContentKeyIs(ContentKeySize size) implements Expectation {}

  /// Addresses from `start`, `size` of them.
  record AddressRange(long start, long size) {
    public AddressRange {
      if (start < 0 || size < 0 || start + size > 0x1_0000_0000L) {
        throw new IllegalArgumentException("no range of 32-bit addresses");
      }
    }

    boolean contains(long first, long count) {
      return first >= start && count <= size && first - start <= size - count;
    }
  }
}
