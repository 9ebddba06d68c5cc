// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.PowerCut;
import java.util.Optional;

/// What a device is fed from. Asked each time the power comes on: when will it fail?
@FunctionalInterface
public interface PowerSupply {
  PowerSupply STEADY = Optional::empty;

  Optional<PowerCut> next();
}
