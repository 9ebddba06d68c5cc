// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import java.time.Duration;

/// How to wait for the answer to a request: how long a sound device may work on it, and whether a
/// request without an answer may be sent again. Asking again before the work can be done would only
/// have it done twice.
public record Patience(Duration work, Repeat repeat) {
  /// What to do when no answer came.
  public enum Repeat {
    /// To do it twice is to do it once.
    AGAIN,
    /// Nobody can tell whether it was done, and doing it twice is not the same.
    NEVER
  }

  /// A look at what the device knows anyway.
  public static final Patience SHORT = new Patience(Duration.ofMillis(500), Repeat.AGAIN);

  /// Some pages of flash.
  public static final Patience PAGES = new Patience(Duration.ofSeconds(5), Repeat.AGAIN);

  /// A whole slot or partition: other clients wait as long.
  public static final Patience ERASE = new Patience(Duration.ofSeconds(40), Repeat.AGAIN);

  /// Something that happens each time it is asked for, and takes its time.
  public static final Patience ONCE = new Patience(Duration.ofSeconds(10), Repeat.NEVER);

  public Patience {
    if (work.isNegative() || work.isZero()) {
      throw new IllegalArgumentException("no time to work: " + work);
    }
  }
}
