// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Mode.Retreat;
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
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Terms;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.server.LinkId;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Makes small devices, images and releases for the tests of this room.
final class Workshop {
  static final int SLOT = 0x8000;
  static final int STORAGE = 0x6000;
  static final SecureRandom RANDOM = new SecureRandom();
  static final Surroundings REAL = Surroundings.of(System::nanoTime, RANDOM);

  final LocalKey imageKey = LocalKey.generate(KeyType.ECDSA_P256, RANDOM);
  final CoseKeyPair alice = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final CoseKeyPair bob = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final CoseKeyPair rootKey = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final VendorId vendor = VendorId.ofDomain("acme.example");
  final ClassId lamp = ClassId.of(vendor, "lamp");
  final CoseKeyPair approver = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final CoseKeyPair freshness = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final CoseKeyPair technician = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  final DeploymentId plant = DeploymentId.of("operator.example", "plant");
  final Root root = root(1, Terms.standard(TIME, Terms.Freshness.Mode.OPEN));

  /// When the root was made, in seconds since 1970.
  static final long TIME = 1_790_000_000L;

  /// Two release keys that must both sign, and one key of every other role.
  Root root(long version, Terms terms) {
    return root(version, terms, List.of(Set.of(Role.RELEASE), Set.of(Role.ROOT)));
  }

  Root root(long version, Terms terms, List<Set<Role>> policy) {
    return new Root(
        version,
        1,
        Map.of(
            Role.ROOT, new Root.Grant(1, List.of(0), Optional.empty()),
            Role.RELEASE, new Root.Grant(2, List.of(1, 2), Optional.empty()),
            Role.APPROVE, new Root.Grant(1, List.of(3), Optional.empty()),
            Role.FRESHNESS, new Root.Grant(1, List.of(4), Optional.empty()),
            Role.OPERATE, new Root.Grant(1, List.of(5), Optional.empty())),
        List.of(
            rootKey.publicKey(),
            alice.publicKey(),
            bob.publicKey(),
            approver.publicKey(),
            freshness.publicKey(),
            technician.publicKey()),
        policy,
        terms);
  }

  final BootConfig boot =
      new BootConfig(
          new Mode.SwapMove(),
          new FlashGeometry(2 * SLOT + STORAGE, 4096, 4),
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
          Optional.of(new FlashArea(2 * SLOT, STORAGE)),
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
    return device(factory, setup(trusted), REAL);
  }

  /// One whose self-test never comes to an end: what is new stays on trial.
  VirtualDevice undecided(Image factory) {
    return device(factory, setup(Optional.of(root)), REAL.with(_ -> SelfTest.Result.RUNNING));
  }

  VirtualDevice device(Image factory, DeviceSetup setup, Surroundings surroundings) {
    VirtualDevice device = VirtualDevice.of(setup, surroundings);
    device.flash().lay(0, factory.write());
    device.powerOn();
    return device;
  }

  /// A device of that mode, with room for a scratch area behind its storage.
  VirtualDevice inMode(
      Mode mode,
      PrimaryCheck primaryCheck,
      Image factory,
      Optional<Root> root,
      Surroundings surroundings) {
    BootConfig config =
        new BootConfig(
            mode,
            new FlashGeometry(2 * SLOT + STORAGE + 4096, 4096, 4),
            new FlashArea(0, SLOT),
            new FlashArea(SLOT, SLOT),
            BootConfig.MAX_ALIGN_DEFAULT,
            8,
            BootPolicy.of(new Trust.Signatures(KeyType.ECDSA_P256, List.of(imageKey.publicKey())))
                .with(primaryCheck));
    VirtualDevice device =
        VirtualDevice.of(
            new DeviceSetup(
                new DeviceProfile(
                    "modes",
                    "virtual",
                    config,
                    FlashTimings.UNKNOWN,
                    Optional.of(new FlashArea(2 * SLOT, STORAGE)),
                    Optional.empty(),
                    Optional.empty(),
                    new SmpBuffers(512, 4)),
                vendor,
                lamp,
                root),
            surroundings);
    device.flash().lay(0, factory.write());
    if (mode.equals(new Mode.DirectXip(Retreat.UNLESS_CONFIRMED))) {
      // A factory image of this mode is confirmed by imgtool: magic and image_ok.
      device.flash().lay(SLOT - 16, Bytes.ofHex("77c295f360d2ef7f3552500f2cb67980"));
      device.flash().lay(SLOT - 24, Bytes.ofHex("01"));
    }
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

  Release facts(Image image, long number) {
    return Release.of(
        new Release.Target(vendor, lamp, new SequenceNumber(1, number)),
        SuitVersion.of(1, 0, image.version().revision()),
        List.of(
            Release.Part.of(
                Place.ofImage(0),
                image.write(),
                SuitDigest.sha256(image.hash().orElseThrow()),
                1)));
  }

  Bundle release(Image image, long number) {
    return Bundle.of(facts(image, number));
  }

  Bundle signed(Image image, long number) {
    return signed(facts(image, number));
  }

  Bundle signed(Release release) {
    try {
      return Bundle.of(release).signedBy(alice).signedBy(bob);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static SuitDigest digest(Bundle bundle) {
    try {
      return switch (bundle.openEnvelope().digest()) {
        case SuitOutcome.Accepted<SuitDigest>(var digest) -> digest;
        case SuitOutcome.Refused<SuitDigest> refused -> throw new AssertionError(refused);
      };
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static UpdateMaterial material(Bundle bundle, Bytes... files) {
    ReleaseFile file = ReleaseFile.of(bundle, List.of(files));
    if (!(file.judge() instanceof ReleaseFile.Judgement.Consistent(var release))) {
      throw new AssertionError(file.judge());
    }
    return UpdateMaterial.of(file, release, digest(bundle));
  }

  UpdateMaterial material(Image image, Bundle bundle) {
    return material(bundle, image.write());
  }

  /// The same update with other bytes for the image.
  static UpdateMaterial poisoned(UpdateMaterial genuine, Bytes bytes) {
    UpdateMaterial.Piece piece = genuine.main();
    return new UpdateMaterial(
        List.of(new UpdateMaterial.Piece(piece.place(), bytes, piece.imageHash(), piece.table())),
        genuine.release());
  }

  static Bytes table(UpdateMaterial material) {
    return material.main().table().orElseThrow();
  }

  /// For a device that runs images where they lie: the same image as the variant for either slot,
  /// as here nothing depends on its address.
  UpdateMaterial variants(Image image, long number) {
    Release one = facts(image, number);
    Release.Part part = one.parts().getFirst();
    Release both =
        new Release(
            one.vendor(),
            one.deviceClass(),
            one.sequence(),
            one.version(),
            List.of(at(Place.ofSlot(0, 0), part), at(Place.ofSlot(0, 1), part)));
    return material(signed(both), image.write(), image.write());
  }

  static Release.Part at(Place place, Release.Part part) {
    return new Release.Part(
        place,
        part.size(),
        part.fileDigest(),
        part.imageHash(),
        part.securityCounter(),
        part.tableDigest());
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
