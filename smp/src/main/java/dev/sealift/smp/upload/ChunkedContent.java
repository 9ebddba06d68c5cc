// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.upload;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Files;
import dev.sealift.smp.FilesError;
import dev.sealift.smp.Images;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpHeader;
import java.util.Optional;

/// Content that goes to a device in chunks, by whichever command takes it. Knows how a chunk is
/// asked for and how far an answer says the device has come.
public sealed interface ChunkedContent {
  Bytes content();

  Request<? extends Reply> chunk(long offset, Bytes data);

  /// The offset in a reply to one of these chunks.
  long offset(Reply reply);

  /// What a refusal says of the progress, where it says anything: as if it were a reply.
  default Optional<Reply> progress(Answer.Refused<? extends Reply> refused) {
    return Optional.empty();
  }

  /// Whether the device forgets the upload at its end, so that the last chunk sent once more finds
  /// none.
  default boolean endsSession() {
    return false;
  }

  /// An image file, by image upload. The file's digest lets the device know it again.
  record Image(Bytes content, Bytes sha256, Optional<Integer> image) implements ChunkedContent {
    /// For image 0.
    public Image(Bytes content) {
      this(content, Optional.empty());
    }

    public Image(Bytes content, Optional<Integer> image) {
      this(content, content.sha256(), image);
    }

    @Override
    public Request<Images.UploadReply> chunk(long offset, Bytes data) {
      if (offset > 0) {
        return Images.Upload.next(offset, data);
      }
      Images.Upload first = Images.Upload.first(data, content.size(), sha256);
      return image.map(first::to).orElse(first);
    }

    @Override
    public long offset(Reply reply) {
      return reply instanceof Images.UploadReply upload ? upload.offset() : 0;
    }

    @Override
    public boolean endsSession() {
      return true;
    }
  }

  /// A file, by file write, from its beginning: nothing tells the device that what is there is the
  /// beginning of this one.
  record File(String name, Bytes content) implements ChunkedContent {
    @Override
    public Request<Files.WriteReply> chunk(long offset, Bytes data) {
      return new Files.Write(name, offset, lengthAt(offset, content), data);
    }

    @Override
    public long offset(Reply reply) {
      return reply instanceof Files.WriteReply write ? write.offset() : 0;
    }

    @Override
    public Optional<Reply> progress(Answer.Refused<? extends Reply> refused) {
      return due(refused).map(Files.WriteReply::new);
    }

    /// A chunk for the wrong place is refused with the right one.
    private static Optional<Long> due(Answer.Refused<? extends Reply> refused) {
      return refused.reason().equals(FilesError.BAD_OFFSET.reason())
              && refused.fields().get("len").orElse(CborInt.of(-1)) instanceof CborInt length
              && length.isLong()
              && length.toLong() >= 0
          ? Optional.of(length.toLong())
          : Optional.empty();
    }
  }

  /// The rest of a file whose first `from` bytes are on the device: whoever sends it has looked
  /// that they are the right ones. Offsets count from there.
  record FileRest(String name, Bytes content, long from) implements ChunkedContent {
    public FileRest {
      if (from <= 0) {
        throw new IllegalArgumentException("no rest of a file begins at " + from);
      }
    }

    @Override
    public Request<Files.WriteReply> chunk(long offset, Bytes data) {
      return new Files.Write(name, from + offset, Optional.empty(), data);
    }

    /// A device that has less than it had gives an offset out of range, which ends the upload.
    @Override
    public long offset(Reply reply) {
      long offset = reply instanceof Files.WriteReply write ? write.offset() - from : 0;
      return offset < 0 ? content.size() + 1L : offset;
    }

    @Override
    public Optional<Reply> progress(Answer.Refused<? extends Reply> refused) {
      return File.due(refused).filter(due -> due >= from).map(Files.WriteReply::new);
    }
  }

  /// A permit bundle.
  record PermitBundle(Bytes content) implements ChunkedContent {
    @Override
    public Request<Permits.PartReply> chunk(long offset, Bytes data) {
      return new Permits.Bundle(offset, data, lengthAt(offset, content));
    }

    @Override
    public long offset(Reply reply) {
      return reply instanceof Permits.PartReply part ? part.offset() : 0;
    }
  }

  /// The block table of one image of a permit. Every chunk names the image, so that none is taken
  /// for one of another table.
  record PermitTable(Bytes content, Optional<Integer> image) implements ChunkedContent {
    /// That of image 0.
    public PermitTable(Bytes content) {
      this(content, Optional.empty());
    }

    @Override
    public Request<Permits.PartReply> chunk(long offset, Bytes data) {
      return new Permits.Table(image, offset, data, lengthAt(offset, content));
    }

    @Override
    public long offset(Reply reply) {
      return reply instanceof Permits.PartReply part ? part.offset() : 0;
    }
  }

  /// A session permit.
  record SessionPermit(Bytes content) implements ChunkedContent {
    @Override
    public Request<Permits.SessionReply> chunk(long offset, Bytes data) {
      return new Permits.Session(offset, data, lengthAt(offset, content));
    }

    @Override
    public long offset(Reply reply) {
      return reply instanceof Permits.SessionReply session ? session.offset() : 0;
    }
  }

  /// The first chunk says how long the whole is.
  private static Optional<Long> lengthAt(long offset, Bytes content) {
    return offset == 0 ? Optional.of((long) content.size()) : Optional.empty();
  }

  /// The largest chunk at this offset whose whole packet fits `requestMax` bytes; all but the last
  /// are multiples of `align`, because some servers cut others.
  default Bytes dataAt(long offset, int requestMax, int align) {
    int from = Math.toIntExact(offset);
    int left = content().size() - from;
    int fixed = SmpHeader.SIZE + Cbor.encode(chunk(offset, Bytes.EMPTY).fields()).size() - 1;
    int room = requestMax - fixed;
    int size = room - headOf(room);
    if (size < 1) {
      throw new IllegalArgumentException(
          "a request of %d bytes has no room for data".formatted(requestMax));
    }
    if (size >= left) {
      return content().from(from);
    }
    int aligned = size / align * align;
    return content().slice(from, from + Math.max(1, aligned));
  }

  /// The size of the head of a CBOR byte string that fills `room` bytes with its head.
  private static int headOf(int room) {
    if (room <= 24) {
      return 1;
    }
    return room <= 257 ? 2 : 3;
  }
}
