// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.image.Dependency;
import dev.sealift.image.ImageVersion;
import java.util.List;

/// What the images of one device ask of each other, by reading: each names in its protected TLVs
/// the lowest version of another image that it runs with. If one image would lack what it needs
/// after the updates that are asked for, none of them is done, and the requests stay.
///
/// A device of one image ignores dependencies, as the recordings show.
final class Dependencies {
  private Dependencies() {}

  static void review(List<ImageUpdate> updates) {
    if (updates.size() < 2 || updates.stream().noneMatch(Dependencies::moves)) {
      return;
    }
    for (ImageUpdate update : updates) {
      if (!isServed(moves(update) ? update.secondary() : update.primary(), updates)) {
        updates.stream()
            .filter(Dependencies::moves)
            .toList()
            .forEach(other -> other.drop(ImageRefusal.DEPENDENCY));
        return;
      }
    }
  }

  private static boolean moves(ImageUpdate update) {
    return update.taken().filter(SwapType::isUpgrade).isPresent();
  }

  private static boolean isServed(SlotImage image, List<ImageUpdate> updates) {
    for (Dependency dependency : image.dependencies()) {
      if (dependency.imageNumber() >= updates.size()) {
        return false;
      }
      ImageUpdate other = updates.get(dependency.imageNumber());
      ImageVersion version = (moves(other) ? other.secondary() : other.primary()).version();
      if (version.compareWithoutBuild(dependency.minimum()) < 0) {
        return false;
      }
    }
    return true;
  }
}
