// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.permit.DeviceFacts.Carrying;
import java.util.Optional;

/// A kind of device that is attacked: its flash, whom it follows, and what it does for others. One
/// without a policy has no agent.
public record Victim(Shape shape, Optional<Policy> policy, Carrying carrying) {
  /// A maker's own device.
  static final Victim OPEN = of(Shape.ONE_IMAGE, Policy.OPEN);

  /// One in an operator's hands.
  static final Victim MANAGED = of(Shape.ONE_IMAGE, Policy.MANAGED);

  static final Victim BOUNDED = of(Shape.ONE_IMAGE, Policy.BOUNDED);
  static final Victim STRICT = of(Shape.ONE_IMAGE, Policy.STRICT);

  /// One in an operator's hands that takes along for others what is not for itself.
  static final Victim CARRIER =
      new Victim(Shape.ONE_IMAGE, Optional.of(Policy.MANAGED), Carrying.WILLING);

  static final Victim TWO_IMAGES = of(Shape.TWO_IMAGES, Policy.OPEN);
  static final Victim VARIANTS = of(Shape.VARIANTS, Policy.OPEN);
  static final Victim ENCRYPTED = of(Shape.ENCRYPTED, Policy.OPEN);

  /// An ordinary Zephyr device.
  static final Victim STOCK = new Victim(Shape.ONE_IMAGE, Optional.empty(), Carrying.NEVER);

  private static Victim of(Shape shape, Policy policy) {
    return new Victim(shape, Optional.of(policy), Carrying.NEVER);
  }
}
