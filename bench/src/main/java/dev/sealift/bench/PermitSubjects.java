// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootPolicy;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.DeviceProfile.SmpBuffers;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.Mode;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.Surroundings;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Checks;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Decision;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.PermitCheck;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Targets;
import dev.sealift.permit.Terms;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.VendorId;
import dev.sealift.permit.Verdict;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.SuitVersion;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.UdpLink;
import dev.sealift.transport.UdpListener;
import dev.sealift.update.Gate;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is measured of permits: a whole bundle judged, and an upload through the gate. All keys are
/// ESP256.
final class PermitSubjects {
  private static final int KIB = 1024;
  private static final int SLOT_SIZE = 512 * KIB;
  private static final int STORAGE_SIZE = 24 * KIB;
  private static final int SECTOR_SIZE = 4 * KIB;
  private static final int PAYLOAD_SIZE = 300 * KIB;
  private static final int HEADER_SIZE = 512;

  /// When the root was made, in seconds since 1970.
  private static final long TIME = 1_790_000_000L;

  /// 500 a second.
  private static final Duration CHECK_AIM = Duration.ofMillis(2);

  private final SecureRandom random;
  private final List<CoseKeyPair> keys;
  private final LocalKey imageKey;
  private final VendorId vendor = VendorId.ofDomain("acme.example");
  private final ClassId deviceClass = ClassId.of(vendor, "bench");
  private final DeploymentId deployment = DeploymentId.of("operator.example", "plant");
  private final Root root;
  private final Bytes file;
  private final Bundle bundle;

  PermitSubjects(SecureRandom random) {
    this.random = random;
    this.imageKey = LocalKey.generate(KeyType.ECDSA_P256, random);
    this.keys =
        Stream.generate(() -> CoseKeyPair.generate(CoseAlgorithm.ESP256, random)).limit(6).toList();
    this.root =
        new Root(
            1,
            1,
            Map.of(
                Role.ROOT, new Root.Grant(1, List.of(0), Optional.empty()),
                Role.RELEASE, new Root.Grant(2, List.of(1, 2, 3), Optional.empty()),
                Role.APPROVE, new Root.Grant(1, List.of(4), Optional.empty()),
                Role.FRESHNESS, new Root.Grant(1, List.of(5), Optional.empty())),
            keys.stream().map(CoseKeyPair::publicKey).toList(),
            List.of(Set.of(Role.RELEASE, Role.APPROVE)),
            Terms.standard(TIME, Terms.Freshness.Mode.BOUNDED));
    Image image = image();
    this.file = image.write();
    this.bundle = bundle(image);
  }

  /// Two release signatures, an endorsement and a beacon, on a device that has heard nothing yet.
  Subject bundleCheck() {
    Bytes bytes = bundle.encode();
    DeviceFacts facts =
        DeviceFacts.of(
            new DeviceFacts.Identity(
                vendor,
                deviceClass,
                DeviceId.of(vendor, "1"),
                OptionalLong.of(1),
                Optional.of(deployment)),
            new DeviceFacts.Room(SLOT_SIZE, 0));
    TrustState state = TrustState.fresh(root);
    PlainWork plain = new PlainWork(bytes, random);
    return new Subject(
        "bundle-check",
        "a 2-of-3 release with endorsement and beacon judged, %d bytes".formatted(bytes.size()),
        Optional.of(CHECK_AIM),
        Task.of(() -> installed(PermitCheck.decide(bytes, facts, state, Checks.all()))),
        new Subject.Yardstick(
            "four signature checks",
            Task.of(
                () -> {
                  plain.hashAndCheck();
                  plain.hashAndCheck();
                  plain.hashAndCheck();
                  return plain.hashAndCheck();
                })));
  }

  private static Decision installed(Decision decision) {
    if (!(decision.verdict() instanceof Verdict.Install)) {
      throw new IllegalStateException("our own bundle got " + decision.verdict());
    }
    return decision;
  }

  /// 300 KiB into a virtual device over UDP on this machine; the other way is the same device
  /// without a root. Its sockets stay open as long as the program runs.
  Subject uploadThroughGate() {
    Upload guarded = new Upload(Optional.of(root));
    Upload open = new Upload(Optional.empty());
    return new Subject(
        "upload-gate",
        "a 300 KiB upload over UDP under an accepted permit, no flash times",
        Optional.empty(),
        new Task(guarded::begin, guarded::run),
        new Subject.Yardstick(
            "the same upload into a device without a root", new Task(open::begin, open::run)));
  }

  private final class Upload {
    private final VirtualDevice device;
    private final SmpClient client;
    private final FlashSnapshot start;

    Upload(Optional<Root> trusted) {
      DeviceSetup setup = setup(trusted);
      device =
          VirtualDevice.of(setup.deployed(deployment), Surroundings.of(System::nanoTime, random));
      device.flash().lay(0, image().write());
      client = client(device);
      device.powerOn();
      if (trusted.isPresent()) {
        permitted();
      }
      start = device.flash().snapshot();
    }

