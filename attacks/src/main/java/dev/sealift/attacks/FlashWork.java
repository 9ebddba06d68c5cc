// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.FlashOperation;

/// What a device did to its flash in a time: the wear that an attacker can cause.
public record FlashWork(long bytesWritten, long sectorsErased, long countersRaised) {
  public static final FlashWork NONE = new FlashWork(0, 0, 0);

  FlashWork plus(FlashOperation operation) {
    return switch (operation) {
      case FlashOperation.Programmed(_, var data) ->
          new FlashWork(bytesWritten + data.size(), sectorsErased, countersRaised);
      case FlashOperation.Erased _ ->
          new FlashWork(bytesWritten, sectorsErased + 1, countersRaised);
      case FlashOperation.CounterRaised _ ->
          new FlashWork(bytesWritten, sectorsErased, countersRaised + 1);
      case FlashOperation.Cut _ -> this;
    };
  }

  public String words() {
    return "%d bytes written, %d sectors erased, %d counters raised"
        .formatted(bytesWritten, sectorsErased, countersRaised);
  }
}
