// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Answer.Reason;
import dev.sealift.smp.Images;

/// What Zephyr lets an application see and forbid, and no more: the connection before its bytes are
/// taken, each command by numbers, each upload chunk before anything is erased or written. Only the
/// first knows the link; none knows who is at its other end.
public interface Hooks {
  /// Whether a link may write at all: Bluetooth's GATT authorisation callback.
  Entry connection(LinkId link);

  /// MGMT_EVT_OP_CMD_RECV: group, command and operation, not the content.
  CommandVerdict command(int group, int command, int operation);

  /// MGMT_EVT_OP_IMG_MGMT_DFU_CHUNK: the decoded request, and the offset at which the server
  /// stands.
  ChunkVerdict chunk(Images.Upload chunk, long expectedOffset);

  /// Told, not asked: MGMT_EVT_OP_IMG_MGMT_DFU_STARTED, _STOPPED, _PENDING and _CONFIRMED.
  void notice(Notice notice);

  /// What happened in the image group.
  enum Notice {
    STARTED,
    STOPPED,
    COMPLETED,
    PENDING,
    CONFIRMED
  }

  /// The answer to a connection that wants to write.
  enum Entry {
    ALLOWED,
    /// Its bytes are dropped; it hears nothing.
    DENIED
  }

  /// The answer to a command.
  sealed interface CommandVerdict {
    record Proceed() implements CommandVerdict {}

    record Refuse(Reason reason) implements CommandVerdict {}
  }

  /// The answer to a chunk.
  sealed interface ChunkVerdict {
    record Proceed() implements ChunkVerdict {}

    /// The upload ends; what was written stays where it is.
    record Refuse(Reason reason) implements ChunkVerdict {}

    /// The chunk is dropped and the upload goes on from an earlier offset. On a real device the
    /// hook sets the offset of the image group's state and drops the stream's buffer.
    record RefuseAndRewind(Reason reason, long offset) implements ChunkVerdict {}

    /// Nothing of the chunk is taken, and the upload stands at `offset`: what lies before is in the
    /// slot already, in whole pages or all of it. The store must have said that it can go on from
    /// there. On a real device the hook sets the offset of the request and of the image group's
    /// state and empties the data, so nobody hears that an upload has started.
    record Resume(long offset) implements ChunkVerdict {
      public Resume {
        if (offset < 1) {
          throw new IllegalArgumentException("nothing to resume at offset " + offset);
        }
      }
    }
  }

  /// An ordinary Zephyr device: everything is let through.
  Hooks NONE =
      new Hooks() {
        @Override
        public Entry connection(LinkId link) {
          return Entry.ALLOWED;
        }

        @Override
        public CommandVerdict command(int group, int command, int operation) {
          return new CommandVerdict.Proceed();
        }

        @Override
        public ChunkVerdict chunk(Images.Upload chunk, long expectedOffset) {
          return new ChunkVerdict.Proceed();
        }

        @Override
        public void notice(Notice notice) {}
      };
}
