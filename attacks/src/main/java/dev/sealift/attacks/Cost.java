// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.FlashOperation;

/// What an attack makes a device do: wear of its flash, and signatures that it verifies.
public record Cost(long bytesWritten, long sectorsErased, long countersRaised, long verifications) {
  public static final Cost NONE = new Cost(0, 0, 0, 0);

  Cost plus(FlashOperation operation) {
    return switch (operation) {
      case FlashOperation.Programmed(_, var data) ->
          new Cost(bytesWritten + data.size(), sectorsErased, countersRaised, verifications);
      case FlashOperation.Erased _ ->
          new Cost(bytesWritten, sectorsErased + 1, countersRaised, verifications);
      case FlashOperation.CounterRaised _ ->
          new Cost(bytesWritten, sectorsErased, countersRaised + 1, verifications);
      case FlashOperation.Cut _ -> this;
    };
  }

  Cost verifying(long signatures) {
    return new Cost(bytesWritten, sectorsErased, countersRaised, signatures);
  }

  boolean touchesFlash() {
    return bytesWritten > 0 || sectorsErased > 0 || countersRaised > 0;
  }

  public String words() {
    return "%d bytes written, %d sectors erased, %d counters raised, %d signatures verified"
        .formatted(bytesWritten, sectorsErased, countersRaised, verifications);
  }
}
