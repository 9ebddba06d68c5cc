// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.LinkId;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.SuitVersion;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Makes small devices, images and releases for the tests of this room.
final class Workshop {
  static final int SLOT = 0x8000;
  static final SecureRandom RANDOM = new SecureRandom();

  final LocalKey imageKey = LocalKey.generate(KeyType.ECDSA_P256, RANDOM);
  final CoseKeyPair alice = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final CoseKeyPair bob = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final CoseKeyPair rootKey = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final VendorId vendor = VendorId.ofDomain("acme.example");
  final ClassId lamp = ClassId.of(vendor, "lamp");
  final Root root =
      new Root(
          1,
          1,
          java.util.Map.of(
              dev.sealift.permit.Role.RELEASE, new Root.Grant(2, List.of(0, 1), Optional.empty())),
          List.of(alice.publicKey(), bob.publicKey()),
          List.of(java.util.Set.of(dev.sealift.permit.Role.RELEASE)));

  final BootConfig boot =
      new BootConfig(
          new Mode.SwapMove(),
          new FlashGeometry(2 * SLOT + 0x4000, 4096, 4),
          new FlashArea(0, SLOT),
          new FlashArea(SLOT, SLOT),
          BootConfig.MAX_ALIGN_DEFAULT,
          8,
          BootPolicy.of(new Trust.Signatures(KeyType.ECDSA_P256, List.of(imageKey.publicKey()))));

  final DeviceProfile profile =
      new DeviceProfile(
          "workshop",
          "virtual",
          boot,
          FlashTimings.UNKNOWN,
          Optional.of(new FlashArea(2 * SLOT, 0x4000)),
          Optional.empty(),
          Optional.empty(),
          new SmpBuffers(512, 4));

  DeviceSetup setup(Optional<Root> trusted) {
    return new DeviceSetup(profile, vendor, lamp, trusted);
  }

  VirtualDevice device(Image factory) {
    return device(factory, Optional.of(root));
  }

  VirtualDevice device(Image factory, Optional<Root> trusted) {
    VirtualDevice device = VirtualDevice.of(setup(trusted));
    device.flash().lay(0, factory.write());
    device.powerOn();
    return device;
  }

  Image image(int revision, int size) {
    byte[] body = new byte[size];
    new SplittableRandom(revision).nextBytes(body);
    try {
      return ImageSigner.sign(
          Bytes.owning(body),
          SignOptions.of(
                  ImageVersion.of(1, 0, revision),
                  new SignOptions.HeaderRoom(512, SignOptions.Source.PREPENDED),
                  SlotLayout.swap(SLOT, 4))
              .toBuilder()
              .protectedData(
                  new SignOptions.Protected(
                      new SignOptions.Counter.Is(new SecurityCounter(1)),
                      Optional.empty(),
                      List.of(),
                      Optional.empty(),
                      Optional.empty(),
                      java.util.OptionalLong.empty(),
                      List.of()))
              .build(),
          imageKey.signing(RANDOM));
    } catch (SigningException e) {
      throw new AssertionError(e);
    }
  }

  Bundle release(Image image, long number) {
    Bytes file = image.write();
    return Bundle.of(
        Release.of(
            file,
            new Release.ImageFacts(
                SuitDigest.sha256(image.hash().orElseThrow()),
                1,
                SuitVersion.of(1, 0, image.version().revision())),
            new Release.Target(vendor, lamp, 0, new SequenceNumber(1, number))));
  }

  Bundle signed(Image image, long number) {
    try {
      return release(image, number).signedBy(alice).signedBy(bob);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  UpdateMaterial material(Image image, Bundle bundle) {
    try {
      ReleaseFile file = ReleaseFile.of(bundle, image.write());
      return switch (bundle.openEnvelope().digest()) {
        case SuitOutcome.Accepted<SuitDigest>(var digest) ->
            UpdateMaterial.of(file, image.hash().orElseThrow(), digest.value());
        case SuitOutcome.Refused<SuitDigest> refused -> throw new AssertionError(refused);
      };
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  UpdateMaterial material(Image image, long number) {
    return material(image, signed(image, number));
  }

  static SmpClient client(VirtualDevice device) {
    long[] now = {0};
    // Time passes by itself: each look at the clock is a millisecond.
    return new SmpClient(
        new MemoryLink(new LinkId("laptop"), device::receive), () -> now[0] += 1_000_000);
  }

  static UpdateResult update(VirtualDevice device, UpdateMaterial material, Wanted.Ending ending)
      throws IOException {
    return new Updater(client(device), material, _ -> {}, _ -> {}).run(ending);
  }
}
