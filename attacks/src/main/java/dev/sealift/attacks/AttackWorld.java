// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Slot;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.Image;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Check;
import dev.sealift.permit.Checks;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Release;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.VendorId;
import dev.sealift.permit.control.LeftOut;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.SuitVersion;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.update.UpdateMaterial;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// One maker, one kind of device, and everything that attacks need of both sides: the maker's
/// releases, and what others make who do not have the maker's keys. Made once, used by all rows.
public final class AttackWorld {
  /// An image and what goes with it, as one would put it on a web page.
  public record Edition(Image image, UpdateMaterial material) {
    public Bytes file() {
      return material.image();
    }

    public Bytes hash() {
      return material.imageHash();
    }

    UpdateMaterial.Sealed release() {
      return material
          .release()
          .orElseThrow(() -> new IllegalStateException("every edition here has a release"));
    }

    @Override
    public String toString() {
      return image.version().toString();
    }
  }

  private static final int SLOT = 0x8000;
  private static final int STORAGE = 0x4000;
  private static final int SECTOR = 4096;
  private static final int ALIGN = 4;
  private static final int SECTORS_MAX = 8;
  private static final int HEADER = 512;
  private static final long EPOCH = 1;

  private static final int TAIL_BYTES = 1024;

  /// Signatures in DER differ by a few bytes in size; a file of a given size is soon found.
  private static final int SIZE_TRIES_MAX = 64;

  private final SecureRandom random;
  private final VendorId vendor = VendorId.ofDomain("acme.example");
  private final ClassId deviceClass = ClassId.of(vendor, "lamp");
  private final LocalKey imageKey;
  private final Root root;
  private final Image factory;
  private final Edition older;
  private final Edition honest;
  private final Edition next;
  private final Edition foreign;
  private final Edition halfSigned;
  private final Edition lookalike;
  private final Bytes garbage;
  private final Bytes tail;

  public AttackWorld(SecureRandom random) {
    this.random = random;
    imageKey = LocalKey.generate(KeyType.ECDSA_P256, random);
    CoseKeyPair rootKey = releaseKey();
    CoseKeyPair alice = releaseKey();
    CoseKeyPair bob = releaseKey();
    root =
        new Root(
            1,
            EPOCH,
            Map.of(
                Role.ROOT, new Root.Grant(1, List.of(0), Optional.empty()),
                Role.RELEASE, new Root.Grant(2, List.of(1, 2), Optional.empty())),
            List.of(rootKey.publicKey(), alice.publicKey(), bob.publicKey()),
            List.of(Set.of(Role.RELEASE)));
    factory = image(imageKey, new Statement(ImageVersion.of(1, 0, 0), 1, 1), 9_000);
    older = edition(imageKey, new Statement(ImageVersion.of(1, 0, 5), 2, 1), 9_500, alice, bob);
    honest = edition(imageKey, new Statement(ImageVersion.of(1, 1, 0), 3, 2), 10_000, alice, bob);
    next = edition(imageKey, new Statement(ImageVersion.of(1, 2, 0), 4, 2), 11_000, alice, bob);

    LocalKey foreignKey = LocalKey.generate(KeyType.ECDSA_P256, random);
    Statement newest = new Statement(ImageVersion.of(9, 9, 9), 9, 9);
    foreign = edition(foreignKey, newest, 10_000, releaseKey(), releaseKey());
    halfSigned = edition(foreignKey, newest, 10_000, alice);
    lookalike = lookalike(foreignKey, newest);
    garbage =
        honest.file().first(ImageHeader.SIZE).plus(bytes(honest.file().size() - ImageHeader.SIZE));
    tail = bytes(TAIL_BYTES);
  }

  /// What a device left the factory with: 1.0.0.
  public Image factory() {
    return factory;
  }

  /// 1.0.5, by the maker: genuine, and older than [#honest].
  public Edition older() {
    return older;
  }

  /// 1.1.0, by the maker.
  public Edition honest() {
    return honest;
  }

  /// 1.2.0, by the maker.
  public Edition next() {
    return next;
  }

  /// Image and release made by somebody with keys of their own, numbered to look newest.
  public Edition foreign() {
    return foreign;
  }

  /// The same with one genuine signature, of the two that are needed.
  public Edition halfSigned() {
    return halfSigned;
  }

  /// An image by somebody else, of exactly the size of [#honest].
  public Edition lookalike() {
    return lookalike;
  }

  /// The header of [#honest] and then noise, of the same size.
  public Bytes garbage() {
    return garbage;
  }

  /// What somebody would like to see behind an image.
  public Bytes tail() {
    return tail;
  }

  /// A device fresh from the factory, running, with every guard.
  public VirtualDevice device() {
    return device(Set.of());
  }

