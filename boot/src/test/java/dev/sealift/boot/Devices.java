// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import dev.sealift.image.Image;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.Tlv;
import dev.sealift.image.TlvArea;
import dev.sealift.image.TlvType;
import dev.sealift.image.encryption.ContentKey;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.KeyEncryptionKey;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.List;
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

  /// Writes, erases, counter raises and refusals.
  static List<Integer> calls(Flash flash) {
    FlashUse use = flash.use();
    return List.of(use.writes(), use.erases(), use.counterRaises(), use.refusals());
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

  /// An image as it runs and as it travels: encrypted where the device decrypts.
  record Sealed(Bytes plain, Bytes sealed) {}

  /// Bytes that an image made here has beside its payload, at most.
  static final int OVERHEAD_MAX = ImageHeader.SIZE + 4 + 4 + 32 + 4 + 24 + 16;

  private static final KeyEncryptionKey DEVICE_KEY =
      KeyEncryptionKey.of(Secret.of(Bytes.ofUtf8("test key, public").toArray()));

  static Decryption.With decrypting(Decryption.Kept kept) {
    return new Decryption.With(DEVICE_KEY, EncryptionScheme.AES_KW, ContentKeySize.AES_128, kept);
  }

  static Sealed image(String version, int payloadSize, boolean isSealed) {
    if (!isSealed) {
      Bytes image = image(version, payloadSize);
      return new Sealed(image, image);
    }
    int padded = Math.ceilDiv(payloadSize, 16) * 16;
    byte[] payload = new byte[padded];
    new SplittableRandom(version.hashCode() * 31L + payloadSize).nextBytes(payload);
    ContentKey key = ContentKey.ofRaw(Bytes.ofUtf8("content " + version + "   ").first(16));
    ImageHeader header =
        new ImageHeader(
            ByteOrder.LITTLE_ENDIAN,
            0,
            ImageHeader.SIZE,
            0,
            padded,
            ImageFlag.ENCRYPTED_AES128.mask(),
            number(version),
            0);
    Bytes plain = Bytes.owning(payload);
    TlvArea tlvs =
        TlvArea.of(
            Tlv.of(TlvType.SHA256.code(), header.write().plus(plain).sha256()),
            Tlv.of(TlvType.ENC_KW.code(), DEVICE_KEY.wrap(EncryptionScheme.AES_KW, key, NO_DICE)));
    return new Sealed(
        new Image(header, Bytes.EMPTY, plain, Optional.empty(), tlvs, Bytes.EMPTY).write(),
        new Image(header, Bytes.EMPTY, key.apply(plain, 0), Optional.empty(), tlvs, Bytes.EMPTY)
            .write());
  }

  /// Key wrap asks for none.
  private static final SecureRandom NO_DICE = new SecureRandom();

  private static ImageVersion number(String version) {
    String[] parts = version.split("\\.", -1);
    return ImageVersion.of(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /// Unsigned, with its hash; the payload depends on version and size alone.
  private static Bytes image(String version, int size, Optional<SecurityCounter> counter) {
    return counter
        .map(
            value ->
                image(
                    version,
                    size,
                    0,
                    0,
                    Tlv.of(
                        TlvType.SEC_CNT.code(),
                        new ByteWriter(ByteOrder.LITTLE_ENDIAN).u32(value.value()).toBytes())))
        .orElseGet(() -> image(version, size, 0, 0));
  }

  /// With these flags, this load address, and these TLVs in the protected area.
  static Bytes image(String version, int size, long flags, long address, Tlv... guarded) {
    byte[] payload = new byte[size];
    new SplittableRandom(version.hashCode() * 31L + size).nextBytes(payload);
    Optional<TlvArea> area =
        guarded.length == 0 ? Optional.empty() : Optional.of(TlvArea.of(guarded));
    ImageHeader header =
        new ImageHeader(
            ByteOrder.LITTLE_ENDIAN,
            address,
            ImageHeader.SIZE,
            area.map(TlvArea::size).orElse(0),
            size,
            flags,
            number(version),
            0);
    Image unhashed =
        new Image(header, Bytes.EMPTY, Bytes.owning(payload), area, TlvArea.of(), Bytes.EMPTY);
    Bytes written = unhashed.write();
    Bytes covered = written.first(written.size() - TlvArea.HEAD_SIZE);
    TlvArea hash = TlvArea.of(Tlv.of(TlvType.SHA256.code(), covered.sha256()));
    return new Image(header, Bytes.EMPTY, Bytes.owning(payload), area, hash, Bytes.EMPTY).write();
  }
}
