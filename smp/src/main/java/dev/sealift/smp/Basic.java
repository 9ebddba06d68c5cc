// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;

/// Group 63, Zephyr's basic commands.
public final class Basic {
  private Basic() {}

  /// Asks for the storage partition to be erased: all that the device keeps beside its images.
  public record EraseStorage() implements Request<Reply.Nothing> {
    @Override
    public Command command() {
      return Command.BASIC_ERASE_STORAGE;
    }

    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }
}
