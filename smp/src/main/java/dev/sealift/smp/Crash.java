// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;

/// Group 5: makes a device of Mynewt crash, to see what it does then.
public final class Crash {
  private Crash() {}

  /// Crashes in one of the ways that the device knows: `div0`, `jump0`, `ref0`, `assert`, `wdog`.
  public record Trigger(String way) implements Request<Reply.Nothing> {
    static Trigger of(CborFields in) throws MalformedException {
      return new Trigger(in.text("t"));
    }

    @Override
    public CommandKey command() {
      return Command.CRASH_TRIGGER.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("t", way).build();
    }

    @Override
    public Patience patience() {
      return Patience.ONCE;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }
}
