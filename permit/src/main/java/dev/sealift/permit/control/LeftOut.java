// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit.control;

import dev.sealift.permit.Check;
import java.util.Set;

/// The checks that the control of an attack leaves out. Whoever can name this type can weaken a
/// device, so only the attacks can.
public record LeftOut(Set<Check> checks) {
  public LeftOut {
    checks = Set.copyOf(checks);
  }

  public static LeftOut of(Check... checks) {
    return new LeftOut(Set.of(checks));
  }
}
