// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.Attack.Goal;
import dev.sealift.bytes.Bytes;
import java.util.function.Function;

/// What attackers are after more than once.
final class Goals {
  private Goals() {}

  static Goal inSlot(String whose, Function<Scene, Bytes> file) {
    return new Goal(whose + " lies in the slot", scene -> scene.holdsPageOf(file.apply(scene)));
  }

  /// A release's first image.
  static Goal released(String whose, Function<Scene, Edition> edition) {
    return inSlot(whose, scene -> edition.apply(scene).file());
  }

  static Goal runs(String whose, Function<Scene, Edition> edition) {
    return new Goal(whose + " runs", scene -> scene.runs(edition.apply(scene).image()));
  }

  /// What was signed is in use, as far as its bytes were ever needed.
  static Goal erased() {
    return new Goal(
        "what lies in the other slot is gone",
        scene ->
            scene.secondary(0).isFilledWith(scene.device().setup().boot().flash().erasedValue()));
  }
}
