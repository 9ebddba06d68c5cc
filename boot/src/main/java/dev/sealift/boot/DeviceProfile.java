// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// One kind of device, for all who must know it: the virtual device, the check of an image before
/// it is sent, the model of a link, the tests. Read from a file by [DeviceProfileFile].
///
/// `storage` is where an agent keeps what it remembers, outside the slots; a device without it can
/// have no agent. `vendor` and `deviceClass` are whose devices these are, where the profile says.
public record DeviceProfile(
    String name,
    String board,
    BootConfig boot,
    FlashTimings timings,
    Optional<FlashArea> storage,
    Optional<UUID> vendor,
    Optional<UUID> deviceClass,
    SmpBuffers smp) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// The buffers of the device's SMP server; Zephyr's defaults are 4 of 384 bytes.
  public record SmpBuffers(int size, int count) {
    public static final SmpBuffers ZEPHYR = new SmpBuffers(384, 4);

    private static final int SIZE_MIN = 64;
    private static final int SIZE_MAX = 0xffff;
    private static final int COUNT_MAX = 0xff;

    public SmpBuffers {
      if (size < SIZE_MIN || size > SIZE_MAX || count < 1 || count > COUNT_MAX) {
        throw new IllegalArgumentException(
            "SMP buffers have %d to %d bytes, and there are 1 to %d of them; these are %d of %d"
                .formatted(SIZE_MIN, SIZE_MAX, COUNT_MAX, count, size));
      }
    }
  }

  public DeviceProfile {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a name has letters, digits, dots, dashes and underscores, at most 64, not '%s'"
              .formatted(name));
    }
    storage.ifPresent(area -> requireOutside(area, boot));
  }

  private static void requireOutside(FlashArea storage, BootConfig boot) {
    if (storage.end() > boot.flash().size()) {
      throw new IllegalArgumentException("the storage ends behind the flash");
    }
    for (ImageSlots slots : boot.images()) {
      if (storage.overlaps(slots.primary())
          || slots.secondary().filter(storage::overlaps).isPresent()) {
        throw new IllegalArgumentException("the storage overlaps a slot");
      }
    }
    if (boot.scratch().filter(storage::overlaps).isPresent()) {
      throw new IllegalArgumentException("the storage overlaps the scratch area");
    }
  }

  /// The same device with a bootloader that trusts otherwise.
  public DeviceProfile trusting(Trust trust) {
    return new DeviceProfile(
        name,
        board,
        boot.with(boot.policy().with(trust)),
        timings,
        storage,
        vendor,
        deviceClass,
        smp);
  }

  /// The same for two profiles when a flash filled under one means the same under the other: name,
  /// bootloader, storage. Timings, buffers and remarks are not in it.
  public Bytes digest() {
    return Bytes.ofUtf8("%s %s %s".formatted(name, boot, storage)).sha256();
  }
}
