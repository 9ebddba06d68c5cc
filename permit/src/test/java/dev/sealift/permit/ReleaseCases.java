// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.SuitCommand;
import dev.sealift.suit.SuitManifest;
import java.util.Map;

/// What is released: for which devices and places, where in the order of releases, how large.
final class ReleaseCases {
  private final CaseList cases;
  private final World world;
  private final SequenceNumber sequence;

  private ReleaseCases(CaseList cases) {
    this.cases = cases;
    this.world = cases.world;
    this.sequence = world.release().sequence();
  }

  static void add(CaseList cases) {
    ReleaseCases releases = new ReleaseCases(cases);
    releases.devices();
    releases.places();
    releases.order();
    releases.tries();
    releases.images();
  }

  private void devices() {
    VendorId foreignVendor = VendorId.ofDomain("example.org");
    ClassId foreignClass = ClassId.of(world.vendor, "kettle");
    Place place = Place.ofImage(0);
    SuitManifest manifest = world.release().manifest();
    cases
        .brought(
            "another-vendor",
            world.signed(world.release(foreignVendor, world.deviceClass, place, sequence, 3)))
        .refuses(Refusal.R8);
    cases
        .brought(
            "no-vendor-condition",
            cases.signedManifest(
                CaseList.changedShared(
                    manifest,
                    commands -> CaseList.without(commands, SuitCommand.Condition.VENDOR_ID))))
        .refuses(Refusal.R8);
    cases
        .brought(
            "another-class",
            world.signed(world.release(world.vendor, foreignClass, place, sequence, 3)))
        .refuses(Refusal.R9);
    cases
        .brought(
            "no-class-condition",
            cases.signedManifest(
                CaseList.changedShared(
                    manifest,
                    commands -> CaseList.without(commands, SuitCommand.Condition.CLASS_ID))))
        .refuses(Refusal.R9);
  }

  private void places() {
    Place zero = Place.ofImage(0);
    Place one = Place.ofImage(1);
    DeviceFacts.Room room = new DeviceFacts.Room(100_000, 3);
    DeviceFacts twoCores = world.facts.withPlaces(Map.of(zero, room, one, room));
    DeviceFacts freeSlotOne = world.facts.withPlaces(Map.of(Place.ofSlot(0, 1), room));
    Bundle onOne = world.signed(world.release(world.vendor, world.deviceClass, one, sequence, 3));
    cases.brought("another-component", onOne).refuses(Refusal.R23);
    cases.brought("the-second-image-alone", onOne).to(twoCores).installs();
    Bundle both = world.signed(world.releaseOf(world.part(zero, 3), world.part(one, 3)));
    cases.brought("two-images-of-one-release", both).to(twoCores).installs();
    cases.brought("two-images-for-a-device-with-one", both).refuses(Refusal.R23);
    Bundle variants =
        world.signed(
            world.releaseOf(world.part(Place.ofSlot(0, 0), 3), world.part(Place.ofSlot(0, 1), 3)));
    cases.brought("a-variant-for-each-slot", variants).to(freeSlotOne).installs();
    Bundle slotZero = world.signed(world.releaseOf(world.part(Place.ofSlot(0, 0), 3)));
    cases.brought("linked-for-the-slot-that-runs", slotZero).to(freeSlotOne).refuses(Refusal.R23);
    cases.brought("linked-for-one-slot-where-any-will-do", slotZero).refuses(Refusal.R23);
    cases
        .brought("linked-for-no-slot-where-one-is-wanted", world.good())
        .to(freeSlotOne)
        .refuses(Refusal.R23);
  }

  private void order() {
    AcceptedPermit five = world.accepted();
    TrustState known = world.state.accepted(five);
    TrustState installed = world.state.installed(five);
    Bundle four = world.signed(world.release(new SequenceNumber(1, 4)));
    cases.brought("known-release-tried-again", world.good()).knowing(known).installs();
    cases.brought("installed-release-again", world.good()).knowing(installed).installs();
    cases
        .brought("sequence-one-higher", world.signed(world.release(new SequenceNumber(1, 6))))
        .knowing(installed)
        .installs();
    cases.brought("older-than-installed", four).knowing(installed).refuses(Refusal.R12);
    cases.brought("older-than-known", four).knowing(known).refuses(Refusal.R12);
    cases
        .brought("older-than-what-was-dropped", four)
        .knowing(known.dropped())
        .refuses(Refusal.R12);
    // T36: whatever was erased, the running image still says what it is.
    cases
        .brought("older-than-the-running-image-says", four)
        .to(world.facts.running(sequence))
        .refuses(Refusal.R12);
    cases
        .brought("as-old-as-the-running-image-says", world.good())
        .to(world.facts.running(sequence))
        .installs();
    cases
        .brought("epoch-before-the-root-s", world.signed(world.release(new SequenceNumber(0, 9))))
        .refuses(Refusal.R12);
    Bundle otherFive =
        world.signed(world.release(world.vendor, world.deviceClass, Place.ofImage(0), sequence, 4));
    cases
        .brought("another-manifest-for-the-known-number", otherFive)
        .knowing(known)
        .refuses(Refusal.R13);
    cases
        .brought("another-manifest-for-the-installed-number", otherFive)
        .knowing(installed)
        .refuses(Refusal.R13);
    cases
        .brought("epoch-after-the-root-s", world.signed(world.release(new SequenceNumber(2, 0))))
        .refuses(Refusal.R14);
    cases
        .brought(
            "highest-bit-of-the-sequence",
            world.signed(world.release(new SequenceNumber(1L << 31, 0))))
        .refuses(Refusal.R14);
  }

  private void tries() {
    AcceptedPermit five = world.accepted();
    TrustState twice = world.state.accepted(five).trying(five).trying(five);
    cases.brought("two-starts-that-failed", world.good()).knowing(twice).installs();
    cases
        .brought("three-starts-that-failed", world.good())
        .knowing(twice.trying(five))
        .refuses(Refusal.R12);
    cases
        .brought(
            "a-higher-release-after-three-failed-starts",
            world.signed(world.release(new SequenceNumber(1, 6))))
        .knowing(twice.trying(five))
        .installs();
  }

  private void images() {
    cases
        .brought(
            "security-counter-too-low",
            world.signed(
                world.release(world.vendor, world.deviceClass, Place.ofImage(0), sequence, 2)))
        .refuses(Refusal.R15);
    DeviceFacts.Room room = new DeviceFacts.Room(world.image.size(), 3);
    DeviceFacts.Room small = new DeviceFacts.Room(world.image.size() - 1L, 3);
    cases
        .brought("as-large-as-the-slot", world.good())
        .to(world.facts.withPlaces(Map.of(Place.ofImage(0), room)))
        .installs();
    cases
        .brought("larger-than-the-slot", world.good())
        .to(world.facts.withPlaces(Map.of(Place.ofImage(0), small)))
        .refuses(Refusal.R19);
    cases
        .brought(
            "the-second-image-larger-than-its-slot",
            world.signed(
                world.releaseOf(world.part(Place.ofImage(0), 3), world.part(Place.ofImage(1), 3))))
        .to(world.facts.withPlaces(Map.of(Place.ofImage(0), room, Place.ofImage(1), small)))
        .refuses(Refusal.R19);
  }
}
