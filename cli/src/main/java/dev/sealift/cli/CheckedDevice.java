// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.Mode;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Clock;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.News;
import dev.sealift.permit.Place;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.ReleaseMark;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Terms;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.VendorId;
import dev.sealift.suit.SuitDigest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A device as far as somebody describes it: what it is, what it runs, what it has heard.
final class CheckedDevice {
  @Option(
      names = "--root",
      paramLabel = "FILE",
      required = true,
      description = "the device's root of trust, signed or not")
  private @Nullable Path root;

  @Option(
      names = "--device",
      paramLabel = "NAME|FILE",
      defaultValue = "",
      description = "a device profile ('sealift virtual profiles'): its slots and its bootloader")
  private String profile = "";

  @Option(
      names = "--image-key",
      paramLabel = "FILE",
      description = "with --device: public key that its bootloader trusts")
  private @Nullable Path imageKey;

  @Mixin private KindOptions kind = new KindOptions();

  @Option(
      names = "--serial",
      paramLabel = "SERIAL|UUID",
      defaultValue = "1",
      description = "the device, by its serial number (default 1) or UUID")
  private String serial = "";

  @Option(
      names = "--deployment",
      paramLabel = "ID",
      defaultValue = "",
      description = "whose it is: a UUID, or DOMAIN/NAME; in none unless told")
  private String deployment = "";

  @Option(
      names = "--installed",
      paramLabel = "[EPOCH:]N",
      defaultValue = "",
      description = "sequence number of what it runs")
  private String installed = "";

  @Option(
      names = "--counter",
      paramLabel = "N",
      defaultValue = "0",
      description = "its security counter, default 0")
  private String counter = "";

  @Option(
      names = "--slot-size",
      paramLabel = "BYTES",
      defaultValue = "",
      description = "without a profile: room for an image, default 0x60000")
  private String slotSize = "";