    private static SmpClient client(VirtualDevice device) {
      try {
        UdpListener listener =
            UdpListener.open(
                InetAddress.getLoopbackAddress(),
                0,
                device.setup().smp().bufferCount(),
                device::receive);
        return new SmpClient(UdpLink.open(listener.target()), System::nanoTime);
      } catch (IOException e) {
        throw new IllegalStateException("this machine has no UDP", e);
      }
    }

    private void permitted() {
      try {
        SmpClient.Delivery delivery =
            client.upload(
                new ChunkedContent.PermitBundle(bundle.encode()), client.frame(), (_, _) -> {});
        if (device.stage().filter(Gate.Stage.ACCEPTED::equals).isEmpty()) {
          throw new IllegalStateException("our own bundle ended with " + delivery);
        }
      } catch (IOException e) {
        throw new IllegalStateException("a device in memory cannot be reached", e);
      }
    }

    /// Back to the empty slot, the table brought.
    void begin() {
      device.flash().restore(start);
      device.powerOn();
      if (device.setup().root().isPresent()) {
        try {
          client.upload(
              new ChunkedContent.PermitTable(BlockTable.of(file).digests()),
              client.frame(),
              (_, _) -> {});
        } catch (IOException e) {
          throw new IllegalStateException("a device in memory cannot be reached", e);
        }
      }
    }

    SmpClient.Delivery run() {
      try {
        SmpClient.Delivery delivery =
            client.upload(new ChunkedContent.Image(file), client.frame(), (_, _) -> {});
        if (!(delivery instanceof SmpClient.Delivery.Delivered)) {
          throw new IllegalStateException("an upload ended with " + delivery);
        }
        return delivery;
      } catch (IOException e) {
        throw new IllegalStateException("a device in memory cannot be reached", e);
      }
    }
  }

  private DeviceSetup setup(Optional<Root> trusted) {
    return new DeviceSetup(
        new DeviceProfile(
            "bench",
            "virtual",
            new BootConfig(
                new Mode.SwapMove(),
                new FlashGeometry(2 * SLOT_SIZE + STORAGE_SIZE, SECTOR_SIZE, 4),
                new FlashArea(0, SLOT_SIZE),
                new FlashArea(SLOT_SIZE, SLOT_SIZE),
                BootConfig.MAX_ALIGN_DEFAULT,
                SLOT_SIZE / SECTOR_SIZE,
                BootPolicy.of(
                    new Trust.Signatures(KeyType.ECDSA_P256, List.of(imageKey.publicKey())))),
            FlashTimings.UNKNOWN,
            Optional.of(new FlashArea(2 * SLOT_SIZE, STORAGE_SIZE)),
            Optional.empty(),
            Optional.empty(),
            new SmpBuffers(512, 4)),
        vendor,
        deviceClass,
        trusted);
  }

  private Image image() {
    byte[] payload = new byte[PAYLOAD_SIZE];
    random.nextBytes(payload);
    try {
      return ImageSigner.sign(
          Bytes.owning(payload),
          SignOptions.of(
              ImageVersion.of(1, 0, 0),
              new SignOptions.HeaderRoom(HEADER_SIZE, SignOptions.Source.PREPENDED),
              SlotLayout.swap(SLOT_SIZE, 4)),
          imageKey.signing(random));
    } catch (SigningException e) {
      throw new IllegalStateException("our own image cannot be signed", e);
    }
  }

  private Bundle bundle(Image image) {
    Release release =
        Release.of(
            new Release.Target(vendor, deviceClass, new SequenceNumber(1, 2)),
            SuitVersion.of(1, 0, 0),
            List.of(
                Release.Part.of(
                    Place.ofImage(0), file, SuitDigest.sha256(image.hash().orElseThrow()), 0)));
    try {
      Bundle signed = Bundle.of(release).signedBy(keys.get(1)).signedBy(keys.get(2));
      SuitDigest digest = digest(signed.openEnvelope());
      Endorsement word =
          new Endorsement(
              digest,
              deployment,
              new Targets.All(),
              Optional.empty(),
              Optional.empty(),
              1,
              new ActivationRule.AtOnce());
      Beacon beacon =
          new Beacon(
              1,
              TIME,
              86_400,
              new TreeMap<>(
                  Map.of(
                      deviceClass.tag(),
                      new Beacon.Standing(
                          new SequenceNumber(1, 0),
                          new SequenceNumber(1, 2),
                          digest.value().first(Beacon.PREFIX_BYTES)))),
              1,
              Optional.empty(),
              List.of());
      return signed
          .withEndorsements(List.of(Signed.unsigned(word).signedBy(keys.get(4))))
          .withBeacon(Signed.unsigned(beacon).signedBy(keys.get(5)));
    } catch (MalformedException e) {
      throw new IllegalStateException("our own bundle cannot be read", e);
    }
  }

  private static SuitDigest digest(SuitEnvelope envelope) {
    return switch (envelope.digest()) {
      case SuitOutcome.Accepted<SuitDigest>(var digest) -> digest;
      case SuitOutcome.Refused<SuitDigest> refused -> throw new IllegalStateException("" + refused);
    };
  }
}
