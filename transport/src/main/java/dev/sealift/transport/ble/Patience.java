// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.time.Duration;

/// How long each step may take. `find` is for a device to be heard, `settle` how long another of
/// the same name is looked for, `pair` includes a person who types.
record Patience(
    Duration find,
    Duration settle,
    Duration connect,
    Duration services,
    Duration write,
    Duration pair) {
  static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(20),
          Duration.ofMillis(1500),
          Duration.ofSeconds(45),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(90));
}
