// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.Bootloader;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVerdict;
import dev.sealift.image.ImageVerifier;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SigningKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is measured: the bootloader's model on a device with slots of 512 KiB, 4 KiB sectors and a
/// write unit of 4 bytes, and images. Everything is signed with ECDSA P-256, the common case.
public final class Subjects {
  private static final int KIB = 1024;
  private static final int SLOT_SIZE = 512 * KIB;
  private static final int SECTOR_SIZE = 4 * KIB;
  private static final int SCRATCH_SIZE = 8 * SECTOR_SIZE;
  private static final int HEADER_SIZE = 512;

  /// With header and signature a little more than 480 KiB.
  private static final int BOOT_PAYLOAD_SIZE = 480 * KIB - HEADER_SIZE;

  private static final int IMAGE_PAYLOAD_SIZE = 300 * KIB - HEADER_SIZE;

  private static final Duration BOOT_AIM = Duration.ofMillis(4);
  private static final Duration SWAP_AIM = Duration.ofMillis(15);

  private static final ImageVersion OLD = ImageVersion.of(1, 0, 0);
  private static final ImageVersion NEW = ImageVersion.of(1, 1, 0);

  private final SecureRandom random;
  private final SigningKey key;

  private Subjects(SecureRandom random) {
    this.random = random;
    this.key = LocalKey.generate(KeyType.ECDSA_P256, random).signing(random);
  }

  /// All subjects, their keys and payloads rolled with `random`.
  public static List<Subject> all(SecureRandom random) {
    Subjects subjects = new Subjects(random);
    FlashArea scratch = new FlashArea(2 * SLOT_SIZE, SCRATCH_SIZE);
    return List.of(
        subjects.boot(),
        subjects.swap("swap-move", new Mode.SwapMove()),
        subjects.swap("swap-offset", new Mode.SwapOffset()),
        subjects.swap("swap-scratch", new Mode.SwapScratch(scratch)),
        subjects.swap("overwrite", new Mode.Overwrite(Mode.Extent.USED_SECTORS)),
        subjects.sign(),
        subjects.verify(),
        new PermitSubjects(random).bundleCheck(),
        new PermitSubjects(random).uploadThroughGate());
  }

  private Subject boot() {
    Device device = device(new Mode.SwapMove());
    Bytes image = image(OLD, BOOT_PAYLOAD_SIZE);
    Flash flash = new Flash(device.config().flash());
    flash.lay(device.config().primary().start(), image);
    PlainWork plain = new PlainWork(image, random);
    return new Subject(
        "boot",
        "one boot of a 480 KiB image, wholly checked, nothing asked for",
        Optional.of(BOOT_AIM),
        new Task(flash::powerUp, () -> device.boot(flash, OLD)),
        new Subject.Yardstick(
            "SHA-256 over the image and one signature check", Task.of(plain::hashAndCheck)));
  }

  private Subject swap(String name, Mode mode) {
    Device device = device(mode);
    Bytes fresh = image(NEW, BOOT_PAYLOAD_SIZE);
    Flash flash = new Flash(device.config().flash());
    flash.lay(device.config().primary().start(), image(OLD, BOOT_PAYLOAD_SIZE));
    flash.lay(device.config().secondary().start() + device.config().uploadOffset(), fresh);
    new ImageMarks(device.config()).test(flash);
    FlashSnapshot start = flash.snapshot();
    PlainWork plain = new PlainWork(fresh, random);
    return new Subject(
        name,
        "the boot that brings a 480 KiB image over another one",
        Optional.of(SWAP_AIM),
        new Task(
            () -> {
              flash.restore(start);
              flash.powerUp();
            },
            () -> device.boot(flash, NEW)),
        new Subject.Yardstick(
            "two of SHA-256 over the image, signature check and copy of the image",
            Task.of(
                () -> {
                  plain.hashAndCheck();
                  plain.copy();
                  plain.hashAndCheck();
                  return plain.copy();
                })));
  }

  private Subject sign() {
    Bytes payload = payload(IMAGE_PAYLOAD_SIZE);
    PlainWork plain = new PlainWork(payload, random);
    return new Subject(
        "image-sign",
        "a 300 KiB image made and signed, its signature checked",
        Optional.empty(),
        Task.of(() -> signed(NEW, payload)),
        new Subject.Yardstick(
            "SHA-256 over the payload and one signature", Task.of(plain::hashAndSign)));
  }

  private Subject verify() {
    Bytes image = image(NEW, IMAGE_PAYLOAD_SIZE);
    dev.sealift.image.Trust trust = new dev.sealift.image.Trust.Keys(List.of(key.publicKey()));
    PlainWork plain = new PlainWork(image, random);
    return new Subject(
        "image-verify",
        "a 300 KiB image verified",
        Optional.empty(),
        Task.of(
            () ->
                switch (ImageVerifier.verify(image, trust, List.of(), List.of())) {
                  case ImageVerdict.Verified verified -> verified;
                  case ImageVerdict.Refused refused ->
                      throw new IllegalStateException("" + refused);
                }),
        new Subject.Yardstick(
            "SHA-256 over the image and one signature check", Task.of(plain::hashAndCheck)));
  }

  private record Device(BootConfig config, Bootloader bootloader) {
    BootResult boot(Flash flash, ImageVersion expected) {
      BootResult result = bootloader.boot(flash);
      if (!result.outcome().equals(new BootOutcome.Booted(Slot.PRIMARY, expected))) {
        throw new IllegalStateException("a boot ended with " + result);
      }
      return result;
    }
  }

  private Device device(Mode mode) {
    BootConfig config =
        new BootConfig(
            mode,
            new FlashGeometry(2 * SLOT_SIZE + SCRATCH_SIZE, SECTOR_SIZE, 4),
            new FlashArea(0, SLOT_SIZE),
            new FlashArea(SLOT_SIZE, SLOT_SIZE),
            BootConfig.MAX_ALIGN_DEFAULT,
            SLOT_SIZE / SECTOR_SIZE,
            BootPolicy.of(
                new dev.sealift.boot.Trust.Signatures(
                    KeyType.ECDSA_P256, List.of(key.publicKey()))));
    return new Device(config, new Bootloader(config));
  }

  private Bytes image(ImageVersion version, int payloadSize) {
    return signed(version, payload(payloadSize));
  }

  private Bytes payload(int size) {
    byte[] payload = new byte[size];
    random.nextBytes(payload);
    return Bytes.owning(payload);
  }

  private Bytes signed(ImageVersion version, Bytes payload) {
    try {
      return ImageSigner.sign(
              payload,
              SignOptions.of(
                  version,
                  new SignOptions.HeaderRoom(HEADER_SIZE, SignOptions.Source.PREPENDED),
                  SlotLayout.swap(SLOT_SIZE, 4)),
              key)
          .write();
    } catch (SigningException e) {
      throw new IllegalStateException("our own image cannot be signed", e);
    }
  }
}
