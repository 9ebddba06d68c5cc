// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a device knows of itself without trusting anyone. `runningSequence` is what the running
/// image says of itself in a protected field: a floor that no erased storage lowers.
public record DeviceFacts(
    Identity identity,
    SortedMap<Place, Room> places,
    Optional<SequenceNumber> runningSequence,
    Limits limits,
    Clock clock,
    Map<Bytes, NonceLife> nonces,
    Carrying carrying) {

  /// What a device is. `serial` is its number where it has one, for targets by serial number.
  public record Identity(
      VendorId vendor,
      ClassId deviceClass,
      DeviceId device,
      OptionalLong serial,
      Optional<DeploymentId> deployment) {}

  /// What a place takes: so many bytes of image, trailer left out, and no counter below this.
  public record Room(long bytes, long securityCounter) {}

  /// What it takes of signed things, in bytes.
  public record Limits(int bundleBytes, int rootBytes) {
    public static final Limits USUAL = new Limits(Bundle.BYTES_MAX, Root.BYTES_MAX);
  }

  /// Of a nonce that was given out and not answered yet.
  public enum NonceLife {
    OPEN,
    OVER
  }

  /// Whether it takes along for others what is not for itself.
  public enum Carrying {
    NEVER,
    WILLING
  }

  public DeviceFacts {
    places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
    nonces = Map.copyOf(nonces);
  }

  /// A device that has one slot for image 0 and the usual limits, and has heard nothing yet.
  public static DeviceFacts of(Identity identity, Room room) {
    return new DeviceFacts(
        identity,
        new TreeMap<>(Map.of(Place.ofImage(0), room)),
        Optional.empty(),
        Limits.USUAL,
        Clock.UNKNOWN,
        Map.of(),
        Carrying.NEVER);
  }

  public DeviceFacts at(Clock other) {
    return new DeviceFacts(identity, places, runningSequence, limits, other, nonces, carrying);
  }

  public DeviceFacts withNonces(Map<Bytes, NonceLife> others) {
    return new DeviceFacts(identity, places, runningSequence, limits, clock, others, carrying);
  }

  public DeviceFacts carrying(Carrying other) {
    return new DeviceFacts(identity, places, runningSequence, limits, clock, nonces, other);
  }

  public DeviceFacts withPlaces(Map<Place, Room> others) {
    return new DeviceFacts(
        identity, new TreeMap<>(others), runningSequence, limits, clock, nonces, carrying);
  }

  public DeviceFacts running(SequenceNumber sequence) {
    return new DeviceFacts(
        identity, places, Optional.of(sequence), limits, clock, nonces, carrying);
  }

  public DeviceFacts within(Limits others) {
    return new DeviceFacts(identity, places, runningSequence, others, clock, nonces, carrying);
  }
}
