// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.Optional;

/// Group 6: the two halves of a split image of Mynewt.
public final class Split {
  private Split() {}

  /// Asks how the halves stand.
  public record Status() implements Request<StatusReply> {
    @Override
    public CommandKey command() {
      return Command.SPLIT_STATUS.key();
    }

    @Override
    public StatusReply reply(CborFields answer) throws MalformedException {
      return StatusReply.of(answer);
    }
  }

  /// Whether both run, and whether they belong together, as numbers of Mynewt.
  public record StatusReply(Optional<Long> mode, Optional<Long> status) implements Reply {
    static StatusReply of(CborFields in) throws MalformedException {
      return new StatusReply(in.optionalInteger("splitMode"), in.optionalInteger("splitStatus"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      mode.ifPresent(value -> out.put("splitMode", value));
      status.ifPresent(value -> out.put("splitStatus", value));
      return out.build();
    }
  }

  /// Chooses what runs.
  public record SetStatus(Optional<Long> mode) implements Request<Reply.Nothing> {
    static SetStatus of(CborFields in) throws MalformedException {
      return new SetStatus(in.optionalInteger("splitMode"));
    }

    @Override
    public CommandKey command() {
      return Command.SPLIT_STATUS_SET.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      mode.ifPresent(value -> out.put("splitMode", value));
      return out.build();
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }
}
