// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.cbor.CborFields;

/// Group 63, Zephyr's basic commands.
public final class Basic {
  private Basic() {}

  /// Asks for the storage partition to be erased: all that the device keeps beside its images.
  public record EraseStorage() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.BASIC_ERASE_STORAGE.key();
    }

    @Override
    public Patience patience() {
      return Patience.ERASE;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }
}
