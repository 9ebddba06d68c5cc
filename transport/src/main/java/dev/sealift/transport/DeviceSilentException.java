// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import java.io.IOException;
import java.time.Duration;

/// A device did not answer, or does not any more. The message names it and the time that was
/// waited.
public final class DeviceSilentException extends IOException {
  private static final long serialVersionUID = 1L;

  public DeviceSilentException(String target, Duration waited) {
    super("no answer from %s within %s".formatted(target, seconds(waited)));
  }

  private static String seconds(Duration waited) {
    return waited.toMillis() < 10_000
        ? "%d.%d s".formatted(waited.toSeconds(), waited.toMillisPart() / 100)
        : waited.toSeconds() + " s";
  }
}
