// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Expectation;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVerdict;
import dev.sealift.image.ImageVerifier;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.VerifiedImage.Secrecy;
import dev.sealift.image.encryption.DecryptionKey;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One image judged twice for one device: by the verifier, which is told what the device expects,
/// and by the bootloader on it.
record Judged(String name, Bytes file, Device device, ImageVerdict verifier, Start bootloader) {
  /// What the bootloader did: empty when the image was started.
  record Start(Optional<String> refusal) {}

  /// A device with what it runs and remembers. `others` are its further images by their numbers.
  record Device(
      BootConfig config,
      Optional<SecurityCounter> counter,
      Optional<ImageVersion> installed,
      Map<Integer, ImageVersion> others,
      List<Expectation> more) {
    Device(BootConfig config, Optional<SecurityCounter> counter) {
      this(config, counter, Optional.empty(), Map.of(), List.of());
    }

    BootPolicy policy() {
      return config.policy();
    }

    List<DecryptionKey> keys() {
      return policy().decryption() instanceof Decryption.With with
          ? List.of(with.key())
          : List.of();
    }

    dev.sealift.image.Trust trust() {
      return switch (policy().trust()) {
        case Trust.HashOnly _ -> new dev.sealift.image.Trust.HashOnly();
        case Trust.Signatures signatures -> new dev.sealift.image.Trust.Keys(signatures.keys());
      };
    }

    List<Expectation> expectations(Bytes file) {
      List<Expectation> all = new ArrayList<>(more);
      all.add(new Expectation.FitsSlot(config.layout(0)));
      installed.ifPresent(version -> all.add(new Expectation.VersionAtLeast(version)));
      counter.ifPresent(stored -> all.add(new Expectation.CounterAtLeast(stored)));
      if (!others.isEmpty()) {
        all.add(new Expectation.ImagesPresent(others));
      }
      policy().vendor().ifPresent(id -> all.add(new Expectation.VendorIs(uuid(id))));
      policy().imageClass().ifPresent(id -> all.add(new Expectation.DeviceClassIs(uuid(id))));
      if (policy().decryption() instanceof Decryption.With with) {
        all.add(new Expectation.ContentKeyIs(with.size()));
      }
      switch (config.mode()) {
        case Mode.RamLoad(_, FlashArea ram) ->
            all.add(
                new Expectation.LoadsWithin(new Expectation.AddressRange(ram.start(), ram.size())));
        case Mode.DirectXip _ -> all.add(new Expectation.RunsAt(address(file)));
        default -> {}
      }
      return all;
    }

    /// Of the slot that suits the image, where one does.
    private long address(Bytes file) {
      long secondary = config.secondary().start();
      try {
        return ImageHeader.read(file).loadAddress() == secondary
            ? secondary
            : config.primary().start();
      } catch (MalformedException _) {
        return secondary;
      }
    }

    private static UUID uuid(Bytes id) {
      long high = Long.parseUnsignedLong(id.first(8).toHex(), 16);
      return new UUID(high, Long.parseUnsignedLong(id.from(8).toHex(), 16));
    }
  }

  static Judged of(String name, Bytes file, Device device) {
    ImageVerdict verdict =
        ImageVerifier.verify(file, device.trust(), device.keys(), device.expectations(file));
    // An encrypted image in clear is for the primary slot: the question is whether it starts there.
    boolean isClear =
        verdict instanceof ImageVerdict.Verified(var image)
            && image.secrecy() == Secrecy.ENCRYPTED_IN_CLEAR;
    Optional<String> refusal =
        isClear
            ? fromPrimary(file, device)
            : device.others().isEmpty() ? alone(file, device) : amongOthers(file, device);
    return new Judged(name, file, device, verdict, new Start(refusal));
  }

  boolean verifierAccepts() {
    return verifier instanceof ImageVerdict.Verified;
  }

  boolean bootloaderAccepts() {
    return bootloader.refusal().isEmpty();
  }

