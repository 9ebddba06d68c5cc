// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.permit.Check;
import java.util.Locale;

/// Something on a device that can stop an attack, and that a control can leave out.
public sealed interface Guard {
  /// A check of the device's agent.
  record OfAgent(Check check) implements Guard {
    @Override
    public String words() {
      return "agent: " + check.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /// What the bootloader is built to insist on.
  enum OfBootloader implements Guard {
    IMAGE_SIGNATURE,
    /// It remembers the highest security counter it has run.
    COUNTER_IN_DEVICE;

    @Override
    public String words() {
      return "bootloader: " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /// Who guards what, for people.
  String words();
}
