// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.Tlv;
import dev.sealift.image.TlvArea;
import dev.sealift.image.TlvType;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.SplittableRandom;

/// Small devices and images for tests.
final class Devices {
  static final BootConfig SMALL = move(16, 1024, 4, BootPolicy.of(new Trust.HashOnly()));

  private Devices() {}

  static BootConfig move(int sectors, int sectorSize, int align, BootPolicy policy) {
    int slot = sectors * sectorSize;
    return new BootConfig(
        new Mode.SwapMove(),
        new FlashGeometry(2 * slot, sectorSize, align),
        new FlashArea(0, slot),
        new FlashArea(slot, slot),
        Math.max(align, BootConfig.MAX_ALIGN_DEFAULT),
        sectors,
        policy);
  }

  static BootConfig with(BootConfig config, BootPolicy policy) {
    return new BootConfig(
        config.mode(),
        config.flash(),
        config.primary(),
        config.secondary(),
        config.maxAlign(),
        config.maxSectors(),
        policy);
  }

  /// With both images in their slots and nothing asked for.
  static Flash holding(BootConfig config, Bytes primary, Bytes secondary) {
    Flash flash = new Flash(config.flash());
    flash.lay(config.primary().start(), primary);
    flash.lay(config.secondary().start(), secondary);
    return flash;
  }

  static boolean holds(Flash flash, FlashArea area, Bytes image) {
    return flash.read(area.start(), image.size()).equals(image);
  }

  static Bytes image(String version, int payloadSize) {
    return image(version, payloadSize, Optional.empty());
  }

  static Bytes image(String version, int payloadSize, SecurityCounter counter) {
    return image(version, payloadSize, Optional.of(counter));
  }

  /// Unsigned, with its hash; the payload depends on version and size alone.
  private static Bytes image(String version, int size, Optional<SecurityCounter> counter) {
    String[] parts = version.split("\\.", -1);
    ImageVersion number =
        ImageVersion.of(
            Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    byte[] payload = new byte[size];
    new SplittableRandom(version.hashCode() * 31L + size).nextBytes(payload);
    Optional<TlvArea> guarded =
        counter.map(
            value ->
                TlvArea.of(
                    Tlv.of(
                        TlvType.SEC_CNT.code(),
                        new ByteWriter(ByteOrder.LITTLE_ENDIAN).u32(value.value()).toBytes())));
    ImageHeader header =
        new ImageHeader(
            ByteOrder.LITTLE_ENDIAN,
            0,
            ImageHeader.SIZE,
            guarded.map(TlvArea::size).orElse(0),
            size,
            0,
            number,
            0);
    Image unhashed =
        new Image(header, Bytes.EMPTY, Bytes.owning(payload), guarded, TlvArea.of(), Bytes.EMPTY);
    Bytes written = unhashed.write();
    Bytes covered = written.first(written.size() - TlvArea.HEAD_SIZE);
    TlvArea hash = TlvArea.of(Tlv.of(TlvType.SHA256.code(), covered.sha256()));
    return new Image(header, Bytes.EMPTY, Bytes.owning(payload), guarded, hash, Bytes.EMPTY)
        .write();
  }
}
