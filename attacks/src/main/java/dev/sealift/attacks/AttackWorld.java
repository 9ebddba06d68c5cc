// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.Decryption;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Slot;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.Secret;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.Surroundings;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.Image;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.KeyEncryptionKey;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Check;
import dev.sealift.permit.Checks;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.Signed;
import dev.sealift.permit.control.LeftOut;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.CoseKeyPair;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// One maker with an operator, their devices, and what others make who have no keys of theirs. Made
/// once, used by all rows.
public final class AttackWorld {
  private static final int TAIL_BYTES = 1024;

  /// Signatures in DER differ by a few bytes in size; a file of a given size is soon found.
  private static final int SIZE_TRIES_MAX = 64;

  private final SecureRandom random;
  private final People people;
  private final KeyEncryptionKey deviceKey;
  private final LocalKey foreignKey;
  private final List<CoseKeyPair> delegates;
  private final Map<Shape, Catalogue> catalogues = new EnumMap<>(Shape.class);
  private final Map<SuitDigest, Signed<Endorsement>> approvals = new HashMap<>();
  private final Map<Long, Signed<Beacon>> beacons = new HashMap<>();
  private final Map<String, Edition> made = new HashMap<>();
  private final Edition foreign;
  private final Edition lookalike;
  private final Bytes garbage;
  private final Bytes tail;

  public AttackWorld(SecureRandom random) {
    this.random = random;
    people = new People(random);
    deviceKey = KeyEncryptionKey.of(Secret.of(bytes(16).toArray()));
    delegates = List.of(people.stranger(), people.stranger());
    foreignKey = LocalKey.generate(KeyType.ECDSA_P256, random);
    for (Shape shape : Shape.values()) {
      catalogues.put(shape, Catalogue.of(shape, people, deviceKey));
    }
    foreign = Edition.of(foreignBuild(), random, List.of(people.stranger(), people.stranger()));
    lookalike = sizedLikeHonest();
    Bytes honest = catalogue(Shape.ONE_IMAGE).honest().file();
    garbage = honest.first(ImageHeader.SIZE).plus(bytes(honest.size() - ImageHeader.SIZE));
    tail = bytes(TAIL_BYTES);
  }

  People people() {
    return people;
  }

  Catalogue catalogue(Shape shape) {
    return Objects.requireNonNull(catalogues.get(shape), "every shape has its releases");
  }

  SecureRandom random() {
    return random;
  }

  /// Two keys that the maker may let speak for a part.
  List<CoseKeyPair> delegates() {
    return delegates;
  }

  /// What somebody without the maker's image key builds, numbered to look newest.
  Build foreignBuild() {
    return Build.of(people, 99, 9, 9, 10_000).by(foreignKey);
  }

  /// Image and release made by somebody with keys of their own.
  Edition foreign() {
    return foreign;
  }

  /// An image by somebody else, of exactly the size of the honest one.
  Edition lookalike() {
    return lookalike;
  }

  /// The header of the honest image and then noise, of the same size.
  Bytes garbage() {
    return garbage;
  }

  /// What somebody would like to see behind an image.
  Bytes tail() {
    return tail;
  }

  private Edition sizedLikeHonest() {
    int wanted = catalogue(Shape.ONE_IMAGE).honest().file().size();
    for (int i = 0; i < SIZE_TRIES_MAX; i++) {
      Image image = foreignBuild().image(random);
      if (image.write().size() == wanted) {
        return Edition.of(foreignBuild(), image, List.of(people.stranger(), people.stranger()));
      }
    }
    throw new IllegalStateException("no image of %d bytes came out".formatted(wanted));
  }

  /// Something that is made once, for all the runs of a row.
  Edition made(String name, Supplier<Edition> how) {
    Optional<Edition> known = Optional.ofNullable(made.get(name));
    Edition edition = known.orElseGet(how);
    made.put(name, edition);
    return edition;
  }

  /// The operators' word for all their devices; said once, so that it is always the same bytes.
  Signed<Endorsement> approval(Edition edition) {
    return approvals.computeIfAbsent(
        edition.digest(), _ -> people.approved(people.endorsement(edition)));
  }

  /// The beacon of that day, likewise.
  Signed<Beacon> news(long day) {
    return beacons.computeIfAbsent(day, _ -> people.said(people.news(day)));
  }

  Bytes bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return Bytes.owning(bytes);
  }

  // Devices.

  DeviceSetup setup(Victim victim, long serial, Set<Guard> leftOut) {
    return new DeviceSetup(
            victim.shape().profile(policy(victim.shape(), leftOut)),
            people.vendor(),
            people.deviceClass(),
            victim.policy().map(people::root))
        .numbered(serial)
        .deployed(people.north())
        .with(victim.carrying());
  }

  /// A device fresh from the factory, running, with those guards left out.
  VirtualDevice device(Victim victim, long serial, Set<Guard> leftOut, Surroundings surroundings) {
    EnumSet<Check> checks = EnumSet.noneOf(Check.class);
    for (Guard guard : leftOut) {
      if (guard instanceof Guard.OfAgent(var check)) {
        checks.add(check);
      }
    }
    VirtualDevice device =
        new VirtualDevice(
            setup(victim, serial, leftOut), Checks.without(new LeftOut(checks)), surroundings);
    List<Image> factory = catalogue(victim.shape()).factory();
    for (int image = 0; image < victim.shape().imageCount(); image++) {
      FlashArea primary = device.setup().boot().area(image, Slot.PRIMARY);
      device.flash().lay(primary.start(), factory.get(image).write());
    }
    if (victim.shape() == Shape.VARIANTS) {
      // In this mode the image of the factory is confirmed before the first start.
      new ImageMarks(device.setup().boot())
          .choose(device.flash(), Slot.PRIMARY, ImageMarks.Stay.FOR_GOOD);
    }
    device.powerOn();
    return device;
  }

  private BootPolicy policy(Shape shape, Set<Guard> leftOut) {
    BootPolicy policy =
        BootPolicy.of(
            leftOut.contains(Guard.OfBootloader.IMAGE_SIGNATURE)
                ? new Trust.HashOnly()
                : new Trust.Signatures(KeyType.ECDSA_P256, List.of(people.imageKey().publicKey())));
    if (!leftOut.contains(Guard.OfBootloader.IMAGE_CLASS)) {
      policy = policy.identified(people.vendor().bytes(), people.deviceClass().bytes());
    }
    // One counter for a device of several images would hold back all but one of them.
    if (!leftOut.contains(Guard.OfBootloader.COUNTER_IN_DEVICE) && shape.imageCount() == 1) {
      policy = policy.with(BootPolicy.Rollback.COUNTER_IN_DEVICE);
    }
    if (leftOut.contains(Guard.OfBootloader.PRIMARY_CHECK)) {
      policy = policy.with(BootPolicy.PrimaryCheck.MAGIC_ONLY);
    }
    return shape == Shape.ENCRYPTED
        ? policy.with(
            new Decryption.With(
                deviceKey,
                EncryptionScheme.AES_KW,
                ContentKeySize.AES_128,
                Decryption.Kept.CONTENT_KEY))
        : policy;
  }
}
