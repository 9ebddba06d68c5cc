// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Place;
import java.util.List;
import java.util.Optional;

/// What shall be true of the device in the end: these images, this far. `release` is the digest of
/// the release that permits them, where there is one.
public record Wanted(List<Target> targets, Optional<Bytes> release, Ending ending) {
  /// An image by MCUboot's digest, and the place that it is made for.
  public record Target(Place place, Bytes hash) {}

  public Wanted {
    targets = List.copyOf(targets);
  }

  /// One image for image 0.
  public Wanted(Bytes imageHash, Optional<Bytes> release, Ending ending) {
    this(List.of(new Target(Place.ofImage(0), imageHash)), release, ending);
  }

  /// How far to go.
  public enum Ending {
    /// The images lie in their slots, not marked.
    STAGED,
    /// They are marked to boot on trial.
    MARKED,
    /// They run on trial.
    ON_TRIAL,
    /// They run and stay.
    CONFIRMED
  }
}
