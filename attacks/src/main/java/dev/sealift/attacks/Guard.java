// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.permit.Check;
import java.util.Locale;

/// Something that can stop an attack, and that a control can leave out.
public sealed interface Guard {
  /// A check of the device's agent.
  record OfAgent(Check check) implements Guard {
    @Override
    public String words() {
      return "agent: " + said(check);
    }
  }

  /// What the bootloader is built to insist on.
  enum OfBootloader implements Guard {
    IMAGE_SIGNATURE,
    /// The vendor and the class that an image names.
    IMAGE_CLASS,
    /// It remembers the highest security counter it has run.
    COUNTER_IN_DEVICE,
    /// It looks at the whole image at every start.
    PRIMARY_CHECK;

    @Override
    public String words() {
      return "bootloader: " + said(this);
    }
  }

  /// What the people who sign releases do first.
  enum OfSigner implements Guard {
    /// They compare with what they have built themselves.
    OWN_BUILD;

    @Override
    public String words() {
      return "signer: " + said(this);
    }
  }

  /// Who guards what, for people.
  String words();

  private static String said(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
