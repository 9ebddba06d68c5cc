// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.GroupError;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import java.util.Optional;

/// The server side of one group.
@FunctionalInterface
public interface GroupHandler {
  /// Answers a request of the group; anything but a command of this group never comes here.
  Response handle(LinkId link, Request<?> request);

  /// What to answer.
  sealed interface Response {
    record Done(Reply reply) implements Response {}

    /// `more` are fields beside the reason: some refusals say more than their number.
    record Refused(Answer.Reason reason, CborMap more) implements Response {
      public Refused(Answer.Reason reason) {
        this(reason, CborMap.EMPTY);
      }
    }

    /// Done, with nothing to say.
    static Response nothing() {
      return new Done(new Reply.Nothing());
    }

    static Response refused(GroupError error) {
      return new Refused(error.reason());
    }

    /// Refused by a code of SMP itself.
    static Response refused(int code) {
      return new Refused(new Answer.Protocol(code, Optional.empty()));
    }

    static Response notSupported() {
      return refused(Answer.ResultCode.NOT_SUPPORTED);
    }
  }
}
