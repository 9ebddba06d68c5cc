// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Images;
import java.io.IOException;
import java.util.Optional;

/// Part of a file as the chunks of an upload, for those who do not send all of it, or not in order.
/// The chunk at offset 0 opens an upload of the whole file.
record Chunks(Bytes file, int from, int to) {
  private static final int CHUNK_BYTES = 256;

  /// Less than this no server takes as the beginning of an image.
  private static final int HEADER_BYTES = 32;

  static Chunks of(Bytes file, int from, int to) {
    return new Chunks(file, from, Math.min(to, file.size()));
  }

  /// One after the other, up to the first that is not taken; what became of the last.
  Encounter sentBy(Attacker attacker) throws IOException {
    Encounter last = new Encounter("send nothing", new Reaction.Taken());
    for (int at = from; at < to; at += CHUNK_BYTES) {
      last = attacker.chunk("send chunks up to " + to, chunk(at, Math.min(at + CHUNK_BYTES, to)));
      if (!(last.reaction() instanceof Reaction.Taken)) {
        return last;
      }
    }
    return last;
  }

  /// The same, going on from where the device says that it stands.
  Encounter resumedBy(Attacker attacker) throws IOException {
    String tried = "upload up to " + to;
    int at = from;
    while (at < to) {
      int end = Math.max(HEADER_BYTES, Math.min(at + CHUNK_BYTES, to));
      switch (attacker.sendChunk(chunk(at, end))) {
        case Answer.Done<Images.UploadReply>(var reply) -> {
          if (reply.offset() <= at) {
            return new Encounter(tried, new Reaction.Denied("byte %d is due".formatted(at)));
          }
          at = Math.toIntExact(reply.offset());
        }
        case Answer.Refused<Images.UploadReply> refused -> {
          return new Encounter(tried, Reaction.of(refused));
        }
      }
    }
    return new Encounter(tried, new Reaction.Taken());
  }

  private Images.Upload chunk(int at, int end) {
    Bytes data = file.slice(at, end);
    return at == 0
        ? new Images.Upload(
            Optional.of(0L),
            Optional.of(data),
            Optional.of((long) file.size()),
            Optional.of(file.sha256()),
            Optional.empty(),
            Optional.empty())
        : Images.Upload.next(at, data);
  }
}
