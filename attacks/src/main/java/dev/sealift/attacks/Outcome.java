// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.Attack.Sight;
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

  /// The protocol itself takes no such thing, whoever asks, and not a byte has changed.
  record Denied() implements Outcome {
    @Override
    public String words() {
      return "denied by the protocol, nothing changed";
    }
  }

  /// The bootloader refuses the image for this reason, erases it and keeps the one that ran.
  record RefusedAtBoot(ImageRefusal refusal) implements Outcome {
    @Override
    public String words() {
      return "refused at boot (%s), the old image runs on".formatted(refusal.words());
    }
  }

  /// The bootloader starts nothing, for this reason: better no device than a foreign one.
  record NotStarted(ImageRefusal refusal) implements Outcome {
    @Override
    public String words() {
      return "not started (%s), not a byte changed".formatted(refusal.words());
    }
  }

  /// Everything goes on, and the device ends as one that nobody has touched.
  record Harmless() implements Outcome {
    @Override
    public String words() {
      return "harmless: the device ends as if nothing had been done";
    }
  }

  /// It cannot be prevented; the device tells whoever asks, and tells no such thing in peace.
  record Detected(String sign, Sight sight) implements Outcome {
    @Override
    public String words() {
      return "detected: " + sign;
    }
  }

  /// The root's policy lets it happen, and the device tells whoever asks what it went by.
  record Accepted(String policy, Sight told) implements Outcome {
    @Override
    public String words() {
      return "accepted by policy: " + policy;
    }
  }

  /// It goes on for as long as the attacker likes, and costs the device no more than this.
  record Bounded(String bound, Sight within) implements Outcome {
    @Override
    public String words() {
      return "bounded: " + bound;
    }
  }

  String words();

  /// In one word or two.
  default String brief() {
    return switch (this) {
      case RefusedWith(var refusal) -> refusal.toString();
      case Denied _ -> "denied";
      case RefusedAtBoot _ -> "at boot";
      case NotStarted _ -> "not started";
      case Harmless _ -> "harmless";
      case Detected _ -> "detected";
      case Accepted _ -> "by policy";
      case Bounded _ -> "bounded";
    };
  }
}