  @Option(names = "--carry", description = "it takes along for others what is not for itself")
  private boolean carries;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "",
      description = "as if the root asked for that: open, bounded or strict")
  private String mode = "";

  @Option(
      names = "--heard",
      paramLabel = "FILE",
      description = "the newest beacon that it has taken before")
  private @Nullable Path heard;

  @Option(
      names = "--nonce",
      paramLabel = "HEX",
      defaultValue = "",
      description = "a nonce that it waits for")
  private String nonce = "";

  @Option(
      names = "--now",
      paramLabel = "TIME",
      defaultValue = "",
      description = "the time as its server has told it; it knows none unless told")
  private String now = "";

  /// Its facts and its state, and what kind of device it is where that is known.
  record Known(DeviceFacts facts, TrustState state, Optional<DeviceProfile> profile) {}

  /// What may be wrong with the description rather than with the release.
  Optional<String> doubt(Refusal refusal) {
    if (refusal == Refusal.R11 && deployment.isEmpty()) {
      return Optional.of("--deployment says whose device it is");
    }
    if (refusal == Refusal.R10 && serial.equals("1")) {
      return Optional.of("asked of the device with serial number 1; --serial asks another");
    }
    return refusal == Refusal.R16 && heard == null && nonce.isEmpty()
        ? Optional.of("--heard says what news it has, --nonce what it waits for")
        : Optional.empty();
  }

  /// `candidate` is the release that it is asked about: what it runs under that number is taken to
  /// be that.
  Known known(Instant instant, ReleaseMark candidate) {
    Root trusted = trusted();
    Optional<DeviceProfile> kind = kind();
    DeviceFacts.Identity identity = identity(kind);
    Clock clock = Clock.UNKNOWN;
    if (!now.isEmpty()) {
      clock = clock.proven(Times.moment("--now", now, instant));
    }
    DeviceFacts facts =
        DeviceFacts.of(identity, new DeviceFacts.Room(roomWithoutProfile(), counterNumber()))
            .at(clock)
            .carrying(carries ? DeviceFacts.Carrying.WILLING : DeviceFacts.Carrying.NEVER);
    if (kind.isPresent()) {
      facts = facts.withPlaces(places(kind.get()));
    }
    if (!nonce.isEmpty()) {
      facts =
          facts.withNonces(
              Map.of(Hex.parse("--nonce", nonce, Beacon.NONCE_BYTES), DeviceFacts.NonceLife.OPEN));
    }
    return new Known(facts, state(trusted, identity, candidate), kind);
  }

  private Root trusted() {
    Root found = Roots.read(Given.required(root));
    if (mode.isEmpty()) {
      return found;
    }
    Terms terms = found.terms();
    Terms.Freshness freshness =
        new Terms.Freshness(
            RootOptions.mode("--mode", mode),
            terms.freshness().timeJumpMax(),
            terms.freshness().numberJumpMax());
    try {
      return new Root(
          found.version(),
          found.epoch(),
          found.roles(),
          found.keys(),
          found.policy(),
          new Terms(terms.time(), freshness, terms.crowds(), terms.confirmation(), terms.tries()));
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--mode %s with this root: %s".formatted(mode, e.getMessage()));
    }
  }

  private Optional<DeviceProfile> kind() {
    if (profile.isEmpty()) {
      if (imageKey != null) {
        throw Failure.usage("--image-key is for --device");
      }
      return Optional.empty();
    }
    if (!slotSize.isEmpty()) {
      throw Failure.usage("--slot-size is for a device without a profile");
    }
    DeviceProfile read = Profiles.read(profile);
    if (imageKey == null) {
      return Optional.of(read);
    }
    VerifyingKey key = Keys.readPublic(imageKey);
    return Optional.of(
        read.trusting(new dev.sealift.boot.Trust.Signatures(key.type(), List.of(key))));
  }

  private DeviceFacts.Identity identity(Optional<DeviceProfile> known) {
    Optional<VendorId> whose = kind.vendor(known);
    if (whose.isEmpty()) {
      throw Failure.usage("give --vendor, or a profile that says it");
    }
    Optional<ClassId> which = kind.deviceClass(known, whose.get());
    Optional<DeploymentId> in =
        deployment.isEmpty()
            ? Optional.empty()
            : Optional.of(Identity.deployment("--deployment", deployment));
    DeviceId device = Identity.device(whose.get(), serial);
    return new DeviceFacts.Identity(
        whose.get(),
        which.orElseThrow(() -> Failure.usage("give --class, or a profile that says it")),
        device,
        number(serial),
        in);
  }

  /// For stages by serial number, where the serial number is one.
  private static OptionalLong number(String serial) {
    return serial.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(serial))
        : OptionalLong.empty();
  }

  private long roomWithoutProfile() {
    return slotSize.isEmpty() ? 0x6_0000 : Numbers.parse("--slot-size", slotSize, 1, 0x4000_0000L);
  }

  private long counterNumber() {
    return Numbers.parse("--counter", counter, 0, 0xffff_ffffL);
  }

  /// Where an update may go; of images that run where they lie, slot 0 is in use.
  private SortedMap<Place, DeviceFacts.Room> places(DeviceProfile kind) {
    SortedMap<Place, DeviceFacts.Room> places = new TreeMap<>();
    for (int image = 0; image < kind.boot().images().size(); image++) {
      Place place =
          kind.boot().mode() instanceof Mode.DirectXip
              ? Place.ofSlot(image, 1)
              : Place.ofImage(image);
      places.put(place, new DeviceFacts.Room(kind.boot().imageSizeMax(image), counterNumber()));
    }
    return places;
  }

  private TrustState state(Root trusted, DeviceFacts.Identity identity, ReleaseMark candidate) {
    TrustState fresh = TrustState.fresh(trusted);
    Optional<ReleaseMark> mark =
        installed.isEmpty()
            ? Optional.empty()
            : Optional.of(mark(Sequences.parse("--installed", installed), candidate));
    Optional<Signed<Beacon>> known = Optional.ofNullable(heard).map(SignedFiles::beacon);
    Optional<News> news =
        known.map(Signed::content).map(beacon -> news(beacon, identity.deviceClass()));
    return new TrustState(
        trusted,
        mark,
        mark,
        Optional.empty(),
        news,
        Math.max(fresh.timeFloor(), news.map(News::time).orElse(0L)),
        fresh.serials(),
        new TreeSet<>(known.map(signed -> signed.content().denied()).orElse(List.of())),
        Optional.empty());
  }

  /// The digest of another release is not known here: none of ours equals it.
  private static ReleaseMark mark(SequenceNumber sequence, ReleaseMark candidate) {
    return sequence.equals(candidate.sequence())
        ? candidate
        : new ReleaseMark(sequence, SuitDigest.of(Bytes.EMPTY));
  }

  private static News news(Beacon beacon, ClassId deviceClass) {
    return new News(
        beacon.number(),
        beacon.time(),
        beacon.lifetime(),
        beacon.rootVersion(),
        beacon.standing(deviceClass).map(Beacon.Standing::floor),
        beacon.standing(deviceClass),
        Optional.empty());
  }
}
