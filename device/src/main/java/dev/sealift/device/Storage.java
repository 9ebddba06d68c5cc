// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashException;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Basic;
import dev.sealift.smp.Group;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.server.GroupHandler;
import dev.sealift.smp.server.LinkId;
import java.util.Optional;

/// Zephyr's basic group: erases the storage of a device for whoever asks. An agent keeps its memory
/// there, and therefore lets nobody ask.
record Storage(Flash flash, FlashArea area) implements GroupHandler {
  private static final int ERASE_FAILED = 4;

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Basic.EraseStorage _ -> erase();
      default -> refused(new Answer.Protocol(Answer.ResultCode.NOT_SUPPORTED, Optional.empty()));
    };
  }

  private Response erase() {
    int sector = flash.geometry().sectorSize();
    try {
      for (int at = area.start(); at < area.end(); at += sector) {
        flash.eraseSector(at);
      }
      return new Response.Done(new Reply.Nothing());
    } catch (FlashException _) {
      return refused(new Answer.OfGroup(Group.BASIC.number(), ERASE_FAILED));
    }
  }

  private static Response refused(Answer.Reason reason) {
    return new Response.Refused(reason);
  }
}
