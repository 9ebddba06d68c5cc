// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.ImageRefusal;
import dev.sealift.permit.Refusal;

/// How an attack must end on a device with all its guards.
public sealed interface Outcome {
  /// The agent refuses with this number, takes nothing, and not a byte has changed.
  record RefusedWith(Refusal refusal) implements Outcome {
    @Override
    public String words() {
      return "refused with %s (%s), nothing changed".formatted(refusal, refusal.code());
    }
  }

  /// The bootloader refuses the image for this reason, erases it and keeps the one that ran.
  record RefusedAtBoot(ImageRefusal refusal) implements Outcome {
    @Override
    public String words() {
      return "refused at boot (%s), the old image runs on".formatted(refusal.words());
    }
  }

  /// Everything goes on, and the device ends as one that nobody has touched.
  record Harmless() implements Outcome {
    @Override
    public String words() {
      return "harmless: the device ends as if nothing had been done";
    }
  }

  String words();
}
