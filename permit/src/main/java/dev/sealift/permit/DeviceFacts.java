// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a device knows of itself without trusting anyone. `slotBytes` says, for each component it
/// takes, how many bytes of image its slot holds (trailer left out). `runningSequence` is what the
/// running image says of itself in a protected field: a floor that no erased storage lowers.
public record DeviceFacts(
    VendorId vendor,
    ClassId deviceClass,
    SortedMap<Integer, Long> slotBytes,
    long securityCounter,
    Optional<SequenceNumber> runningSequence,
    int bundleBytesMax) {
  public DeviceFacts {
    slotBytes = Collections.unmodifiableSortedMap(new TreeMap<>(slotBytes));
  }

  /// A device with one slot for component 0 and the usual limits.
  public static DeviceFacts of(
      VendorId vendor, ClassId deviceClass, long slotBytes, long securityCounter) {
    return new DeviceFacts(
        vendor,
        deviceClass,
        new TreeMap<>(java.util.Map.of(0, slotBytes)),
        securityCounter,
        Optional.empty(),
        Bundle.BYTES_MAX);
  }

  Optional<Long> slotBytes(int component) {
    return Optional.ofNullable(slotBytes.get(component));
  }
}
