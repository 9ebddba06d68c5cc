// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.util.Optional;

/// What a device without a clock knows of the time, in seconds since 1970. `floor` is the latest
/// time that anybody trusted has ever said; the others count on from what was said since the last
/// start: `heard` from a beacon, which may be old, `proven` from the answer to a nonce or from a
/// server over an authenticated link.
public record Clock(long floor, Optional<Long> heard, Optional<Long> proven) {
  /// Nothing was ever heard.
  public static final Clock UNKNOWN = new Clock(0, Optional.empty(), Optional.empty());

  public static Clock of(long floor) {
    return new Clock(floor, Optional.empty(), Optional.empty());
  }

  public Clock proven(long time) {
    return new Clock(floor, heard, Optional.of(time));
  }

  /// It is later than this for certain.
  public long atLeast() {
    return Math.max(floor, Math.max(heard.orElse(0L), proven.orElse(0L)));
  }

  /// The best guess, only where something was heard since the last start.
  public Optional<Long> guess() {
    return proven.or(() -> heard);
  }

  Clock notBefore(long time) {
    return new Clock(Math.max(floor, time), heard, proven);
  }
}
