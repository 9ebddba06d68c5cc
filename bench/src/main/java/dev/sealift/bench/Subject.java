// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import java.time.Duration;
import java.util.Optional;

/// Something whose time matters, and the plain work it is compared with. The aim is for the median
/// on a machine of today.
public record Subject(
    String name, String what, Optional<Duration> aim, Task work, Yardstick yardstick) {

  /// Plain work that nobody could do without.
  public record Yardstick(String what, Task work) {}
}