  boolean agree() {
    return verifierAccepts() == bootloaderAccepts();
  }

  @Override
  public String toString() {
    return "%s on %s: verifier %s, bootloader %s"
        .formatted(
            name,
            device.config().mode().getClass().getSimpleName(),
            switch (verifier) {
              case ImageVerdict.Verified _ -> "accepts";
              case ImageVerdict.Refused(var reason, var sentence, _) -> reason + " " + sentence;
            },
            bootloader.refusal().orElse("accepts"));
  }

  private static Optional<String> alone(Bytes file, Device device) {
    Optional<Bytes> installed = device.installed().map(version -> at(version, file));
    return switch (Rehearsal.of(
        device.config(), 0, file, installed, device.counter().orElse(SecurityCounter.ZERO))) {
      case Rehearsal.Verdict.Taken(FlashUse use) ->
          device.config().mode() instanceof Mode.Swap && use.erases() == 0
              ? Optional.of("not-looked-at")
              : Optional.empty();
      case Rehearsal.Verdict.Refused(var code, _) -> Optional.of(code);
    };
  }

  /// The same bytes under another version: nobody looks at their signature before they are gone.
  private static Bytes at(ImageVersion version, Bytes file) {
    int offset = 20;
    if (file.size() < ImageHeader.SIZE) {
      return file;
    }
    Bytes changed =
        new ByteWriter(ByteOrder.LITTLE_ENDIAN)
            .u8(version.major())
            .u8(version.minor())
            .u16(version.revision())
            .u32(version.build())
            .toBytes();
    return Bytes.concat(file.first(offset), changed, file.from(offset + changed.size()));
  }

  private static Optional<String> fromPrimary(Bytes file, Device device) {
    if (file.size() > device.config().primary().size()) {
      return Optional.of("too-large-for-slot");
    }
    Flash flash = new Flash(device.config().flash());
    flash.lay(device.config().primary().start(), file);
    return refusal(device.config(), flash);
  }

  /// Image 0 is to be updated; the others run at the versions the device has them.
  private static Optional<String> amongOthers(Bytes file, Device device) {
    BootConfig one = device.config();
    int count = device.others().keySet().stream().mapToInt(n -> n + 1).max().orElseThrow();
    int slot = one.primary().size();
    List<ImageSlots> slots = new ArrayList<>();
    for (int image = 0; image < count; image++) {
      slots.add(
          new ImageSlots(
              new FlashArea(2 * image * slot, slot), new FlashArea((2 * image + 1) * slot, slot)));
    }
    BootConfig config =
        new BootConfig(
            new Mode.SwapMove(),
            new FlashGeometry(2 * count * slot, one.flash().sectorSize(), one.flash().writeAlign()),
            slots,
            one.maxAlign(),
            one.maxSectors(),
            one.policy().with(BootPolicy.PrimaryCheck.MAGIC_ONLY));
    Flash flash = new Flash(config.flash());
    for (int image = 0; image < count; image++) {
      ImageVersion version = device.others().getOrDefault(image, ImageVersion.of(0, 0, 0));
      flash.lay(config.area(image, Slot.PRIMARY).start(), at(version, file));
    }
    flash.lay(config.secondary().start(), file);
    new ImageMarks(config, 0).test(flash);
    return refusal(config, flash);
  }

  private static Optional<String> refusal(BootConfig config, Flash flash) {
    flash.powerUp();
    BootResult result = new Bootloader(config).boot(flash);
    if (result.refused().isPresent()) {
      return Optional.of(result.refused().get().name());
    }
    return switch (result.outcome()) {
      case BootOutcome.Booted _ -> Optional.empty();
      case BootOutcome.Refused(var reason) -> Optional.of(reason.name());
      case BootOutcome.Halted(var why) -> Optional.of(why);
      case BootOutcome.PowerLost() -> throw new IllegalStateException("nothing cuts the power");
    };
  }
}
