// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Answer;
import dev.sealift.smp.Crash;
import dev.sealift.smp.Request;
import java.util.Set;

/// Group 5: crashes for whoever asks, in a way that the device knows. A device that has crashed
/// answers nothing; this one answers and restarts.
public record CrashService(Runnable restart) implements GroupHandler {
  private static final Set<String> WAYS = Set.of("div0", "jump0", "ref0", "assert", "wdog");

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Crash.Trigger(var way) -> crash(way);
      default -> Response.notSupported();
    };
  }

  private Response crash(String way) {
    if (!WAYS.contains(way)) {
      return Response.refused(Answer.ResultCode.INVALID);
    }
    restart.run();
    return Response.nothing();
  }
}
