// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.ComponentId;
import java.util.Comparator;
import java.util.Optional;

/// Where the bytes of a part belong: to an image of the device, counted as MCUboot counts them,
/// and for an image that is linked for one slot to that slot alone (direct-XIP).
public record Place(int image, Optional<Integer> slot) implements Comparable<Place> {
  public static final int NUMBER_MAX = 0xff;

  public Place {
    if (image < 0 || image > NUMBER_MAX || slot.filter(n -> n < 0 || n > NUMBER_MAX).isPresent()) {
      throw new IllegalArgumentException("no place: image %d, slot %s".formatted(image, slot));
    }
  }

  /// Any slot of that image.
  public static Place ofImage(int image) {
    return new Place(image, Optional.empty());
  }

  public static Place ofSlot(int image, int slot) {
    return new Place(image, Optional.of(slot));
  }

  /// As the first part of a component's name: one byte for the image, a second one for the slot.
  Bytes segment() {
    return slot.map(number -> Bytes.ofInts(image, number)).orElseGet(() -> Bytes.ofInts(image));
  }

  static Optional<Place> of(ComponentId id) {
    Bytes segment = id.path().stream().findFirst().orElse(Bytes.EMPTY);
    return switch (segment.size()) {
      case 1 -> Optional.of(ofImage(segment.at(0)));
      case 2 -> Optional.of(ofSlot(segment.at(0), segment.at(1)));
      default -> Optional.empty();
    };
  }

  @Override
  public int compareTo(Place other) {
    return Comparator.comparingInt(Place::image)
        .thenComparingInt(place -> place.slot().orElse(-1))
        .compare(this, other);
  }

  @Override
  public String toString() {
    return slot.map(number -> "image %d, slot %d".formatted(image, number))
        .orElseGet(() -> "image " + image);
  }
}