  /// The same with guards left out, for controls.
  VirtualDevice device(Set<Guard> leftOut) {
    EnumSet<Check> checks = EnumSet.noneOf(Check.class);
    BootPolicy policy =
        BootPolicy.of(new Trust.Signatures(KeyType.ECDSA_P256, List.of(imageKey.publicKey())))
            .with(BootPolicy.Rollback.COUNTER_IN_DEVICE);
    for (Guard guard : leftOut) {
      switch (guard) {
        case Guard.OfAgent(var check) -> checks.add(check);
        case Guard.OfBootloader.IMAGE_SIGNATURE -> policy = withoutSignature(policy);
        case Guard.OfBootloader.COUNTER_IN_DEVICE ->
            policy = policy.with(BootPolicy.Rollback.UNPROTECTED);
      }
    }
    VirtualDevice device = new VirtualDevice(setup(policy), Checks.without(new LeftOut(checks)));
    device.flash().lay(device.setup().boot().area(Slot.PRIMARY).start(), factory.write());
    device.powerOn();
    return device;
  }

  private static BootPolicy withoutSignature(BootPolicy policy) {
    return BootPolicy.of(new Trust.HashOnly()).with(policy.rollback());
  }

  private DeviceSetup setup(BootPolicy policy) {
    return new DeviceSetup(
        new DeviceProfile(
            "attacked",
            "virtual",
            new BootConfig(
                new Mode.SwapMove(),
                new FlashGeometry(2 * SLOT + STORAGE, SECTOR, ALIGN),
                new FlashArea(0, SLOT),
                new FlashArea(SLOT, SLOT),
                BootConfig.MAX_ALIGN_DEFAULT,
                SECTORS_MAX,
                policy),
            FlashTimings.UNKNOWN,
            Optional.of(new FlashArea(2 * SLOT, STORAGE)),
            Optional.empty(),
            Optional.empty(),
            new SmpBuffers(512, 4)),
        vendor,
        deviceClass,
        Optional.of(root));
  }

  private CoseKeyPair releaseKey() {
    return CoseKeyPair.generate(CoseAlgorithm.ESP256, random);
  }

  /// What an image says of itself.
  private record Statement(ImageVersion version, long number, long counter) {
    SequenceNumber sequence() {
      return new SequenceNumber(EPOCH, number);
    }
  }

  private Edition edition(LocalKey key, Statement statement, int size, CoseKeyPair... signers) {
    return sealed(image(key, statement, size), statement, signers);
  }

  private Image image(LocalKey key, Statement statement, int size) {
    try {
      return ImageSigner.sign(
          bytes(size),
          SignOptions.of(
                  statement.version(),
                  new SignOptions.HeaderRoom(HEADER, SignOptions.Source.PREPENDED),
                  SlotLayout.swap(SLOT, ALIGN))
              .toBuilder()
              .protectedData(
                  new SignOptions.Protected(
                      new SignOptions.Counter.Is(new SecurityCounter(statement.counter())),
                      Optional.empty(),
                      List.of(),
                      Optional.empty(),
                      Optional.empty(),
                      OptionalLong.of(statement.sequence().value().longValueExact()),
                      List.of()))
              .build(),
          key.signing(random));
    } catch (SigningException e) {
      throw new IllegalStateException("an image of our own cannot be signed", e);
    }
  }

  private Edition sealed(Image image, Statement statement, CoseKeyPair... signers) {
    Bytes file = image.write();
    Bytes hash =
        image.hash().orElseThrow(() -> new IllegalStateException("a signed image has a hash"));
    Bundle bundle =
        Bundle.of(
            Release.of(
                file,
                new Release.ImageFacts(
                    SuitDigest.sha256(hash), statement.counter(), version(statement.version())),
                new Release.Target(vendor, deviceClass, 0, statement.sequence())));
    try {
      for (CoseKeyPair signer : signers) {
        bundle = bundle.signedBy(signer);
      }
      return switch (bundle.openEnvelope().digest()) {
        case SuitOutcome.Accepted<SuitDigest>(var digest) ->
            new Edition(
                image, UpdateMaterial.of(ReleaseFile.of(bundle, file), hash, digest.value()));
        case SuitOutcome.Refused<SuitDigest>(var refusal) ->
            throw new IllegalStateException(refusal.detail());
      };
    } catch (MalformedException e) {
      throw new IllegalStateException("a bundle of our own cannot be read", e);
    }
  }

  private static SuitVersion version(ImageVersion version) {
    return SuitVersion.of(version.major(), version.minor(), version.revision());
  }

  private Edition lookalike(LocalKey key, Statement statement) {
    int wanted = honest.file().size();
    for (int i = 0; i < SIZE_TRIES_MAX; i++) {
      Image image = image(key, statement, 10_000);
      if (image.write().size() == wanted) {
        return sealed(image, statement, releaseKey(), releaseKey());
      }
    }
    throw new IllegalStateException("no image of %d bytes came out".formatted(wanted));
  }

  private Bytes bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return Bytes.owning(bytes);
  }
}
