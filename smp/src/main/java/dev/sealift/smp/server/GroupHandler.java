// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Answer;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;

/// The server side of a group that the server itself knows nothing of: the device's business.
public interface GroupHandler {
  /// Answers a request of the group; anything but a command of this group never comes here.
  Response handle(LinkId link, Request<?> request);

  /// What to answer.
  sealed interface Response {
    record Done(Reply reply) implements Response {}

    record Refused(Answer.Reason reason) implements Response {}
  }
}
